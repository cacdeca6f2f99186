/// The byte that IPv4 calls *type of service* and IPv6 *traffic class*: six bits for the per-hop behaviour (RFC 2474)
/// and two for explicit congestion notification (RFC 3168).
public struct DifferentiatedServices: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// The whole byte.
    public var rawValue: UInt8

    /// Takes the whole byte.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Takes the whole byte.
    public init(integerLiteral value: UInt8) {
        self.init(rawValue: value)
    }

    /// Puts the two parts together; bits that don't fit are dropped.
    public init(dscp: UInt8, ecn: UInt8 = 0) {
        self.init(rawValue: dscp << 2 | ecn & 0b11)
    }

    /// The differentiated services code point, 0 to 63. Bits that don't fit are dropped.
    public var dscp: UInt8 {
        get { rawValue >> 2 }
        set { self = Self(dscp: newValue, ecn: ecn) }
    }

    /// Explicit congestion notification: 0 not capable, 1 and 2 capable, 3 congestion experienced. Bits that don't fit
    /// are dropped.
    public var ecn: UInt8 {
        get { rawValue & 0b11 }
        set { self = Self(dscp: dscp, ecn: newValue) }
    }
}
