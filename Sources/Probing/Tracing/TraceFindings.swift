import Addresses
import Packets

extension TraceSession {
    /// What is worth saying about the path, so far: where it ends first, then what happens on it.
    public var findings: [TraceFinding] {
        let hops = hops
        let loops = loops(hops)
        let routers = Set(hops.flatMap(\.responders).filter { $0.lastAnswer.meaning == .timeExceeded }.map(\.address))
        var findings = filters(hops, routers) + Self.unreachables(hops)
        if completedRounds > 0, destinationHop == nil, loops.isEmpty {
            let last = hops.last { $0.received > 0 }?.hopLimit
            findings.append(
                tcpPort.map { .answersTCPAlone(port: $0.number, isOpen: $0.isOpen, lastAnswering: last) }
                    ?? .destinationSilent(lastAnswering: last))
        }
        findings += loops.map { .loop($0.address, hops: $0.hops) }
        findings += routeChanges(hops)
        findings += Self.losses(hops)
        if configuration.isOneFlow { findings += Self.severalResponders(hops) }
        findings += forwardedDestination(hops)
        findings += Self.rewritings(hops)
        findings += Self.differentiatedServices(hops)
        findings += Self.quotedHopLimits(hops)
        findings += Self.labelledHops(hops)
        findings += returnHops(hops.filter { hop in !loops.contains { $0.hops.contains(hop.hopLimit) } }, routers)
        return findings
    }

    // MARK: - Where it ends

    private func filters(_ hops: [TraceHop], _ routers: Set<IPAddress>) -> [TraceFinding] {
        hops.flatMap { hop in
            hop.responders.compactMap { responder in
                guard let error = responder.lastError,
                    error.isAdministrative || (error.isOfDestination && isOnTheWay(responder, routers))
                else { return nil }
                return .filtered(hop: hop.hopLimit, by: responder.address, error)
            }
        }
    }

    private static func unreachables(_ hops: [TraceHop]) -> [TraceFinding] {
        hops.flatMap { hop in
            hop.responders.compactMap { responder in
                guard case .error(let error) = responder.lastAnswer.meaning, error.isOfNetwork else { return nil }
                return .unreachable(hop: hop.hopLimit, by: responder.address, error)
            }
        }
    }

    /// Whether it is one of the routers that the probes pass, and not where they are to go.
    private func isOnTheWay(_ responder: TraceResponder, _ routers: Set<IPAddress>) -> Bool {
        responder.address != configuration.destination && routers.contains(responder.address)
    }

    // MARK: - Who answers

    private func loops(_ hops: [TraceHop]) -> [TraceLoop] {
        var notices = notices
        notices.add(loops: TraceLoop.all(in: hops, to: configuration.destination))
        return notices.loops
    }

    /// Where routers take turns the route does not change, though it looked so until that was known.
    private func routeChanges(_ hops: [TraceHop]) -> [TraceFinding] {
        let turns = Set(hops.filter(\.takesTurns).map(\.hopLimit))
        return notices.routeChanges.compactMap { change in
            guard !turns.isSuperset(of: [change.hops.lowerBound, change.hops.upperBound]) else { return nil }
            return .routeChanged(round: change.round, hops: change.hops)
        }
    }

    private static func severalResponders(_ hops: [TraceHop]) -> [TraceFinding] {
        hops.filter(\.takesTurns).map {
            .severalResponders(hop: $0.hopLimit, $0.responders.map(\.address))
        }
    }

    private func forwardedDestination(_ hops: [TraceHop]) -> [TraceFinding] {
        let gateways = hops.filter { hop in
            hop.responders.contains {
                $0.address == configuration.destination && $0.lastAnswer.meaning == .timeExceeded
            }
        }
        guard let first = gateways.first, let last = gateways.last else { return [] }
        return [.forwardedDestination(hops: first.hopLimit...last.hopLimit)]
    }

    private func returnHops(_ hops: [TraceHop], _ routers: Set<IPAddress>) -> [TraceFinding] {
        var (difference, before) = (0, TraceHop?.none)
        return hops.compactMap { hop in
            guard
                let responder = hop.responders.first(where: { responder in
                    let answer = responder.lastAnswer
                    return responder.returnHops != nil && answer.isFromHop && answer.quotedHopLimit ?? 1 == 1
                        && (answer.meaning == .timeExceeded || !isOnTheWay(responder, routers))
                }), let returnHops = responder.returnHops
            else { return nil }
            let change = returnHops - Int(hop.hopLimit) - difference
            defer { (difference, before) = (difference + change, hop) }
            guard change != 0, difference + change != 0 else { return nil }
            // Just as many hops as to the router before it.
            if change == -1, responder.address == configuration.destination,
                responder.lastAnswer.meaning != .timeExceeded, let before, before.hopLimit == hop.hopLimit - 1,
                let router = before.responders.first(where: { $0.returnHops == returnHops })
            {
                return .answeredInName(hop: hop.hopLimit, responder.address, by: router.address)
            }
            return .asymmetricReturn(hop: hop.hopLimit, responder.address, returnHops: returnHops)
        }
    }

    // MARK: - Who loses

    private static func losses(_ hops: [TraceHop]) -> [TraceFinding] {
        let answering = hops.filter { $0.received > 0 }
        guard let last = answering.last else { return [] }
        var forwarding: [TraceHop] = []
        var findings: [TraceFinding] = []
        for (index, hop) in answering.enumerated() {
            if limitsRate(hop, behind: answering[(index + 1)...]) {
                findings.append(.rateLimited(hop: hop.hopLimit, lost: hop.lost, of: hop.lost + hop.received))
            } else {
                forwarding.append(hop)
            }
        }
        if let from = forwarding.reversed().prefix(while: { $0.lost > 0 }).last {
            let count = last.lost + last.received
            let isError = from.isAnswered { if case .reply = $0.meaning { false } else { true } }
            findings.append(
                from.hopLimit == last.hopLimit && isError
                    ? .lossOrRateLimit(hop: last.hopLimit, lost: last.lost, of: count)
                    : .loss(from: from.hopLimit, lost: last.lost, of: count))
        }
        return findings
    }

    /// Whether a hop loses so much more than those behind it that lose less than it that this is hardly chance: the
    /// test of two proportions with Yates' correction, one-sided, at 1%. A path has several hops to be wrong about.
    private static func limitsRate(_ hop: TraceHop, behind: ArraySlice<TraceHop>) -> Bool {
        let better = behind.filter { $0.loss < hop.loss }
        let (lost, lostBehind) = (Double(hop.lost), better.reduce(0) { $0 + Double($1.lost) })
        let (count, countBehind) = (
            lost + Double(hop.received), better.reduce(0) { $0 + Double($1.lost + $1.received) }
        )
        guard lost > 0, countBehind > 0 else { return false }
        let common = (lost + lostBehind) / (count + countBehind)
        let spread = 1 / count + 1 / countBehind
        let difference = lost / count - lostBehind / countBehind - spread / 2
        return difference > 2.326 * (common * (1 - common) * spread).squareRoot()
    }

    // MARK: - What is quoted

    /// What the probes look like in the quotes of each hop that quotes them.
    private static func quotes(_ hops: [TraceHop]) -> [(hop: UInt8, answers: [TraceAnswer])] {
        hops.map { hop in
            (hop.hopLimit, hop.responders.map(\.lastAnswer).filter { $0.quotedHopLimit != nil })
        }.filter { !$0.answers.isEmpty }
    }

    private static func rewritings(_ hops: [TraceHop]) -> [TraceFinding] {
        let byTranslation: TraceAnswer.Rewriting = [.source, .destination, .ports, .identification, .checksum]
        let quotes = quotes(hops).map { quote in
            let all = quote.answers.reduce(TraceAnswer.Rewriting()) { $0.union($1.rewriting) }
            return (hop: quote.hop, what: all.intersection(byTranslation))
        }
        var known: TraceAnswer.Rewriting = []
        return quotes.indices.compactMap { index in
            var new = quotes[index].what.subtracting(known)
            if index + 1 < quotes.count { new.formIntersection(quotes[index + 1].what) }
            guard !new.isEmpty else { return nil }
            known.formUnion(new)
            return .rewritten(between: index > 0 ? quotes[index - 1].hop : 0, and: quotes[index].hop, new)
        }
    }

    private static func differentiatedServices(_ hops: [TraceHop]) -> [TraceFinding] {
        let quotes = quotes(hops).map { quote in
            let rewritten = quote.answers.first { $0.rewriting.contains(.differentiatedServices) }
            return (hop: quote.hop, value: rewritten?.quotedDifferentiatedServices)
        }
        var known: DifferentiatedServices?
        return quotes.indices.compactMap { index in
            let value = quotes[index].value
            let isConfirmed = index + 1 == quotes.count || quotes[index + 1].value == value
            guard value != known, isConfirmed else { return nil }
            known = value
            return value.map {
                .differentiatedServices(between: index > 0 ? quotes[index - 1].hop : 0, and: quotes[index].hop, $0)
            }
        }
    }

    private static func quotedHopLimits(_ hops: [TraceHop]) -> [TraceFinding] {
        hops.flatMap { hop in
            hop.responders.compactMap { responder in
                let answer = responder.lastAnswer
                guard answer.isFromHop, let left = answer.quotedHopLimit, left > 1 else { return nil }
                return .quotedHopLimit(hop: hop.hopLimit, responder.address, left)
            }
        }
    }

    private static func labelledHops(_ hops: [TraceHop]) -> [TraceFinding] {
        var tunnels: [ClosedRange<UInt8>] = []
        for hop in hops where hop.responders.contains(where: \.lastAnswer.hasLabels) {
            if let last = tunnels.last, last.upperBound == hop.hopLimit - 1 {
                tunnels[tunnels.count - 1] = last.lowerBound...hop.hopLimit
            } else {
                tunnels.append(hop.hopLimit...hop.hopLimit)
            }
        }
        return tunnels.map { .mpls(hops: $0) }
    }
}

extension ICMPError {
    /// Whether it says that probes are administratively prohibited: RFC 1812 §5.2.7.1, RFC 4443 §3.1.
    fileprivate var isAdministrative: Bool {
        switch family {
        case .v4: type == 3 && [9, 10, 13].contains(code)
        case .v6: type == 1 && [1, 5, 6].contains(code)
        }
    }

    /// Whether a router says that it knows no way, or nobody at its end: the codes of destination unreachable that are
    /// neither the destination's nor administrative, nor about the size of packets.
    fileprivate var isOfNetwork: Bool {
        switch family {
        case .v4: type == 3 && code != 4 && !isOfDestination && !isAdministrative
        case .v6: type == 1 && !isOfDestination && !isAdministrative
        }
    }

    /// Whether only the destination may say it: a protocol or port is unreachable, a header field is not known.
    fileprivate var isOfDestination: Bool {
        switch family {
        case .v4: type == 3 && [2, 3].contains(code)
        case .v6: type == 4 || (type == 1 && code == 4)
        }
    }
}

extension TraceAnswer {
    /// Whether it is from as far as the probe could go. A router that can't or won't pass the probe on is at the hop
    /// before; one that got it without a hop left is at the hop behind.
    fileprivate var isFromHop: Bool {
        guard case .error(let error) = meaning else { return quotedHopLimit != 0 }
        return error.isOfDestination
    }

    /// Whether it tells of MPLS labels on the probe (RFC 4950).
    fileprivate var hasLabels: Bool {
        extensions.contains { if case .mplsLabelStack = $0 { true } else { false } }
    }
}
