import Glibc
import SystemPackage

/// A file that is read from its beginning to its end, piece by piece.
struct InputFile {
    /// A file could not be opened or read.
    struct Failure: Error, CustomStringConvertible {
        let name: String
        let errno: Errno
        var description: String { "\(name.forTerminal): \(errno)" }
    }

    /// For people; what standard input is called.
    let name: String
    private let descriptor: FileDescriptor

    /// Opens a file; `-` is standard input.
    init(_ name: String) throws(Failure) {
        self.name = name == "-" ? "standard input" : name
        do {
            descriptor =
                name == "-"
                ? StandardStreams.input : try FileDescriptor.open(FilePath(name), .readOnly, options: .closeOnExec)
        } catch {
            throw Failure(name: name, errno: error as? Errno ?? .ioError)
        }
    }

    /// Reads what comes next into the beginning of `buffer`, as soon as something is there; 0 bytes at the end.
    func read(into buffer: inout [UInt8]) throws(Failure) -> Int {
        do {
            return try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        } catch {
            throw Failure(name: name, errno: error as? Errno ?? .ioError)
        }
    }

    /// What it is read from, for who waits for more.
    var fileDescriptor: FileDescriptor { descriptor }

    /// Whether reading would not wait.
    var hasSomething: Bool {
        var polled = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) != 0
    }

    /// Closes it, unless it is standard input, which is nobody's own.
    func close() { if descriptor != StandardStreams.input { try? descriptor.close() } }
}
