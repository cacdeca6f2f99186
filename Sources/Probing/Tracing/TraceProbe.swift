/// One probe: a packet that may go so many hops.
public struct TraceProbe: Hashable, Sendable {
    /// What tells it from the others of its trace. The probe carries it where a router that quotes eight bytes of it,
    /// or the destination that answers it, gives it back, and where no router looks that balances load. From 1: an IPv4
    /// identification of 0 the kernel would replace.
    public var token: UInt16
    /// The TTL or hop limit that it leaves with, 1 to 255.
    public var hopLimit: UInt8
    /// Which flow it belongs to, from 0. All probes of a flow look alike to a router that balances load by flow.
    public var flow: UInt16
    /// Bytes of the whole packet, IP header included; `nil` is the format's own length.
    public var packetLength: Int?

    public init(token: UInt16, hopLimit: UInt8, flow: UInt16 = 0, packetLength: Int? = nil) {
        self.token = token
        self.hopLimit = hopLimit
        self.flow = flow
        self.packetLength = packetLength
    }
}
