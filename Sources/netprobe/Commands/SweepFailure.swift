import Probing
import Sockets
import SystemPackage

/// Why a sweep can't begin, in one line that says what would help.
struct SweepFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// No sockets could be opened, or set to what is asked for.
    init(opening error: SocketError, _ probe: SweepProbeRequest) {
        let isRefused = error.errno == .notPermitted || error.errno == .permissionDenied
        guard isRefused, case .failed(.open, _, _) = error else {
            self.init("\(error)")
            return
        }
        switch probe.method {
        case .echo:
            self.init(
                "ICMP sockets are not allowed: put your group into sysctl net.ipv4.ping_group_range, or "
                    + TraceFailure.remedy)
        case .timestamp, .tcp, .udp:
            self.init("\(probe.method.option) needs raw sockets, which are not allowed: \(TraceFailure.remedy)")
        }
    }
}

extension SweepMethod {
    /// The option that asks for it.
    fileprivate var option: String {
        switch self {
        case .echo: "an echo request"
        case .timestamp: "--icmp-timestamp"
        case .tcp: "--tcp"
        case .udp: "--udp"
        }
    }
}
