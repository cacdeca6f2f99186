import Addresses
import Packets

/// The way of one packet, and of what comes back of it.
extension SimulatedNetwork {
    typealias Arrival = (at: Duration, packet: [UInt8])

    /// A node that a packet has passed.
    private struct Stop {
        var node: Int
        /// What its NAT did.
        var translation: Translation.Record?
    }

    /// A packet on its way.
    private struct Trip {
        var packet: TravellingPacket
        var time: Duration
        /// Where it has been, the prober first.
        var stops = [Stop(node: 0)]
        var arrivals: [Arrival] = []

        var here: Int { stops[stops.count - 1].node }
    }

    /// Longer than any hop limit lets a packet go: for those that tunnels carry in circles.
    private static var mostStops: Int { 600 }

    /// What a packet that leaves the prober at a time since the network's start brings back.
    mutating func carry(_ packet: TravellingPacket, at time: Duration) -> [Arrival] {
        var trip = Trip(packet: packet, time: time)
        guard let first = chooseNext(for: trip) else { return [] }
        var goesOn = follow(to: first, &trip)
        while goesOn, trip.stops.count < Self.mostStops { goesOn = pass(&trip) }
        return trip.arrivals
    }

    /// What a node does with a packet.
    /// - Returns: whether the packet is at the next node.
    private mutating func pass(_ trip: inout Trip) -> Bool {
        let node = nodes[trip.here]
        if let forging = node.forging { forge(forging, &trip) }
        if let translation = node.translation, case .redirect(let host) = translation.ends,
            trip.packet.destination == node.address(trip.packet.family)
        {
            let address = nodes[host].address(trip.packet.family)
            trip.stops[trip.stops.count - 1].translation = translation.apply(to: &trip.packet, destination: address)
        }
        if trip.packet.destination == node.address(trip.packet.family) {
            if !isStopped(by: node, trip.packet, &trip), let reply = node.reply(to: trip.packet) {
                answer(reply, &trip)
            }
            return false
        }
        let received = trip.packet
        guard node.lowersHopLimit(of: &trip.packet) else {
            answer(node.error(.timeExceeded, about: received), &trip)
            return false
        }
        if let marking = node.marking { trip.packet.mark(marking) }
        if isStopped(by: node, received, &trip) { return false }
        guard let next = chooseNext(for: trip) else {
            answer(node.error(.unreachable(.network), about: received), &trip)
            return false
        }
        if let link = links[Link.Ends(from: trip.here, to: next)], let mtu = link.mtu,
            trip.packet.bytes.count > mtu, trip.packet.isIndivisible
        {
            guard !link.isBlackHole else { return false }
            answer(node.error(.packetTooBig(mtu: link.toldMTU ?? mtu), about: received), &trip)
            return false
        }
        if let translation = node.translation, case .masquerade = translation.ends {
            let source = node.address(trip.packet.family)
            trip.stops[trip.stops.count - 1].translation = translation.apply(to: &trip.packet, source: source)
        }
        return follow(to: next, &trip)
    }

    /// Whether a filter drops a packet.
    private mutating func isStopped(by node: Node, _ packet: TravellingPacket, _ trip: inout Trip) -> Bool {
        guard let filter = node.filters.first(where: { $0.packets.matches(packet) }) else { return false }
        if let reason = filter.reason { answer(node.error(.unreachable(reason), about: packet), &trip) }
        return true
    }

    private mutating func chooseNext(for trip: Trip) -> Int? {
        let next = nodes[trip.here].next(at: trip.time)
        guard next.count > 1 else { return next.first }
        switch nodes[trip.here].balancing {
        case .packets:
            nodes[trip.here].turns += 1
            return next[nodes[trip.here].turns % next.count]
        case .flows: return next[Int(hash(trip.packet.flow, at: trip.here) % UInt64(next.count))]
        case .destinations: return next[Int(hash(trip.packet.endpoints, at: trip.here) % UInt64(next.count))]
        }
    }

    /// FNV-1a, stirred; every balancer has another one.
    private func hash(_ bytes: [UInt8], at node: Int) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(node)
        for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        sum = (sum ^ sum >> 32) &* 0xD6E8_FEB8_6659_FD93
        return sum ^ sum >> 32
    }

    /// Takes the link to the next node, if it does not lose the packet.
    private mutating func follow(to next: Int, _ trip: inout Trip) -> Bool {
        guard cross(from: trip.here, to: next, &trip.time) else { return false }
        trip.stops.append(Stop(node: next))
        return true
    }

    private mutating func cross(from: Int, to: Int, _ time: inout Duration) -> Bool {
        let (link, other) = (links[Link.Ends(from: from, to: to)], links[Link.Ends(from: to, to: from)])
        time += link?.delay ?? other?.delay ?? ordinaryDelay
        guard let loss = link?.loss, loss > 0 else { return true }
        return Double.random(in: 0..<1, using: &randomness) >= loss
    }

    // MARK: - Back

    /// Answers a packet as the node does where it is.
    private mutating func answer(_ content: Answer.Content, _ trip: inout Trip) {
        let answering = nodes[trip.here].answering
        if answering.silence.contains(where: { $0.matches(trip.packet) }) { return }
        if case .error = content, nodes[trip.here].answering.rateLimit?.allows(at: trip.time) == false { return }
        var copies = 1
        var delay = Duration.zero
        for index in answering.habits.indices where nodes[trip.here].answering.habits[index].shows() {
            switch answering.habits[index].kind {
            case .never: copies = 0
            case .twice: copies *= 2
            case .after(let time): delay += time
            }
        }
        for _ in 0..<copies { send(content, answering, after: delay, &trip) }
    }

    /// Sends an answer back the way that the packet came.
    private mutating func send(_ content: Answer.Content, _ answering: Answering, after: Duration, _ trip: inout Trip) {
        let family = trip.packet.family
        var time = trip.time + after
        var answer = Answer(
            source: nodes[trip.here].address(family), destination: trip.packet.source, content: content,
            hopLimit: answering.hopLimit)
        for index in trip.stops.indices.dropFirst().reversed() {
            let stop = trip.stops[index]
            if let record = stop.translation { answer.pass(record) }
            if index < trip.stops.count - 1, answering.back == nil, nodes[stop.node].forwarding != .hidden {
                guard answer.hopLimit > 1 else { return }
                answer.hopLimit -= 1
            }
            guard cross(from: stop.node, to: trip.stops[index - 1].node, &time) else { return }
        }
        if let back = answering.back {
            guard back.hops >= 1, back.hops <= Int(answer.hopLimit) else { return }
            answer.hopLimit -= UInt8(back.hops - 1)
            if let taken = back.time { time = trip.time + after + taken }
        }
        trip.arrivals.append((time, answer.bytes))
    }

    /// A time exceeded from somebody who knows of the packet what anybody may guess who does not see it: when it was
    /// sent, its ends and its length, what it is and to which port, but none of the numbers that prove it.
    private mutating func forge(_ delay: Duration, _ trip: inout Trip) {
        var forged = trip.packet.bytes
        let start = trip.packet.transportOffset
        let number = trip.packet.family.neutral(trip.packet.protocolNumber)
        let identification = trip.packet.family == .v4 ? 4..<6 : 0..<0
        for index in [Array(identification), Array(start..<forged.count)].joined() {
            switch (number, index - start) {
            // Type and code; the destination port; the length or coverage.
            case (.icmp, 0...1), (.udp, 2...5), (.udpLite, 2...5), (.tcp, 2...3), (.sctp, 2...3), (.dccp, 2...3):
                continue
            default: forged[index] ^= UInt8.random(in: 1...255, using: &randomness)
            }
        }
        forged.mendHeaderChecksum()
        let content = Answer.Content.error(.timeExceeded, quote: forged, Answering())
        let answer = Answer(
            source: Self.forger(trip.packet.family), destination: trip.packet.source, content: content, hopLimit: 60)
        trip.arrivals.append((trip.time + delay, answer.bytes))
    }
}

extension Node {
    /// Takes a hop from a packet; `false` if that was its last.
    fileprivate func lowersHopLimit(of packet: inout TravellingPacket) -> Bool {
        if forwarding == .hidden { return true }
        guard packet.hopLimit > (forwarding == .zero ? 0 : 1) else { return false }
        packet.hopLimit -= 1
        return true
    }
}
