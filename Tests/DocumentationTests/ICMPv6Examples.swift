import Addresses
import Packets
import Testing

/// The examples of the pages on ICMPv6, neighbour discovery and multicast listener discovery, as they stand there.
@Suite struct ICMPv6Examples {
    private let host = IPv6Address(rawValue: 0xFE80 << 112 | 1)
    private let neighbor = IPv6Address(rawValue: 0xFE80 << 112 | 0x12_3456)
    private let mac: [UInt8] = [0x02, 0, 0, 0, 0, 0x01]

    private func packet(_ body: ICMPv6Message.Body, payload: [UInt8] = []) -> IPv6Packet {
        IPv6Packet(
            IPv6Header(source: neighbor, destination: host, hopLimit: 255),
            payload: .icmpv6(ICMPv6Message(body), payload: payload))
    }

    @Test("an error is about the destination of the packet that it quotes, and an echo about none")
    func errors() throws {
        func target(of bytes: RawSpan) throws(ParseError) -> (line: String, destination: IPAddress?) {
            let packet = try IPv6Packet(parsing: bytes)
            guard case .icmpv6(let message, let payload, _) = packet.payload else { return (packet.description, nil) }
            switch message.body {
            case .destinationUnreachable, .packetTooBig, .timeExceeded, .parameterProblem:
                return (packet.description, try QuotedPacket(parsing: payload.span.bytes).destination)
            default:
                return (packet.description, nil)
            }
        }

        let probe = IPv6Packet(
            IPv6Header(source: host, destination: neighbor, hopLimit: 1), payload: .other(.noNextHeader, []))
        let quote = serialized { probe.serialize(into: &$0) }
        let error = serialized { packet(.timeExceeded(.inTransit), payload: quote).serialize(into: &$0) }
        let answer = try target(of: error.span.bytes)
        #expect(
            answer.line
                == "IP6 fe80::12:3456 > fe80::1: ICMP6, time exceeded in-transit for fe80::12:3456, length 48")
        #expect(answer.destination == .v6(neighbor))
        let echo = ICMPEcho(identifier: 1, sequenceNumber: 2)
        let reply = serialized { packet(.echoReply(echo)).serialize(into: &$0) }
        #expect(try target(of: reply.span.bytes).destination == nil)
    }

    @Test("a solicitation goes to the group of its target, and an advertisement from afar is none")
    func neighbors() {
        func solicitation(for target: IPv6Address, from source: IPv6Address, at mac: [UInt8]) -> IPv6Packet {
            // The last 24 bits choose the group that the target listens to (RFC 4291 section 2.7.1).
            let group = IPv6Address(rawValue: 0xFF02 << 112 | 0x1_FF00_0000 | target.rawValue & 0xFF_FFFF)
            let message = ICMPv6Message(.neighborSolicitation(target: target, options: [.sourceLinkLayerAddress(mac)]))
            return IPv6Packet(
                IPv6Header(source: source, destination: group, hopLimit: 255), payload: .icmpv6(message))
        }

        func linkLayerAddress(in answer: IPv6Packet) -> [UInt8]? {
            guard answer.header.hopLimit == 255, case .icmpv6(let message, _, _) = answer.payload,
                case .neighborAdvertisement(let neighbor) = message.body
            else { return nil }
            for case .targetLinkLayerAddress(let mac) in neighbor.options { return mac }
            return nil
        }

        let question = solicitation(for: neighbor, from: host, at: mac)
        #expect(
            question.description
                == "IP6 fe80::1 > ff02::1:ff12:3456: ICMP6, neighbor solicitation, who has fe80::12:3456, length 32")
        #expect(linkLayerAddress(in: question) == nil)
        let advertisement = NeighborAdvertisement(
            target: neighbor, flags: [.solicited, .override], options: [.targetLinkLayerAddress(mac)])
        var answer = packet(.neighborAdvertisement(advertisement))
        #expect(linkLayerAddress(in: answer) == mac)
        answer.header.hopLimit = 254
        #expect(linkLayerAddress(in: answer) == nil)
    }

    @Test("who excludes nothing, or includes something, listens")
    func listeners() {
        func joined(by packet: IPv6Packet) -> [IPv6Address] {
            guard case .icmpv6(let message, _, _) = packet.payload else { return [] }
            switch message.body {
            case .multicastListenerReport(_, let group): return [group]
            case .multicastListenerReportV2(let report):
                return report.records.filter { record in
                    switch record.type {
                    case .isExclude, .toExclude: true
                    case .isInclude, .toInclude, .allowNewSources: !record.sources.isEmpty
                    default: false
                    }
                }.map(\.group)
            default: return []
            }
        }

        let groups = (1...3).map { IPv6Address(rawValue: 0xFF15 << 112 | $0) }
        let report = MulticastReport([
            MulticastAddressRecord(.toExclude, group: groups[0]),
            MulticastAddressRecord(.toInclude, group: groups[1]),
            MulticastAddressRecord(.allowNewSources, group: groups[2], sources: [host]),
        ])
        #expect(joined(by: packet(.multicastListenerReportV2(report))) == [groups[0], groups[2]])
        #expect(joined(by: packet(.multicastListenerReport(group: groups[1]))) == [groups[1]])
        #expect(joined(by: packet(.multicastListenerDone(group: groups[1]))) == [])
    }
}
