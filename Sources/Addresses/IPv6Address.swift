/// An IPv6 address (RFC 4291): sixteen bytes and nothing else. The zone of a link-local address is kept apart, in
/// ``ZonedAddress``.
public struct IPv6Address: InternetAddress {
    /// The address as a number in host byte order: ::1 is 1.
    public let rawValue: UInt128

    /// Makes the address with this number, in host byte order.
    @inlinable
    public init(rawValue: UInt128) {
        self.rawValue = rawValue
    }

    /// The IPv4-mapped form of an IPv4 address, ::ffff:a.b.c.d (RFC 4291 §2.5.5.2).
    @inlinable
    public init(mapping address: IPv4Address) {
        rawValue = 0xffff_0000_0000 | UInt128(address.rawValue)
    }
}

extension IPv6Address {
    /// `::`: any address of this host, or none yet. C calls it `in6addr_any`.
    @inlinable
    public static var any: Self { Self(rawValue: 0) }

    /// `::1`: this host. C calls it `in6addr_loopback`.
    @inlinable
    public static var loopback: Self { Self(rawValue: 1) }

    /// Whether this is ::1 (RFC 4291 §2.5.3).
    @inlinable
    public var isLoopback: Bool { rawValue == 1 }

    /// Whether this address belongs to ff00::/8 (RFC 4291 §2.7).
    @inlinable
    public var isMulticast: Bool { rawValue >> 120 == 0xff }

    /// Whether this is a unicast address of fe80::/10 (RFC 4291 §2.5.6), which names a host only together with a zone.
    @inlinable
    public var isLinkLocal: Bool { rawValue >> 118 == 0xfe80 >> 6 }

    /// Whether this is a group of link-local scope, ff?2::/16 whatever its flags (RFC 4291 §2.7). It needs a zone too.
    @inlinable
    public var isMulticastLinkLocal: Bool { isMulticast && rawValue >> 112 & 0xf == 2 }

    /// Whether this address belongs to fc00::/7 (RFC 4193 §3.1).
    @inlinable
    public var isUniqueLocal: Bool { rawValue >> 121 == 0xfc >> 1 }

    /// Whether this is ::ffff:a.b.c.d, an IPv4 address in IPv6 clothes (RFC 4291 §2.5.5.2).
    @inlinable
    public var isIPv4Mapped: Bool { rawValue >> 32 == 0xffff }

    /// The IPv4 address inside ::ffff:a.b.c.d, or `nil` if this is something else.
    @inlinable
    public var ipv4Mapped: IPv4Address? {
        isIPv4Mapped ? IPv4Address(rawValue: UInt32(truncatingIfNeeded: rawValue)) : nil
    }
}
