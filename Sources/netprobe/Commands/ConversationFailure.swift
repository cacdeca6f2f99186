import ProbingIO
import Sockets
import SystemPackage

/// Why a connect or listen did not go well, in one line that says what would help.
struct ConversationFailure: Error, CustomStringConvertible {
    let description: String
    let status: ExitStatus

    init(_ description: String, status: ExitStatus) { (self.description, self.status) = (description, status) }

    init(_ error: SocketError) {
        let words: String
        switch error {
        case .unresolved(let error): words = "\(error.name.forTerminal): \(error)"
        case .failed(let operation, let address, let errno):
            let advice = Self.advice(operation, address, errno).map { "; \($0)" } ?? ""
            words = "\(error)".forTerminal + advice
        default: words = "\(error)".forTerminal
        }
        self.init(words, status: Self.status(error))
    }

    /// What went wrong in a conversation, and with whom.
    init(_ error: SocketError, with peer: SocketAddress?) {
        let failure = ConversationFailure(error)
        self.init("\(peer.text): \(failure)", status: failure.status)
    }

    /// Nothing came or went for as long as `--timeout` allows.
    static func silence(_ timeout: Duration?, _ peer: SocketAddress?, hasSent: Bool = false) -> ConversationFailure {
        let what = peer == nil ? "nobody came" : "\(peer.text): " + (hasSent ? "no answer" : "nothing came or went")
        return ConversationFailure("\(what) for \(seconds(timeout ?? .zero)) s", status: .unanswered)
    }

    /// Seconds with as many decimals as it takes.
    private static func seconds(_ duration: Duration) -> String {
        let text = duration.seconds
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }

    /// What is the peer's or the network's doing is a 1; what this host does not let us do is a 2.
    private static func status(_ error: SocketError) -> ExitStatus {
        switch error {
        case .timedOut: return .unanswered
        case .failed(.connect, _, let errno):
            return [.permissionDenied, .notPermitted, .invalidArgument].contains(errno) ? .error : .unanswered
        case .failed(.send, _, _), .failed(.receive, _, _): return .unanswered
        default: return .error
        }
    }

    private static func advice(
        _ operation: SocketOperation, _ address: SocketAddress?, _ errno: Errno
    ) -> String? {
        let isUnix = address?.family == .unix
        let isFile = if case .unix(.path) = address { true } else { false }
        switch (operation, errno) {
        case (.connect, .connectionRefused): return isFile ? "nobody listens there any more" : "nobody listens there"
        case (.receive, .connectionRefused), (.send, .connectionRefused): return "nobody listens there"
        case (.receive, .connectionReset), (.send, .connectionReset): return "the peer has broken off"
        case (.send, .brokenPipe): return "the peer takes nothing more"
        case (.connect, .noSuchFileOrDirectory): return "is its server running?"
        case (.connect, .protocolWrongTypeForSocket): return "its server has sockets of another --type"
        case (.connect, .permissionDenied) where isUnix: return "your user may not write to that file"
        case (.connect, .invalidArgument) where address?.scopeID == 0 && address?.family == .ipv6:
            return "a link-local address needs its interface, as in fe80::1%eth0 or -I eth0"
        case (.bind, .addressInUse):
            return isUnix
                ? "if no server runs, it is a file that one left behind: remove it"
                : "ss -lntup shows who listens there"
        case (.bind, .addressNotAvailable): return "it is no address of this host; ip address lists those"
        case (.bind, .permissionDenied) where isUnix: return "your user may not write to that directory"
        case (.bind, .permissionDenied): return "ports below 1024 are for root and for cap_net_bind_service"
        case (.setOption, .notPermitted): return "your user may not choose the interface"
        default: return nil
        }
    }
}
