import Addresses
import Packets
import Testing

/// The examples of the pages on IGMP and multicast traceroute, as they stand there.
@Suite struct MulticastExamples {
    private let group = IPv4Address(rawValue: 0xEF01_0203)
    private let router = IPv4Address(rawValue: 0xC612_00FE)

    @Test("a query asks for one group, and reports of all versions name theirs")
    func igmp() {
        func query(of group: IPv4Address, from querier: IPv4Address) -> IPv4Packet {
            let query = MulticastQuery(group: group, robustness: 2)
            let message = IGMPMessage(.queryV3(query, maximumResponseCode: ExponentialCode(roundingDown: 10)))
            let header = IPv4Header(source: querier, destination: group, timeToLive: 1, options: [.routerAlert(0)])
            return IPv4Packet(header, payload: .igmp(message))
        }

        func groups(reportedIn packet: IPv4Packet) -> [IPv4Address] {
            guard case .igmp(let message, _) = packet.payload else { return [] }
            switch message.body {
            case .reportV1(let group), .reportV2(let group): return [group]
            case .reportV3(let report): return report.records.map(\.group)
            default: return []
            }
        }

        let asked = query(of: group, from: router)
        #expect(
            asked.description
                == "IP 198.18.0.254 > 239.1.2.3: igmp query v3 [max resp time 1.0s] [gaddr 239.1.2.3]")
        #expect(groups(reportedIn: asked) == [])
        let report = IGMPMessage(.reportV3(MulticastReport([MulticastAddressRecord(.toExclude, group: group)])))
        #expect(groups(reportedIn: IPv4Packet(asked.header, payload: .igmp(report))) == [group])
    }

    @Test("a reply says what each router did")
    func traceroute() throws {
        func query(for trace: Mtrace2Message.Trace, replyTo port: UInt16) -> IPPayload {
            let message = Mtrace2Message(.query, hops: 32, trace: trace, queryID: 4711, clientPort: port)
            let header = UDPHeader(sourcePort: port, destinationPort: Mtrace2Message.port)
            return .udp(header, payload: serialized { message.serialize(into: &$0) })
        }

        func routers(in reply: RawSpan) throws(ParseError) -> [String] {
            try Mtrace2Message(parsing: reply).blocks.compactMap { block in
                guard case .standardResponse(let response) = block else { return nil }
                switch response.place {
                case .v4(_, let outgoing, _, _): return "\(outgoing): \(response.forwardingCode)"
                case .v6(_, _, let local, _): return "\(local): \(response.forwardingCode)"
                }
            }
        }

        let trace = Mtrace2Message.Trace.v4(group: group, source: router, client: .loopback)
        #expect(query(for: trace, replyTo: 40_000).length == 28)
        let block = Mtrace2ResponseBlock(
            queryArrivalTime: 0, place: .v4(incoming: router, outgoing: router, upstream: router, forwardingTTL: 1),
            sourcePrefixLength: 24, forwardingCode: .noRoute)
        let reply = Mtrace2Message(
            .reply, trace: trace, queryID: 4711, clientPort: 40_000, blocks: [.standardResponse(block)])
        let bytes = serialized { reply.serialize(into: &$0) }
        #expect(try routers(in: bytes.span.bytes) == ["198.18.0.254: NO_ROUTE"])
    }
}
