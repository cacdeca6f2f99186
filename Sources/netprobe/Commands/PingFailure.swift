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
    init(_ error: NameResolutionError) {
        description = "\(error.name.isEmpty ? "''" : error.name.forTerminal): \(error)"
    }

    /// A socket could not be set up.
    init(_ error: SocketError) { description = "\(error)" }

    /// There is no way to the destination.
    init(reaching error: SocketError?, _ options: EchoOptions) {
        guard let error else {
            self.init("no address to try")
            return
        }
        // The words of ping(8), and after them what is meant.
        guard case .failed(let operation, _, let errno) = error else {
            self.init("\(error)")
            return
        }
        let words = "\(operation): \(errno)"
        switch error {
        case .failed(.connect, _, .permissionDenied) where !options.allowsBroadcast:
            self.init("Do you want to ping broadcast? Then -b. If not, check your local firewall rules")
        case .failed(.bind, let source?, .addressNotAvailable):
            self.init("\(words): \(source) is no address of this host")
        case .failed(.connect, let destination?, .invalidArgument) where destination.lacksZone:
            let address = destination.ipAddress.map { "\($0)" } ?? "\(destination)"
            self.init("\(words): a link-local address needs its interface, as in \(address)%eth0 or -I eth0")
        default:
            self.init(words)
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
        case nil:
            let sysctl = "put your group into sysctl net.ipv4.ping_group_range"
            self.init("neither raw nor ICMP datagram sockets are allowed: \(sysctl), or \(capability)")
        }
    }

    /// The path of this program.
    static var executablePath: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            guard let start = buffer.baseAddress else { return "netprobe" }
            let length = readlink("/proc/self/exe", start, buffer.count - 1)
            guard length > 0 else { return "netprobe" }
            start[length] = 0
            return String(cString: start).forTerminal
        }
    }
}

extension SocketAddress {
    /// A link-local address that may be on any link.
    fileprivate var lacksZone: Bool {
        guard case .ipv6(let address, _, 0, _) = self else { return false }
        return address.isLinkLocal || address.isMulticastLinkLocal
    }
}
