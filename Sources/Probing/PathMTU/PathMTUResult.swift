public import Addresses

/// What is known of how large packets may be on the way to a destination.
public struct PathMTUResult: Sendable {
    /// The hops, from the first one asked on.
    public internal(set) var hops: [PathMTUHop] = []
    /// The links that take less than those before them, in the order of the way.
    public internal(set) var limits: [PathMTULimit] = []
    /// The hop that the destination is at, if it answered.
    public internal(set) var destinationHop: UInt8?

    /// Bytes that packets may have as far as the last hop that answers: to the destination, if
    /// ``destinationHop`` is known. `nil` if nobody answered.
    public var mtu: Int? { hops.last { $0.responder != nil }?.mtu }
}

/// One hop, and how large packets may be up to there.
public struct PathMTUHop: Hashable, Sendable {
    /// The TTL or hop limit.
    public var hopLimit: UInt8
    /// Who answers there; `nil` for nobody.
    public var responder: IPAddress?
    /// The shortest round trip.
    public var roundTrip: Duration?
    /// The TTL or hop limit that its answer arrived with, where known.
    public var answerHopLimit: UInt8?
    /// Bytes of the largest packet that gets there, IP header included; `nil` where nobody answers.
    public var mtu: Int?
    /// Whether the way ends here.
    public var isDestination = false
}

/// A link that takes less than those before it.
public struct PathMTULimit: Hashable, Sendable {
    /// How it is known.
    public enum Evidence: Hashable, Sendable {
        /// This router said so (RFC 1191, RFC 8201).
        case told(by: IPAddress)
        /// This router said that a packet was too big, but with a size that can't be: 0, none smaller than the packet,
        /// or less than every link has to take. The right one was found by trying.
        case toldWrongly(by: IPAddress, size: UInt32)
        /// Nobody said so: larger packets just vanish. Found by trying (RFC 4821, RFC 8899).
        case blackHole
    }

    /// The last hop that larger packets get to; `nil` where that is this host, or hops that do not answer.
    public var lastHop: UInt8?
    /// The next hop that answers, to which they do not.
    public var nextHop: UInt8
    /// Bytes that packets may have from here on.
    public var mtu: Int
    /// Bytes that they might have before.
    public var previousMTU: Int
    /// How it is known.
    public var evidence: Evidence
}

/// What happens in a path-MTU discovery.
public enum PathMTUEvent: Sendable {
    /// This much is known of a hop; hops are told in order.
    case hop(PathMTUHop)
    /// A link takes less than those before it; told before the hops behind it are.
    case limit(PathMTULimit)
}

/// What a path-MTU discovery is to do.
public struct PathMTUConfiguration: Sendable {
    /// The hops to ask, and how long to wait.
    public var path: TraceConfiguration
    /// Bytes to begin with: what the first link takes.
    public var maximumLength: Int
    /// Bytes that every link has to take: 68 (RFC 791 section 3.2), or 1,280 (RFC 8200 section 5).
    public var minimumLength: Int
    /// How often a size is tried before silence says that it does not get through (RFC 8899 section 5.1.2).
    public var attempts = 3

    /// A discovery that begins with what the first link takes.
    public init(to destination: IPAddress, maximumLength: Int) {
        path = TraceConfiguration(to: destination)
        minimumLength = destination.family == .v4 ? 68 : 1280
        self.maximumLength = min(max(maximumLength, minimumLength), Int(UInt16.max))
    }
}
