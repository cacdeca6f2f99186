import Addresses
import Packets

/// What a NAT changes in packets that pass it.
struct Translation: Sendable {
    enum Ends {
        /// The source becomes the NAT's own address, in packets that leave it.
        case masquerade
        /// The destination, if it is the NAT, becomes the node with this number, in packets that reach it.
        case redirect(to: Int)
    }

    /// What becomes of quotes that go back to the sender.
    enum Quotes: String, CaseIterable {
        /// They are put back to what the sender sent.
        case mended
        /// They stay as the router beyond the NAT sent them.
        case kept
        /// They are put back, all but the transport checksum.
        case unsummed
    }

    var ends: Ends
    /// Whether the source port or ICMP identifier changes, too.
    var changesPorts = false
    /// Whether the IPv4 identification does. It is not put back: nobody keeps it.
    var changesIdentification = false
    var quotes = Quotes.mended

    /// A packet as it reached the NAT and as it left it, by which what comes back is known.
    struct Record {
        var before: TravellingPacket
        var after: TravellingPacket
        var quotes: Quotes
    }

    /// Rewrites a packet.
    func apply(to packet: inout TravellingPacket, source: IPAddress? = nil, destination: IPAddress? = nil) -> Record? {
        guard var payload = packet.payload else { return nil }
        let before = packet
        if changesPorts { payload.changePort(.source) { $0 ^ 0x4000 } }
        let identification = UInt16(before.bytes[4]) << 8 | UInt16(before.bytes[5])
        packet = packet.with(
            source: source, destination: destination,
            identification: changesIdentification ? identification &+ 0x1234 : nil, payload)
        return Record(before: before, after: packet, quotes: quotes)
    }
}

extension Answer {
    /// What a NAT does with an answer on its way back.
    mutating func pass(_ record: Translation.Record) {
        if destination == record.after.source { destination = record.before.source }
        if source == record.after.destination { source = record.before.destination }
        switch content {
        case .payload(var payload):
            payload.changePort(.destination) { port in
                port == record.after.sourcePort ? record.before.sourcePort ?? port : port
            }
            content = .payload(payload)
        case .error(let reason, let quote, let answering):
            guard record.quotes != .kept else { return }
            content = .error(reason, quote: record.mended(quote), answering)
        }
    }
}

extension Translation.Record {
    /// A quote of the packet that left, put back to what it was before. What was changed on the way there stays: hop
    /// limit, type of service, identification.
    fileprivate func mended(_ quote: [UInt8]) -> [UInt8] {
        guard quote.count >= after.transportOffset, quote.count <= before.bytes.count else { return quote }
        var mended = Array(before.bytes.prefix(quote.count))
        if before.family == .v4 {
            mended[1] = quote[1]
            mended[4...5] = quote[4...5]
            mended[8] = quote[8]
        } else {
            mended[..<8] = quote[..<8]
        }
        mended.mendHeaderChecksum()
        guard quotes == .unsummed, let offset = before.checksumOffset else { return mended }
        for index in offset..<min(offset + 2, quote.count) { mended[index] = quote[index] }
        return mended
    }
}

extension TravellingPacket {
    /// The source port or ICMP identifier.
    fileprivate var sourcePort: UInt16? {
        if let ports { return ports.source }
        switch payload {
        case .icmp(let message, _, _):
            if case .echoRequest(let echo) = message.body { return echo.identifier }
        case .icmpv6(let message, _, _):
            if case .echoRequest(let echo) = message.body { return echo.identifier }
        default: break
        }
        return nil
    }

    /// Where the transport checksum is, if it has 16 bits.
    fileprivate var checksumOffset: Int? {
        let offset: [IPProtocol: Int] = [.icmp: 2, .icmpv6: 2, .udp: 6, .udpLite: 6, .tcp: 16, .dccp: 6]
        return offset[protocolNumber].map { transportOffset + $0 }
    }
}

/// What has ports.
private protocol Ported {
    var sourcePort: UInt16 { get set }
    var destinationPort: UInt16 { get set }
}

extension UDPHeader: Ported {}
extension UDPLiteHeader: Ported {}
extension TCPHeader: Ported {}
extension SCTPPacket: Ported {}
extension DCCPHeader: Ported {}

/// An end of a flow.
private enum End {
    case source
    case destination

    func change<Header: Ported>(_ header: Header, _ change: (UInt16) -> UInt16) -> Header {
        var header = header
        switch self {
        case .source: header.sourcePort = max(1, change(header.sourcePort))
        case .destination: header.destinationPort = max(1, change(header.destinationPort))
        }
        return header
    }
}

extension IPPayload {
    /// Changes a port, or the identifier of an echo.
    fileprivate mutating func changePort(_ end: End, _ change: (UInt16) -> UInt16) {
        switch self {
        case .icmp(var message, let payload, let extensions):
            switch message.body {
            case .echoRequest(var echo):
                echo.identifier = change(echo.identifier)
                message.body = .echoRequest(echo)
            case .echoReply(var echo):
                echo.identifier = change(echo.identifier)
                message.body = .echoReply(echo)
            default: return
            }
            self = .icmp(message, payload: payload, extensions: extensions)
        case .icmpv6(var message, let payload, let extensions):
            switch message.body {
            case .echoRequest(var echo):
                echo.identifier = change(echo.identifier)
                message.body = .echoRequest(echo)
            case .echoReply(var echo):
                echo.identifier = change(echo.identifier)
                message.body = .echoReply(echo)
            default: return
            }
            self = .icmpv6(message, payload: payload, extensions: extensions)
        case .udp(let header, let payload): self = .udp(end.change(header, change), payload: payload)
        case .udpLite(let header, let payload): self = .udpLite(end.change(header, change), payload: payload)
        case .tcp(let header, let payload): self = .tcp(end.change(header, change), payload: payload)
        case .sctp(let packet): self = .sctp(end.change(packet, change))
        case .dccp(let header, let payload): self = .dccp(end.change(header, change), payload: payload)
        default: return
        }
    }
}
