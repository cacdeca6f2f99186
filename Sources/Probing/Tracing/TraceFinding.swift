public import Addresses
public import Packets

/// Something worth saying about a path, concluded from what a ``TraceSession`` has seen.
public enum TraceFinding: Hashable, Sendable {
    /// Somebody between these two hops rewrites the probes, as a NAT does: the first, or 0 for the sender, is the last
    /// that quoted this part of them as it was sent, the second is the first that quoted it otherwise, and the next
    /// that quoted anything, if there is one, did so too.
    case rewritten(between: UInt8, and: UInt8, TraceAnswer.Rewriting)
    /// The type of service or traffic class of the probes becomes this one between these two hops, concluded likewise.
    case differentiatedServices(between: UInt8, and: UInt8, DifferentiatedServices)
    /// At these hops it is the destination's address from which it comes that the probes' hops were used up, though the
    /// destination would take them. A NAT before these hops, or at the first, forwards the probes to another host, and
    /// gives its own address to all that comes from there.
    case forwardedDestination(hops: ClosedRange<UInt8>)
    /// The router or the destination quoted a probe that still had so many hops left, neither 1 nor 0 of them: hops
    /// before it are hidden, in a tunnel for example, or, where that are more than it was sent with, by somebody who
    /// raises the hop limit.
    case quotedHopLimit(hop: UInt8, IPAddress, UInt8)
    /// The routers at these hops, one after the other, told of MPLS labels on the probes (RFC 4950).
    case mpls(hops: ClosedRange<UInt8>)
    /// The hop answers only some probes, and those behind it that lose less lose so much less that it would be chance
    /// in one case of a hundred at most, by the test of two proportions: it limits the rate of its answers, and
    /// forwards well.
    case rateLimited(hop: UInt8, lost: UInt64, of: UInt64)
    /// Probes get lost from this hop on: it and every hop behind it that answers lose some, leaving aside those that
    /// limit the rate of their answers; to the last of them so many.
    case loss(from: UInt8, lost: UInt64, of: UInt64)
    /// Of the probes to this hop, the last that answers, so many were not answered, and it answers with ICMP errors:
    /// either probes get lost, or it limits the rate of these, as most hosts do.
    case lossOrRateLimit(hop: UInt8, lost: UInt64, of: UInt64)
    /// The same address answered at all of these hops in one round: at more than two, or at two with another between
    /// them.
    case loop(IPAddress, hops: [UInt8])
    /// From this hop on answers come back over so many hops, see ``TraceResponder/returnHops``, not over as many as the
    /// probe went; the difference is another than at the hop before.
    case asymmetricReturn(hop: UInt8, IPAddress, returnHops: Int)
    /// The destination's answers, at this hop, come from no further than those of the router before it: it is likely
    /// that this router answers in its name, as filters do that reset connections, and proxies.
    case answeredInName(hop: UInt8, IPAddress, by: IPAddress)
    /// In this round other routers answered at these hops than in the one before.
    case routeChanged(round: UInt64, hops: ClosedRange<UInt8>)
    /// Several answered at this hop in the same round, or by turns in many, though all probes belong to one flow: a
    /// router balances load by packets, or the route changed meanwhile.
    case severalResponders(hop: UInt8, [IPAddress])
    /// The hop said that probes are administratively prohibited: ICMP destination unreachable with code 9, 10 or 13
    /// (RFC 1812 §5.2.7.1), ICMPv6 with code 1, 5 or 6 (RFC 4443 §3.1); or a router on the way said what is the
    /// destination's to say, that a port or protocol is unreachable.
    case filtered(hop: UInt8, by: IPAddress, ICMPError)
    /// The path ends here: a router says that it has no way to the network, or that it does not find the host: ICMP
    /// destination unreachable with any other code than those of filters, of the destination and of packets too big.
    case unreachable(hop: UInt8, by: IPAddress, ICMPError)
    /// A whole round has not reached the end of the path, and not for a loop; so far somebody answered at all, if
    /// anywhere.
    case destinationSilent(lastAnswering: UInt8?)
    /// The same, but asked aside the destination answers TCP at this port, which is open or closed: what is on the way
    /// drops the probes, and not the destination is gone. See ``TraceSession/destinationAnswered(tcpPort:isOpen:)``.
    case answersTCPAlone(port: UInt16, isOpen: Bool, lastAnswering: UInt8?)
}
