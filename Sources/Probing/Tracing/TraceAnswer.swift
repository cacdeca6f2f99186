public import Addresses
public import Packets

/// A packet that proves by what it carries which probe it answers.
public struct TraceAnswer: Hashable, Sendable {
    /// What an answer says about its probe.
    public enum Meaning: Hashable, Sendable {
        /// The probe's hops were used up where the answer comes from.
        case timeExceeded
        /// The destination itself answered the way that the probe's protocol has it.
        case reply(Reply)
        /// The probe ended there, for another reason: a destination unreachable, a packet too big, a parameter problem.
        case error(ICMPError)
    }

    /// How a destination answers.
    public enum Reply: Hashable, Sendable {
        /// An echo reply.
        case echo
        /// A UDP or UDP-Lite datagram, or a packet of the protocol that was asked for.
        case datagram
        /// A TCP segment with these flags: SYN and ACK where the port is open, RST where it is closed.
        case tcp(TCPHeader.Flags)
        /// SCTP: INIT ACK (`accepted`) or ABORT. DCCP: Response (`accepted`) or Reset.
        case association(accepted: Bool)
    }

    /// What on the way to the answering router changed in the probe, as its quote shows. Whatever routers must change
    /// (the TTL, the header checksum) is left out.
    public struct Rewriting: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The source address: a NAT that did not put it back in the quote.
        public static var source: Self { Self(rawValue: 1) }
        /// The destination address.
        public static var destination: Self { Self(rawValue: 2) }
        /// A port, or the ICMP identifier.
        public static var ports: Self { Self(rawValue: 4) }
        /// The IPv4 identification.
        public static var identification: Self { Self(rawValue: 8) }
        /// The transport checksum: a NAT that put addresses and ports back, but not this.
        public static var checksum: Self { Self(rawValue: 16) }
        /// The type of service or traffic class, see ``TraceAnswer/quotedDifferentiatedServices``.
        public static var differentiatedServices: Self { Self(rawValue: 32) }
        /// The length of the packet.
        public static var length: Self { Self(rawValue: 64) }
    }

    /// The token of the probe that it answers.
    public var token: UInt16
    /// Who sent it.
    public var source: IPAddress
    /// What it says.
    public var meaning: Meaning
    /// The TTL or hop limit that it arrived with, where known.
    public var hopLimit: UInt8?
    /// The TTL or hop limit that the probe had left when it was quoted; `nil` without a quote.
    public var quotedHopLimit: UInt8?
    /// The type of service or traffic class in the quote; `nil` without a quote.
    public var quotedDifferentiatedServices: DifferentiatedServices?
    /// What had changed in the probe.
    public var rewriting: Rewriting = []
    /// The objects behind the quote (RFC 4884), MPLS label stacks (RFC 4950) and interfaces (RFC 5837) among them; an
    /// empty list where there are none, or none that can be read.
    public var extensions: [ICMPExtensionObject] = []

    public init(token: UInt16, from source: IPAddress, _ meaning: Meaning) {
        self.token = token
        self.source = source
        self.meaning = meaning
    }
}
