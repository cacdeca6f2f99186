import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let mld = PacketFormat("mld") { random in
        .ipv6(random.icmpv6Packet(random.multicastListenerBody()))
    }
}

extension SplitMix64 {
    mutating func multicastListenerBody() -> ICMPv6Message.Body {
        switch below(5) {
        case 0: return .multicastListenerQuery(maximumResponseDelay: integer(), group: group())
        case 1: return .multicastListenerReport(maximumResponseDelay: integer(), group: group())
        case 2: return .multicastListenerDone(maximumResponseDelay: integer(), group: group())
        case 3:
            let query = MulticastQuery(
                group: group(), sources: sources(), suppressesRouterProcessing: below(2) == 0,
                robustness: UInt8(below(8)), queryInterval: ExponentialCode(rawValue: integer()),
                flags: UInt8(below(16)))
            return .multicastListenerQueryV2(maximumResponseCode: ExponentialCode(rawValue: integer()), query)
        default:
            let records = (0..<below(8)).map { _ in
                MulticastAddressRecord(
                    MulticastRecordType(rawValue: UInt8(1 + below(6))), group: group(), sources: sources(),
                    auxiliaryData: below(4) == 0 ? bytes(4 * below(6)) : [])
            }
            return .multicastListenerReportV2(MulticastReport(records, flags: integer()))
        }
    }

    /// ff15::/16, or none.
    private mutating func group() -> IPv6Address {
        below(8) == 0 ? IPv6Address(rawValue: 0) : IPv6Address(rawValue: 0xFF15 << 112 | integer() >> 16)
    }

    private mutating func sources() -> [IPv6Address] {
        (0..<below(below(20) == 0 ? 60 : 5)).map { _ in ipv6Address() }
    }
}
