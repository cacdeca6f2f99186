import Addresses

/// What IGMPv3 and MLDv2 ask of a group's members alike (RFC 9776 section 4.1, RFC 9777 section 5.1): all that follows
/// the response time.
///
/// Without a group it is a general query; with a group and no sources, a query of that group; with both, a query of
/// those sources of the group.
public struct MulticastQuery<Address: InternetAddress>: Hashable, Sendable {
    /// The group that is asked for; unspecified for all.
    public var group: Address
    /// Four bits of which the first says that extensions follow the sources (RFC 9279); higher bits are dropped.
    public var flags: UInt8
    /// S: routers that hear the query leave their timers as they are.
    public var suppressesRouterProcessing: Bool
    /// QRV, the querier's robustness variable: how many packets in a row may get lost, 1 to 7; 0 for more than that.
    /// Higher bits are dropped.
    public var robustness: UInt8
    /// QQIC, the querier's query interval, in seconds.
    public var queryInterval: ExponentialCode<UInt8>
    /// The sources that are asked for.
    public var sources: [Address]

    /// A query, by default with the numbers of an undisturbed network.
    public init(
        group: Address, sources: [Address] = [], suppressesRouterProcessing: Bool = false, robustness: UInt8 = 2,
        queryInterval: ExponentialCode<UInt8> = ExponentialCode(rawValue: 125), flags: UInt8 = 0
    ) {
        self.group = group
        self.flags = flags
        self.suppressesRouterProcessing = suppressesRouterProcessing
        self.robustness = robustness
        self.queryInterval = queryInterval
        self.sources = sources
    }

    /// Bytes from the group to the last source.
    public var length: Int { (1 + sources.count) * Address.byteCount + 4 }
}

extension MulticastQuery {
    /// Reads what stands in `message` from `offset` on; errors count from the message's start.
    init(parsing message: RawSpan, at offset: Int, of layer: ParseError.Layer) throws(ParseError) {
        let afterGroup = offset + Address.byteCount
        try message.require(afterGroup + 4, of: layer)
        let bits = message.uint8(at: afterGroup)
        group = message.address(at: offset)
        flags = bits >> 4
        suppressesRouterProcessing = bits & 8 != 0
        robustness = bits & 7
        queryInterval = ExponentialCode(rawValue: message.uint8(at: afterGroup + 1))
        let count = Int(message.uint16(at: afterGroup + 2))
        sources = try message.addresses(count, at: afterGroup + 4, of: layer)
    }

    /// Appends the query; of more sources than sixteen bits can count, the count is 65,535.
    func serialize(into output: inout OutputRawSpan) {
        let bits = flags << 4 | (suppressesRouterProcessing ? 8 : 0) | robustness & 7
        output.append(address: group)
        output.append(bigEndian: row(bits, queryInterval.rawValue, UInt16(clamping: sources.count)))
        for source in sources { output.append(address: source) }
    }

    /// The fields with their places, the first byte of the query being at `offset`.
    func fields(named groupName: String, at offset: Int) -> [Field] {
        let afterGroup = offset + Address.byteCount
        let firstSource = afterGroup + 4
        let place = afterGroup..<afterGroup + 1
        let fields: [Field] = [
            .text(groupName, group, offset..<afterGroup),
            .hexadecimal("Flags", flags, place),
            .flag("S", suppressesRouterProcessing, place),
            .number("QRV", robustness, place),
            .number(
                "QQIC", queryInterval.rawValue, afterGroup + 1..<afterGroup + 2, meaning: "\(queryInterval.value) s"),
            .number("Number of sources", sources.count, afterGroup + 2..<firstSource),
        ]
        return fields + Field.list("Source address", sources, at: firstSource)
    }
}

/// Addresses of either family, and rows of them.
extension InternetAddress {
    static var byteCount: Int { bitCount / 8 }
}

extension RawSpan {
    func address<Address: InternetAddress>(at offset: Int) -> Address {
        let words = stride(from: offset, to: offset + Address.byteCount, by: 4)
        return Address(rawValue: words.reduce(0) { $0 << 32 | Address.RawValue(uint32(at: $1)) })
    }

    /// `count` addresses from `offset` on, and nothing is allocated before they are known to be there.
    func addresses<Address: InternetAddress>(
        _ count: Int, at offset: Int, of layer: ParseError.Layer
    ) throws(ParseError) -> [Address] {
        try require(offset + count * Address.byteCount, of: layer)
        return (0..<count).map { address(at: offset + $0 * Address.byteCount) }
    }
}

extension OutputRawSpan {
    mutating func append<Address: InternetAddress>(address: Address) {
        for shift in stride(from: Address.bitCount - 32, through: 0, by: -32) {
            append(bigEndian: UInt32(truncatingIfNeeded: address.rawValue >> shift))
        }
    }
}

extension Field {
    /// Addresses in a row.
    static func list<Address: InternetAddress>(_ name: String, _ addresses: [Address], at offset: Int) -> [Field] {
        addresses.enumerated().map { index, address in
            let start = offset + index * Address.byteCount
            return .text(name, address, start..<start + Address.byteCount)
        }
    }
}
