import Addresses
import Packets
import TestSupport

extension SplitMix64 {
    public mutating func mtraceMessage() -> MtraceMessage {
        let blocks = (0..<below(5)).map { _ in
            MtraceResponseBlock(
                queryArrivalTime: integer(), incomingAddress: ipv4Address(), outgoingAddress: ipv4Address(),
                previousHop: ipv4Address(), inputPackets: integer(), outputPackets: integer(),
                forwardedPackets: below(3) == 0 ? MtraceResponseBlock.unknownCount : integer(),
                routingProtocol: MtraceRoutingProtocol(rawValue: integer() & 15), forwardingTTL: integer(),
                countsNetwork: below(2) == 0, sourceMask: integer() & 63, forwardingCode: forwardingCode())
        }
        return MtraceMessage(
            hops: integer(), group: ipv4Group(), source: ipv4Address(), destination: ipv4Address(),
            responseAddress: below(2) == 0 ? ipv4Address() : ipv4Group(), responseTTL: integer(),
            queryID: integer() & 0xFF_FFFF, blocks: blocks)
    }

    public mutating func mtrace2Message() -> Mtrace2Message {
        let isV4 = below(2) == 0
        let kinds: [Mtrace2Message.Kind] = [.query, .request, .reply]
        return Mtrace2Message(
            kinds[below(3)], hops: integer(),
            trace: isV4
                ? .v4(group: ipv4Group(), source: ipv4Address(), client: ipv4Address())
                : .v6(
                    group: IPv6Address(rawValue: 0xFF << 120 | integer() >> 8), source: ipv6Address(),
                    client: ipv6Address()),
            queryID: integer(), clientPort: integer(), blocks: (0..<below(5)).map { _ in mtrace2Block(isV4: isV4) })
    }

    private mutating func mtrace2Block(isV4: Bool) -> Mtrace2Block {
        switch below(6) {
        case 0: .augmentedResponse(type: integer(), value: payload(upTo: 8))
        case 1: .extendedQuery(type: integer(), value: payload(upTo: 8), isTransitive: below(2) == 0)
        case 2: .unknown(type: 7 | integer(), value: bytes(1 + below(8)))
        default:
            .standardResponse(
                Mtrace2ResponseBlock(
                    queryArrivalTime: integer(),
                    place: isV4
                        ? .v4(
                            incoming: ipv4Address(), outgoing: ipv4Address(), upstream: ipv4Address(),
                            forwardingTTL: integer())
                        : .v6(
                            incomingID: integer(), outgoingID: integer(), local: ipv6Address(), remote: ipv6Address()),
                    inputPackets: integer(), outputPackets: integer(), forwardedPackets: integer(),
                    routingProtocol: integer() & 31, multicastRoutingProtocol: integer() & 15,
                    countsNetwork: below(2) == 0, sourcePrefixLength: isV4 ? integer() & 127 : integer(),
                    forwardingCode: forwardingCode()))
        }
    }

    private mutating func forwardingCode() -> MtraceForwardingCode { MtraceForwardingCode(rawValue: integer() & 0x8F) }
}
