/// An IPv4 address (RFC 791): four bytes and nothing else.
public struct IPv4Address: InternetAddress {
    /// The address as a number in host byte order: 127.0.0.1 is 0x7f00_0001.
    ///
    /// The field `s_addr` of C's `struct in_addr` is `rawValue.bigEndian`.
    public let rawValue: UInt32

    /// Makes the address with this number, in host byte order.
    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Makes an address of its four octets in the order in which they are written: `IPv4Address(127, 0, 0, 1)`.
    @inlinable
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        rawValue = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    /// The four octets in the order in which they are written and sent (network order).
    @inlinable
    public var octets: (UInt8, UInt8, UInt8, UInt8) {
        (
            UInt8(truncatingIfNeeded: rawValue >> 24), UInt8(truncatingIfNeeded: rawValue >> 16),
            UInt8(truncatingIfNeeded: rawValue >> 8), UInt8(truncatingIfNeeded: rawValue)
        )
    }
}

extension IPv4Address {
    /// 0.0.0.0: any address of this host, or none yet. C calls it `INADDR_ANY`.
    @inlinable
    public static var any: Self { Self(rawValue: 0) }

    /// 127.0.0.1: this host. C calls it `INADDR_LOOPBACK`.
    @inlinable
    public static var loopback: Self { Self(127, 0, 0, 1) }

    /// 255.255.255.255: every host of this link (RFC 919 §7). C calls it `INADDR_BROADCAST`.
    @inlinable
    public static var broadcast: Self { Self(rawValue: .max) }

    /// Whether this address belongs to 127.0.0.0/8 (RFC 1122 §3.2.1.3).
    @inlinable
    public var isLoopback: Bool { rawValue >> 24 == 127 }

    /// Whether this address belongs to 224.0.0.0/4 (RFC 1112 §4).
    @inlinable
    public var isMulticast: Bool { rawValue >> 28 == 0xe }

    /// Whether this is 255.255.255.255 (RFC 919 §7). The broadcast address of a subnet can't be told from its digits.
    @inlinable
    public var isLimitedBroadcast: Bool { rawValue == .max }

    /// Whether this address belongs to 169.254.0.0/16 (RFC 3927).
    @inlinable
    public var isLinkLocal: Bool { rawValue >> 16 == 0xa9fe }

    /// Whether this address belongs to 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 (RFC 1918 §3).
    @inlinable
    public var isPrivate: Bool {
        rawValue >> 24 == 10 || rawValue >> 20 == 0xac1 || rawValue >> 16 == 0xc0a8
    }
}
