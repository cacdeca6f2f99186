import Addresses
import Packets

/// By what an answer shows which packet it answers, without the packet's number.
struct AnswerKey: Hashable {
    /// The protocol, and for ICMP and IGMP what kind of message the answer is.
    let kind: UInt16
    /// Who answers; `nil` for whoever does.
    var peer: IPAddress?
    /// Ports as the sender has them, or identifier and sequence number.
    let conversation: UInt32

    /// The answer that a packet wants: of whom, and what says that it is for this packet.
    init?(request view: PacketView) {
        guard let (kind, conversation) = Self.request(view) else { return nil }
        (self.kind, self.conversation) = (kind, conversation)
        let isForMany: Bool
        switch view.destination {
        case .v4(let address): isForMany = address.isMulticast || address == .broadcast
        case .v6(let address): isForMany = address.isMulticast
        }
        peer = isForMany ? nil : view.destination
    }

    /// What a packet that has come says of whose answer it is.
    init?(answer view: PacketView) {
        guard let (kind, conversation) = Self.answer(view) else { return nil }
        (self.kind, self.conversation) = (kind, conversation)
        peer = view.source
    }

    private static func request(_ view: PacketView) -> (UInt16, UInt32)? {
        let bytes = view.transport
        switch view.protocolNumber {
        case .icmp, .icmpv6:
            guard bytes.count >= 8, let reply = replies[view.protocolNumber]?[bytes.first ?? 0] else { return nil }
            let conversation = reply.isNumbered ? bytes.number(at: 4, 4) : 0
            return (UInt16(view.protocolNumber.rawValue) << 8 | UInt16(reply.type), conversation)
        // Whatever members report.
        case .igmp: return (UInt16(IPProtocol.igmp.rawValue) << 8, 0)
        case let number:
            guard number.carriesPorts else { return (UInt16(number.rawValue) << 8, 0) }
            return bytes.count >= 4 ? (UInt16(number.rawValue) << 8, bytes.number(at: 0, 4)) : nil
        }
    }

    private static func answer(_ view: PacketView) -> (UInt16, UInt32)? {
        let bytes = view.transport
        switch view.protocolNumber {
        case .icmp, .icmpv6:
            guard bytes.count >= 8 else { return nil }
            // Members of the first version of MLD report, too.
            let type = view.protocolNumber == .icmpv6 && bytes.first == 131 ? 143 : bytes.first ?? 0
            let isNumbered = replies[view.protocolNumber]?.values.first { $0.type == type }?.isNumbered
            guard let isNumbered else { return nil }
            return (UInt16(view.protocolNumber.rawValue) << 8 | UInt16(type), isNumbered ? bytes.number(at: 4, 4) : 0)
        case .igmp: return bytes.first.map { [0x12, 0x16, 0x17, 0x22, 0x1E].contains($0) } ?? false ? (0x0200, 0) : nil
        case let number:
            guard number.carriesPorts else { return (UInt16(number.rawValue) << 8, 0) }
            guard bytes.count >= 4 else { return nil }
            let ports = bytes.number(at: 0, 4)
            return (UInt16(number.rawValue) << 8, ports << 16 | ports >> 16)
        }
    }

    /// Which message answers which, and whether it has identifier and sequence number of what it answers.
    private static let replies: [IPProtocol: [UInt8: (type: UInt8, isNumbered: Bool)]] = [
        .icmp: [
            8: (0, true), 13: (14, true), 15: (16, true), 17: (18, true), 10: (9, false), 42: (43, false),
        ],
        .icmpv6: [
            128: (129, true), 133: (134, false), 135: (136, false), 130: (143, false), 160: (161, false),
        ],
    ]
}

/// By what the quote in an ICMP error shows which packet the error is about.
struct QuoteKey: Hashable {
    let protocolNumber: IPProtocol
    let destination: IPAddress
    /// Ports, or identifier and sequence number, or where there are neither the first bytes: as far as routers quote.
    let beginning: UInt32

    init?(_ view: PacketView) {
        let bytes = view.transport
        protocolNumber = view.protocolNumber
        destination = view.destination
        let isICMP = view.protocolNumber == .icmp || view.protocolNumber == .icmpv6
        let start = isICMP ? 4 : 0
        // What a later fragment begins with says nothing; its identification has to do.
        if view.isLaterFragment { return nil }
        beginning = bytes.count >= start + 4 ? bytes.number(at: start, 4) : 0
    }
}

/// The outermost packet of bytes, and what it quotes: as much of it as matters here.
struct PacketView {
    let source: IPAddress
    let destination: IPAddress
    let protocolNumber: IPProtocol
    /// IPv4's, or that of an IPv6 fragment header; 0 if there is none.
    let identification: UInt32
    let isLaterFragment: Bool
    let transport: ArraySlice<UInt8>

    /// Reads a packet from its IP header on, however wrong lengths and checksums are. Destinations are final ones.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first else { return nil }
        switch first >> 4 {
        case 6:
            guard bytes.count >= 40 else { return nil }
            source = .v6(IPv6Address(rawValue: bytes.wide(at: 8)))
            destination = .v6(IPv6Address(rawValue: bytes.wide(at: 24)))
            var next = UInt8(bytes.number(at: 6, 1))
            var offset = 40
            var (identification, isLater) = (UInt32(0), false)
            // Extension headers: hop-by-hop, routing, fragment, destination options.
            while [0, 43, 44, 60].contains(next), bytes.count >= offset + 8 {
                if next == 44 {
                    identification = bytes.number(at: offset + 4, 4)
                    isLater = bytes.number(at: offset + 2, 2) >> 3 != 0
                }
                let length = next == 44 ? 8 : (Int(bytes.number(at: offset + 1, 1)) + 1) * 8
                next = UInt8(bytes.number(at: offset, 1))
                offset += length
            }
            (self.identification, isLaterFragment) = (identification, isLater)
            protocolNumber = IPProtocol(rawValue: next)
            transport = bytes.dropFirst(offset)
        default:
            guard bytes.count >= 20 else { return nil }
            source = .v4(IPv4Address(rawValue: bytes.number(at: 12, 4)))
            destination = .v4(IPv4Address(rawValue: Self.finalDestination(bytes)))
            identification = bytes.number(at: 4, 2)
            isLaterFragment = bytes.number(at: 6, 2) & 0x1FFF != 0
            protocolNumber = IPProtocol(rawValue: UInt8(bytes.number(at: 9, 1)))
            transport = bytes.dropFirst(max(20, Int(first & 0x0F) * 4))
        }
    }

    /// With a source route that has not been walked the last address of it.
    private static func finalDestination(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let length = Int(bytes.number(at: 0, 1) & 0x0F) * 4
        guard length > 20, bytes.count >= length, let header = try? IPv4Header(parsing: Array(bytes).span.bytes) else {
            return bytes.number(at: 16, 4)
        }
        for option in header.options {
            switch option {
            case .looseSourceRoute(let route), .strictSourceRoute(let route):
                if route.recorded.count < route.slots.count, let last = route.slots.last { return last.rawValue }
            default: continue
            }
        }
        return header.destination.rawValue
    }

    /// The packet that an ICMP error is about, as far as the error quotes it; `nil` for anything else.
    var quoted: PacketView? {
        guard transport.count > 8, let type = transport.first else { return nil }
        switch protocolNumber {
        case .icmp where [3, 4, 5, 11, 12].contains(type): return PacketView(transport.dropFirst(8))
        case .icmpv6 where [1, 2, 3, 4].contains(type): return PacketView(transport.dropFirst(8))
        default: return nil
        }
    }
}

extension IPProtocol {
    /// Whether its header begins with a source and a destination port.
    fileprivate var carriesPorts: Bool { [.udp, .udpLite, .tcp, .sctp, .dccp].contains(self) }
}

extension ArraySlice<UInt8> {
    /// So many bytes as a number, the highest first; those behind the end are zero.
    func number(at offset: Int, _ length: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in offset..<offset + length {
            value = value << 8 | (index < count ? UInt32(self[startIndex + index]) : 0)
        }
        return value
    }

    fileprivate func wide(at offset: Int) -> UInt128 {
        (0..<4).reduce(0) { $0 << 32 | UInt128(number(at: offset + $1 * 4, 4)) }
    }
}
