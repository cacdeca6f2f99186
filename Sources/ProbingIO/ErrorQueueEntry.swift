import Addresses
import Glibc
import Packets
import Probing
import Sockets

/// What one message of a socket's error queue says.
enum ErrorQueueEntry {
    /// A packet left, by the kernel's count of packets and in nanoseconds of the wall clock.
    case transmitted(number: UInt32, wallClock: Int64)
    /// An ICMP error about a packet to `destination`, whose ICMP message is quoted in this range of the bytes.
    /// It came at this moment of the wall clock, in nanoseconds; 0 where that is not known.
    case icmp(ICMPError, from: IPAddress, about: IPAddress, quote: Range<Int>, wallClock: Int64 = 0)
    /// This host itself did not let a packet out, being larger than this MTU.
    case local(mtu: Int)

    init?(_ message: borrowing ReceivedMessage, kind: EchoSocket.Kind) {
        var controlMessages = message.controlMessages
        var extended: ExtendedError?
        var timestamp: Int64 = 0
        while let control = controlMessages.next() {
            switch control {
            case .extendedError(let error): extended = error
            case .timestamps(let software, _): timestamp = software
            default: continue
            }
        }
        guard let extended else { return nil }
        switch extended.origin {
        case .timestamping:
            guard timestamp != 0 else { return nil }
            self = .transmitted(number: extended.data, wallClock: timestamp)
        case .local:
            guard extended.errorNumber == EMSGSIZE, extended.information > 0 else { return nil }
            self = .local(mtu: Int(extended.information))
        case .icmp, .icmpv6:
            guard let offender = extended.offender?.ipAddress, let destination = message.source?.ipAddress else {
                return nil
            }
            let error = ICMPError(
                family: extended.origin == .icmp ? .v4 : .v6, type: extended.type, code: extended.code,
                information: extended.information)
            // A socket whose packets carry headers of our own is quoted those too.
            guard kind == .raw, extended.origin == .icmp else {
                self = .icmp(error, from: offender, about: destination, quote: 0..<message.bytes.byteCount,
                    wallClock: timestamp)
                return
            }
            guard let quote = try? QuotedPacket(parsing: message.bytes), quote.protocolNumber == .icmp,
                quote.fragmentOffset == 0
            else { return nil }
            let transport = quote.transportOffset..<(quote.transportOffset + quote.transportByteCount)
            self = .icmp(error, from: offender, about: quote.destination, quote: transport)
        case .none:
            return nil
        }
    }
}

extension ICMPError {
    /// What a router says that the next link takes: "fragmentation needed" (RFC 1191) or "packet too big" (RFC 4443).
    var nextHopMTU: Int? {
        switch (family, type, code) {
        case (.v4, 3, 4), (.v6, 2, _): information > 0 ? Int(information) : nil
        default: nil
        }
    }
}
