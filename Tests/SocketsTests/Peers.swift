import Glibc
import Sockets
import Synchronization
import SystemPackage

extension Loopback {
    /// A TCP listener on a free port.
    func listener(backlog: Int = 16) throws(SocketError) -> Socket {
        let socket = try Socket(family, .stream)
        try socket.bind(to: address())
        try socket.listen(backlog: backlog)
        return socket
    }

    /// Both ends of a TCP connection; the first is the one that connected.
    func connection() throws(SocketError) -> Ends {
        let listener = try listener()
        let socket = try Socket(family, .stream)
        try socket.connect(to: listener.localAddress())
        let connection = try listener.accept()
        return Ends(first: socket, second: connection.socket)
    }
}

/// Two ends of a connection.
struct Ends: ~Copyable {
    var first: Socket
    var second: Socket

    init(first: consuming Socket, second: consuming Socket) {
        self.first = first
        self.second = second
    }
}

extension Socket {
    /// The port that an Internet socket is bound to.
    var port: UInt16 { get throws(SocketError) { try localAddress().port ?? 0 } }
}

/// A stream that ended, where a message was to come.
struct StreamEnded: Error {}

extension Socket {
    /// The next message; there must be one.
    func nextMessage(upTo count: Int, controlSize: Int = 1024) throws -> Message {
        guard let message = try receiveMessage(upTo: count, controlSize: controlSize) else { throw StreamEnded() }
        return message
    }
}

/// A thread of the system's, for what must block beside the test.
final class Thread: Sendable {
    private let body: @Sendable () throws -> Void
    private let failure = Mutex<(any Error)?>(nil)
    private let thread = Mutex(pthread_t())

    init(_ body: @escaping @Sendable () throws -> Void) throws {
        self.body = body
        let result = thread.withLock { thread in
            pthread_create(&thread, nil, { Thread.run($0) }, Unmanaged.passRetained(self).toOpaque())
        }
        guard result == 0 else { throw Errno(rawValue: result) }
    }

    private static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let thread = Unmanaged<Thread>.fromOpaque(argument).takeRetainedValue()
        do { try thread.body() } catch { thread.failure.withLock { $0 = error } }
        return nil
    }

    /// Waits for the end of the thread; throws what it threw.
    func join() throws {
        pthread_join(thread.withLock { $0 }, nil)
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}

/// A file that is gone when the value is.
final class TemporaryFile {
    let descriptor: FileDescriptor

    init(_ bytes: [UInt8]) throws {
        // O_TMPFILE: a file that has no name.
        descriptor = try FileDescriptor.open(
            "/tmp", .readWrite, options: [.closeOnExec, .init(rawValue: 0o20_200_000)], permissions: .ownerReadWrite)
        try descriptor.writeAll(bytes)
    }

    deinit { try? descriptor.close() }
}

/// A directory that is gone when the value is.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/sockets-XXXXXX\0".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink("\(path)/\(name)")
        }
        closedir(directory)
        rmdir(path)
    }
}
