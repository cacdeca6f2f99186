import Addresses
import Packets

/// What matters to a ping session in an ICMP message of either family.
struct EchoMessage {
    enum Content {
        case reply(ICMPEcho)
        /// A redirect or a source quench, which kernels hand to raw sockets and not to the error queue.
        case notice(ICMPError)
    }

    let content: Content
    let checksumIsGood: Bool

    /// Reads a message from its type on; `nil` when it is of no interest, or too short to tell. Kernels verify the
    /// checksum of ICMPv6.
    init?(parsing bytes: RawSpan, family: IPFamily) {
        switch family {
        case .v4:
            guard let message = try? ICMPv4Message(parsing: bytes, verifyingChecksum: false) else { return nil }
            // Zero has two forms in ones' complement: the sum over the whole message is the same (RFC 1071 §1).
            checksumIsGood = message.checksum == nil || InternetChecksum.of(bytes) == 0
            switch message.body {
            case .echoReply(let echo): content = .reply(echo)
            case .redirect(let code, let gateway):
                content = .notice(ICMPError(family: .v4, type: 5, code: code.rawValue, information: gateway.rawValue))
            case .sourceQuench: content = .notice(ICMPError(family: .v4, type: 4, code: 0))
            default: return nil
            }
        case .v6:
            guard let message = try? ICMPv6Message(parsing: bytes), case .echoReply(let echo) = message.body else {
                return nil
            }
            checksumIsGood = true
            content = .reply(echo)
        }
    }

    /// The identifier and sequence number of an echo request of which an error quotes at least eight bytes.
    static func echoRequest(in quote: RawSpan, family: IPFamily) -> ICMPEcho? {
        switch family {
        case .v4:
            guard case .echoRequest(let echo)? = try? ICMPv4Message(parsing: quote, verifyingChecksum: false).body
            else { return nil }
            return echo
        case .v6:
            guard case .echoRequest(let echo)? = try? ICMPv6Message(parsing: quote).body else { return nil }
            return echo
        }
    }
}
