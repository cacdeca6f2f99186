import Addresses

/// The head of a router advertisement for IPv4 (RFC 1256). The routers themselves are the message's payload.
public struct ICMPRouterAdvertisement: Hashable, Sendable {
    /// What else the routers do.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code as on the wire.
        public let rawValue: UInt8

        /// Takes any code, assigned or not.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// They forward whatever comes.
        public static let normal = Self(rawValue: 0)
        /// They are mobility agents, and forward no common traffic (RFC 5944 section 2.1).
        public static let noCommonTraffic = Self(rawValue: 16)
    }

    /// A router, as a payload of advertisements lists it.
    public struct Entry: Hashable, Sendable {
        /// The router's address on the link.
        public var address: IPv4Address
        /// How much it should be preferred to others: higher is better, the lowest value means never.
        public var preference: Int32

        /// A router and its preference.
        public init(address: IPv4Address, preference: Int32 = 0) {
            self.address = address
            self.preference = preference
        }
    }

    /// What else the routers do.
    public var code: Code
    /// How many routers follow; `nil` for as many as the payload has.
    public var addressCount: UInt8?
    /// 32-bit words of each entry: 2.
    public var addressEntrySize: UInt8
    /// Seconds for which the entries are valid.
    public var lifetime: UInt16

    /// The head of an advertisement; its default lifetime is that of RFC 1256, half an hour.
    public init(
        code: Code = .normal, lifetime: UInt16 = 1800, addressCount: UInt8? = nil, addressEntrySize: UInt8 = 2
    ) {
        self.code = code
        self.addressCount = addressCount
        self.addressEntrySize = addressEntrySize
        self.lifetime = lifetime
    }
}

extension ICMPRouterAdvertisement {
    /// The routers that a payload lists: as many as there are, whatever the head says.
    public func entries(of payload: RawSpan) -> [Entry] {
        guard addressEntrySize >= 2 else { return [] }
        let size = Int(addressEntrySize) * 4
        let count = min(payload.byteCount / size, addressCount.map(Int.init) ?? .max)
        return (0..<count).map { index in
            Entry(
                address: payload.ipv4Address(at: index * size),
                preference: Int32(bitPattern: payload.uint32(at: index * size + 4)))
        }
    }

    /// Appends entries of two words each, as a message's payload has them.
    public static func serialize(_ entries: [Entry], into output: inout OutputRawSpan) {
        for entry in entries {
            output.append(entry.address)
            output.append(bigEndian: entry.preference)
        }
    }

    init(code: UInt8, restOfHeader: UInt32) {
        self.init(
            code: Code(rawValue: code), lifetime: UInt16(truncatingIfNeeded: restOfHeader),
            addressCount: UInt8(restOfHeader >> 24), addressEntrySize: UInt8(truncatingIfNeeded: restOfHeader >> 16))
    }

    func restOfHeader(payloadLength: Int) -> UInt32 {
        row(addressCount ?? count(in: payloadLength), addressEntrySize, lifetime)
    }

    /// The count is left to follow from the payload where it does.
    func normalized(payloadLength: Int) -> Self {
        var normalized = self
        if addressCount == count(in: payloadLength) { normalized.addressCount = nil }
        return normalized
    }

    private func count(in payloadLength: Int) -> UInt8 {
        UInt8(clamping: payloadLength / max(4, Int(addressEntrySize) * 4))
    }
}
