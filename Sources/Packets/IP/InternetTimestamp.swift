/// A time of day as ICMP timestamps (RFC 792) and the IPv4 timestamp option (RFC 791) carry it.
public struct InternetTimestamp: RawRepresentable, Hashable, Sendable {
    /// Milliseconds since midnight UT; anything else, if the highest bit is set.
    public let rawValue: UInt32

    /// Takes the field as it is, in host byte order.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The time of day that is `milliseconds` after midnight UT; the highest bit is dropped.
    public init(millisecondsSinceMidnight milliseconds: UInt32) {
        self.init(rawValue: milliseconds & ~Self.nonStandard)
    }

    /// Milliseconds since midnight UT, or `nil` for a non-standard value.
    public var millisecondsSinceMidnight: UInt32? {
        rawValue & Self.nonStandard == 0 ? rawValue : nil
    }

    private static let nonStandard: UInt32 = 0x8000_0000
}
