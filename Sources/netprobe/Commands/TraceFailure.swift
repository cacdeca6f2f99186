import Addresses
import ProbingIO
import Sockets
import SystemPackage

/// Why a trace can't begin, in one line that says what would help.
struct TraceFailure: Error, CustomStringConvertible {
    let description: String
    /// As traceroute(8) has it: 2 for a host that is none, 1 for what the system refuses.
    let status: ExitStatus

    init(_ description: String, status: ExitStatus = .unanswered) {
        self.description = description
        self.status = status
    }

    /// A name could not be resolved.
    init(_ error: NameResolutionError) {
        self.init("\(error.name.isEmpty ? "''" : error.name.forTerminal): \(error)", status: .error)
    }

    /// There is no way to the destination.
    init(reaching error: SocketError?) {
        guard case .failed(let operation, let address, let errno)? = error else {
            self.init(error.map { "\($0)" } ?? "no address to try")
            return
        }
        switch (operation, errno) {
        case (.bind, .addressNotAvailable):
            self.init("\(operation): \(errno): \(address.map { "\($0)" } ?? "that") is no address of this host")
        case (.connect, .invalidArgument):
            let example = address?.ipAddress.map { "\($0)" } ?? "fe80::1"
            self.init(
                "\(operation): \(errno): a link-local address needs its interface, as in \(example)%eth0 or -i eth0")
        default: self.init("\(operation): \(errno)")
        }
    }

    /// No socket could be opened.
    init(opening error: SocketError, _ probe: TraceMethodRequest) {
        guard error.errno == .notPermitted || error.errno == .permissionDenied else {
            self.init("\(error)")
            return
        }
        switch (probe.method, probe.socket) {
        case (.icmp, nil), (.icmp, .datagram?):
            self.init(
                "ICMP sockets are not allowed: put your group into sysctl net.ipv4.ping_group_range, or \(Self.remedy)")
        default: self.init("raw sockets are not allowed: \(Self.remedy), or use UDP, the default, which everybody may")
        }
    }

    /// Sockets can't be set to what was asked for.
    init(adapting error: SocketError) {
        switch error {
        case .invalidArgument: self.init("\(error): \(Self.remedy)")
        case .failed(.bind, let address?, .addressInUse):
            self.init("bind \(address): \(Errno.addressInUse): another program has this --sport")
        case .failed(.bind, let address?, .permissionDenied):
            self.init("bind \(address): \(Errno.permissionDenied): this --sport needs raw sockets: \(Self.remedy)")
        default: self.init("\(error)")
        }
    }

    /// What gives everybody raw sockets.
    static var remedy: String { "let root run: setcap cap_net_raw=p \(PingFailure.executablePath)" }
}
