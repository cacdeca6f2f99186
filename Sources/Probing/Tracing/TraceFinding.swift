public import Addresses
public import Packets

/// Something worth saying about a path, concluded from what a ``TraceSession`` has seen.
public enum TraceFinding: Hashable, Sendable {
    /// Somebody between these two hops rewrites the probes, as a NAT does: the first of them, or 0 for the sender, is the
    /// last that quoted them as they were sent, the second is the first that quoted what is said here differently. At
    /// least half of the hops from there on quote it so.
    case rewritten(between: UInt8, and: UInt8, TraceAnswer.Rewriting)
    /// The type of service or traffic class of the probes becomes this one between these two hops, concluded likewise.
    case differentiatedServices(between: UInt8, and: UInt8, DifferentiatedServices)
    /// The router quoted a probe that still had so many hops left, neither 1 nor 0 of them: hops before it are hidden, in
    /// a tunnel for example.
    case quotedHopLimit(hop: UInt8, IPAddress, UInt8)
    /// The routers at these hops, one after the other, told of MPLS labels on the probes (RFC 4950).
    case mpls(hops: ClosedRange<UInt8>)
    /// The hop answers only some probes, the hops behind it lose so much less that it would be chance in one case of
    /// twenty at most: it limits the rate of its answers, and forwards well.
    case rateLimited(hop: UInt8, lost: UInt64, of: UInt64)
    /// Probes get lost from this hop on: it and every hop behind it that answers lose some, other than by a limited rate;
    /// of those to the last of them so many. If it is itself the last one, it may also limit the rate of its answers.
    case loss(from: UInt8, lost: UInt64, of: UInt64)
    /// The same address answered at all of these hops in one round: at more than two, or at two with another between
    /// them.
    case loop(IPAddress, hops: [UInt8])
    /// From this hop on answers come back over so many hops, see ``TraceResponder/returnHops``, not over as many as the
    /// probe went; the difference is another than at the hop before.
    case asymmetricReturn(hop: UInt8, IPAddress, returnHops: Int)
    /// In this round other routers answered at these hops than in the one before.
    case routeChanged(round: UInt64, hops: ClosedRange<UInt8>)
    /// Several answered at this hop in the same round, though all probes belong to one flow: a router balances load by
    /// packets, or the route changed meanwhile.
    case severalResponders(hop: UInt8, [IPAddress])
    /// The hop said that probes are administratively prohibited: ICMP destination unreachable with code 9, 10 or 13
    /// (RFC 1812 §5.2.7.1), ICMPv6 with code 1, 5 or 6 (RFC 4443 §3.1).
    case filtered(hop: UInt8, by: IPAddress, ICMPError)
    /// A whole round has not reached the end of the path; so far somebody answered at all, if anywhere.
    case destinationSilent(lastAnswering: UInt8?)
}

extension TraceSession {
    /// What is worth saying about the path, so far.
    public var findings: [TraceFinding] { [] }
}

/// The same address at several hops of one round.
struct TraceLoop: Hashable, Sendable {
    var address: IPAddress
    var hops: [UInt8]

    static func all(in hops: [TraceHop]) -> [TraceLoop] { [] }
}

/// Other routers than in the round before.
struct TraceRouteChange: Hashable, Sendable {
    var round: UInt64
    var hops: ClosedRange<UInt8>
}

/// What was noticed in rounds that are over; of each kind no more than the last few dozen are remembered.
struct TraceNotices: Sendable {
    private static let most = 64

    private(set) var loops: [TraceLoop] = []
    private(set) var routeChanges: [TraceRouteChange] = []

    mutating func add(loops new: [TraceLoop]) {
        loops += new.filter { !loops.contains($0) }
        loops.removeFirst(max(0, loops.count - Self.most))
    }

    mutating func add(_ change: TraceRouteChange) {
        routeChanges.append(change)
        routeChanges.removeFirst(max(0, routeChanges.count - Self.most))
    }
}
