import Addresses
import Glibc
import Privileges
import ProbingIO
import Sockets
import SystemPackage

/// Why a ping can't begin, in one line that says what would help; exit status 2.
struct PingFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A name could not be resolved.
    init(_ error: NameResolutionError) { description = "\(error.name.forTerminal): \(error)" }

    /// A socket could not be set up.
    init(_ error: SocketError) { description = "\(error)" }

    /// There is no way to the destination.
    init(reaching error: SocketError?, allowsBroadcast: Bool) {
        guard let error else {
            self.init("no address to try")
            return
        }
        if error.operation == .connect, error.errno == .permissionDenied, !allowsBroadcast {
            self.init("Do you want to ping broadcast? Then -b. If not, check your local firewall rules")
        } else {
            self.init("\(error.operation): \(error.errno)")
        }
    }

    /// No socket could be opened.
    init(opening error: SocketError, only: EchoSocket.Kind?) {
        guard error.errno == .notPermitted || error.errno == .permissionDenied else {
            self.init(error)
            return
        }
        let capability = "let root run: setcap cap_net_raw=p \(Self.executablePath)"
        switch only {
        case .raw: self.init("raw sockets are not allowed: \(capability)")
        case .datagram:
            self.init("ICMP datagram sockets are not allowed: put your group into sysctl net.ipv4.ping_group_range")
        case nil: self.init("neither raw nor ICMP datagram sockets are allowed: \(capability)")
        }
    }

    private static var executablePath: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            guard let start = buffer.baseAddress else { return "netprobe" }
            let length = readlink("/proc/self/exe", start, buffer.count - 1)
            guard length > 0 else { return "netprobe" }
            start[length] = 0
            return String(cString: start).forTerminal
        }
    }
}
