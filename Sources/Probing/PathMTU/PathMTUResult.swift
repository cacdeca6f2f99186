public import Addresses

/// What is known of how large packets may be on the way to a destination.
public struct PathMTUResult: Sendable {
    /// Bytes that this host's own link takes, if that is less than the discovery began with.
    public internal(set) var linkMTU: Int?
    /// Whether the discovery came to its end, and was not interrupted.
    public internal(set) var isComplete = false
    /// The hops, from the first one asked on.
    public internal(set) var hops: [PathMTUHop] = []
    /// The links that take less than those before them, in the order of the way.
    public internal(set) var limits: [PathMTULimit] = []
    /// The hop at which the path ends: that of the destination, or of a router that says it goes no further. `nil` if
    /// nobody was found to be the last.
    public internal(set) var destinationHop: UInt8?

    /// Bytes that packets may have as far as the last hop that answers: to the destination, if
    /// ``destinationHop`` is known. `nil` if nobody answered.
    public var mtu: Int? { hops.last { $0.mtu != nil }?.mtu }
}

/// One hop, and how large packets may be up to there.
public struct PathMTUHop: Hashable, Sendable {
    /// The TTL or hop limit.
    public var hopLimit: UInt8
    /// Who answers there; `nil` for nobody.
    public var responder: IPAddress?
    /// The shortest round trip.
    public var roundTrip: Duration?
    /// The hops that its answers come, guessed from the hop limit that they arrive with: see
    /// ``TraceResponder/returnHops``.
    public var returnHops: Int?
    /// The last error that it sent other than that the hops were used up: of the destination, that nobody listens at
    /// the port; of a router, why the way ends there.
    public var error: ICMPError?
    /// Bytes of the largest packet that gets there, IP header included; `nil` where nobody answers, or nobody did any
    /// more when large packets were sent.
    public var mtu: Int?
    /// Whether the way ends here, at the destination or elsewhere.
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

    /// The last hop that larger packets are known to get to; `nil` for this host.
    public var lastHop: UInt8?
    /// The next hop that answers, to which they do not get.
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
    /// Something happened to a small probe by which the hops are found.
    case probe(TraceEvent)
    /// This host's own link takes so many bytes, less than the discovery began with.
    case ownLink(mtu: Int)
    /// This much is known of a hop; hops are told in order.
    case hop(PathMTUHop)
    /// A link takes less than those before it; told before the hops behind it are. Where the same router takes
    /// back what it said of the same link, the last word counts.
    case limit(PathMTULimit)
}

/// What a path-MTU discovery is to do.
public struct PathMTUConfiguration: Sendable {
    /// The hops to ask, and how long to wait.
    public var path: TraceConfiguration
    /// Bytes to begin with: what the first link takes, or more, which this host will not let out.
    public var maximumLength: Int
    /// Bytes that every link has to take, so that no router is believed that says less: 68 (RFC 791 §3.2) or 1,280
    /// (RFC 8200 §5).
    public var minimumLength: Int
    /// Bytes of the probes that find the hops, which every link takes, even one that is too small for IPv6.
    public var smallestLength: Int
    /// How often a size is tried before silence says that it does not get through (RFC 8899 §5.1.2).
    public var attempts = 3

    /// A discovery that begins with so many bytes, at most 65,535. It finds hops by two probes each: routers that
    /// answer seldom are to have answers left for the large ones.
    public init(to destination: IPAddress, maximumLength: Int = .max) {
        path = TraceConfiguration(to: destination)
        path.probesPerHop = 2
        minimumLength = destination.family == .v4 ? 68 : 1280
        smallestLength = destination.family == .v4 ? 68 : 80
        self.maximumLength = min(max(maximumLength, smallestLength), Int(UInt16.max))
    }
}
