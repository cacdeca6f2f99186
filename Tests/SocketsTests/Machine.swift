import Glibc
import Sockets
@_exported import TestSupport

/// What the machine, or the namespace that the tests run in, lets a test show.
enum Machine {
    static let opensRawSockets = has(.ipv4, .raw, .icmp)

    /// Whether the kernel knows a kind of socket, and lets the tests open one.
    static func has(
        _ family: SocketFamily, _ type: SocketType, _ proto: SocketProtocol = .unspecified
    ) -> Bool {
        guard let socket = try? Socket(family, type, proto) else { return false }
        socket.close()
        return true
    }

    /// Whether VSOCK sockets of this machine can talk to each other, and need not reach for the host.
    static let hasVSOCKLoopback: Bool = {
        guard let socket = try? Socket(.vsock, .stream) else { return false }
        return (try? socket.bind(to: .vsock(contextID: 1, port: .max))) != nil
    }()

    static let hasIPv6: Bool = {
        guard let socket = try? Socket(.ipv6, .datagram) else { return false }
        return (try? socket.bind(to: SocketAddress(.v6(.loopback)))) != nil
    }()

    /// No interface but loopback is up: nothing that a test does can leave this machine.
    static let isIsolated: Bool = {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return false }
        defer { freeifaddrs(first) }
        var next = first
        while let entry = next {
            let flags = entry.pointee.ifa_flags
            guard flags & UInt32(IFF_UP) == 0 || flags & UInt32(IFF_LOOPBACK) != 0 else { return false }
            next = entry.pointee.ifa_next
        }
        return true
    }()

    static let hasSocat = (try? Program(["socat", "-V"], isSilent: true))?.exitStatus() == 0

    /// Whether CAP_NET_ADMIN counts for the whole machine: not in a user namespace.
    static let isRootOfAll: Bool = {
        guard let socket = try? Socket(.ipv4, .datagram) else { return false }
        return (try? socket.setOption(.receiveBufferSizeUnbounded, to: 4096)) != nil
    }()

    static let hasPython = PythonPeer.runs("pass")

    /// Whether `ip` can add an interface, in a network that is not the machine's own.
    static let addsInterfaces =
        isIsolated
        && PythonPeer.runs("import subprocess as s; s.check_call(['ip', 'link', 'add', 'probe', 'type', 'bridge'])")
        && PythonPeer.runs("import subprocess as s; s.check_call(['ip', 'link', 'delete', 'probe'])")

    /// How many sockets this process has open. Other descriptors come and go with the threads of the runtime.
    static var openSockets: Int { (0..<Int32(256)).count(where: isSocket) }

    static func isSocket(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Gives up every capability of the calling thread. The corresponding C function is `capset`, which glibc keeps but
    /// does not declare.
    static func dropCapabilities() -> Bool {
        guard let symbol = dlsym(nil, "capset") else { return false }
        typealias Function = @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer) -> Int32
        var header: [UInt32] = [0x2008_0522, 0]  // version 3, this thread
        let nothing = [UInt32](repeating: 0, count: 6)
        return unsafeBitCast(symbol, to: Function.self)(&header, nothing) == 0
    }

    /// `CLOCK_REALTIME`, in nanoseconds.
    static var wallClock: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
