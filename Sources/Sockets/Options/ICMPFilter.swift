import CLinux
import Glibc

/// Which ICMP messages a raw `IPPROTO_ICMP` socket receives: `struct icmp_filter`, raw(7).
public struct ICMPFilter: Hashable, SocketOptionValue, BitwiseCopyable {
    /// A bit for each type, the lowest for type 0; a bit that is set drops the type.
    private let blocked: UInt32

    /// Receives messages of these types; of other types, those below 32 are dropped, and those from 32 on, which the
    /// kernel can't drop, received.
    public init(passing types: some Sequence<UInt8>) {
        blocked = ~types.reduce(0) { bits, type in bits | (1 as UInt32) << type }
    }

    /// Receives messages of all types.
    public static let all = ICMPFilter(passing: 0..<32)

    /// Whether messages of this type are received.
    public func passes(_ type: UInt8) -> Bool { blocked & (1 as UInt32) << type == 0 }
}

extension SocketOption where Value == ICMPFilter {
    /// `ICMP_FILTER`, level `SOL_RAW`.
    public static var icmpFilter: Self { .init(level: SOL_RAW, number: ICMP_FILTER, name: "ICMP_FILTER") }
}

/// Which ICMPv6 messages a raw `IPPROTO_ICMPV6` socket receives: `struct icmp6_filter`, RFC 3542 §3.2.
public struct ICMPv6Filter: Hashable, SocketOptionValue, BitwiseCopyable {
    /// A bit for each type, the lowest of the first word for type 0; a bit that is set drops the type.
    private var blocked: (UInt64, UInt64, UInt64, UInt64) = (.max, .max, .max, .max)

    /// Receives messages of these types, and no others.
    public init(passing types: some Sequence<UInt8>) {
        withUnsafeMutableBytes(of: &blocked) { bytes in
            for type in types { bytes[Int(type / 8)] &= ~(1 << (type % 8)) }
        }
    }

    /// Receives messages of all types.
    public static let all = ICMPv6Filter(passing: 0...255)

    /// Whether messages of this type are received.
    public func passes(_ type: UInt8) -> Bool {
        withUnsafeBytes(of: blocked) { $0[Int(type / 8)] & 1 << (type % 8) == 0 }
    }

    public static func == (one: Self, other: Self) -> Bool { one.blocked == other.blocked }

    public func hash(into hasher: inout Hasher) { withUnsafeBytes(of: blocked) { hasher.combine(bytes: $0) } }
}

extension SocketOption where Value == ICMPv6Filter {
    /// `ICMPV6_FILTER`, level `IPPROTO_ICMPV6`.
    public static var icmpv6Filter: Self {
        .init(level: Int32(IPPROTO_ICMPV6), number: ICMPV6_FILTER, name: "ICMPV6_FILTER")
    }
}
