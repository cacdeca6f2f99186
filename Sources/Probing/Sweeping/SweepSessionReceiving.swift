import Addresses

/// What answers say.
extension SweepSession {
    /// Takes in what a packet says; the event that it makes, if any. More may follow from ``next(at:)``.
    public mutating func received(_ answer: SweepAnswer, at arrival: Arrival) -> SweepEvent? {
        guard let (position, index) = probe(answeredBy: answer) else { return nil }
        switch answer.meaning {
        case .reply, .closed: return replied(answer, to: index, at: position, arrival)
        case .error(let error), .notice(let error):
            totals.errors += 1
            return .error(
                SweepError(
                    number: firstNumber + position, address: records[position].address, index: shown(Int(index)),
                    source: answer.source, error: error))
        }
    }

    // MARK: - Which probe

    /// Where the record of the target is that proves itself, and the index of the probe.
    private mutating func probe(answeredBy answer: SweepAnswer) -> (position: Int, index: UInt32)? {
        if let number = answer.number {
            guard let position = position(of: number) else { return nil }
            return index(of: answer, at: position).map { (position, $0) }
        }
        // One address may be several targets: then the answer is for one that waits for it.
        var found: (position: Int, index: UInt32)?
        for number in numbers(of: answer.destination ?? answer.source) {
            guard let position = position(of: number), let index = index(of: answer, at: position) else { continue }
            if isAwaited(index, at: position) { return (position, index) }
            if found == nil { found = (position, index) }
        }
        return found
    }

    private func index(of answer: SweepAnswer, at position: Int) -> UInt32? {
        let sent = records[position].nextIndex
        guard sent > 0, let index = answer.index(of: records[position].address, key: key) else { return nil }
        let last = sent &- 1
        switch index {
        case .number(let number): return number < sent ? number : nil
        case .lowerHalf(let half):
            let back = UInt32(UInt16(truncatingIfNeeded: last) &- half)
            return back <= last ? last - back : nil
        case .unknown: return last
        }
    }

    // MARK: - Replies

    private mutating func replied(
        _ answer: SweepAnswer, to index: UInt32, at position: Int, _ arrival: Arrival
    ) -> SweepEvent? {
        if configuration.checksSource, answer.source != records[position].address { return nil }
        totals.received += 1
        records[position].receivedInAll &+= 1
        guard let departure = departure(of: index, at: position, answer, arrival) else { return nil }
        let (roundTrip, timing) = departure.roundTrip(until: arrival)
        let tries = records[position].nextIndex
        // What comes later is lost, whatever else it says.
        guard roundTrip <= timeout(ofTry: countsProbes ? 1 : tries) else { return nil }

        var reply = reply(answer, to: index, at: position, arrival)
        reply.roundTrip = .nanoseconds(roundTrip)
        reply.timing = timing
        if records[position].remembers(index), records[position].isAnswered(index) {
            totals.duplicates += 1
            return .duplicate(reply)
        }
        if countsProbes {
            guard stopWaiting(for: index, at: position) else { return nil }
        } else {
            guard !records[position].isDone else { return nil }
            end(at: position)
        }
        if records[position].remembers(index) { records[position].setAnswered(index) }
        reply.isFirst = records[position].counts.received == 0
        count(roundTrip, of: index, at: position, isClosed: reply.isClosed)
        if let goal = configuration.goal, totals.alive >= goal { interrupt() }
        return .reply(reply)
    }

    private mutating func count(_ roundTrip: Int64, of index: UInt32, at position: Int, isClosed: Bool) {
        // At the end of a target all its tries are counted already.
        if !countsProbes { records[position].counts.sent -= 1 }
        guard !isClosed else {
            if !records[position].isClosed { totals.closed += 1 }
            records[position].isClosed = true
            records[position].counts.sent += 1
            if !intervals.isEmpty { intervals[position].sent += 1 }
            return
        }
        if records[position].counts.received == 0 { totals.alive += 1 }
        records[position].counts.record(roundTrip: roundTrip)
        totals.roundTrips.record(nanoseconds: roundTrip)
        if !intervals.isEmpty { intervals[position].record(roundTrip: roundTrip) }
        guard !roundTrips.isEmpty, case .count = configuration.mode else { return }
        let missing = Int(index) + 1 - roundTrips[position].count
        if missing > 0 { roundTrips[position].append(contentsOf: repeatElement(-1, count: missing)) }
        roundTrips[position][Int(index)] = roundTrip
    }

    /// When a probe left. Of the last the record knows; of others the packet says so, or what is still waited for.
    private func departure(
        of index: UInt32, at position: Int, _ answer: SweepAnswer, _ arrival: Arrival
    ) -> Departure? {
        if index == records[position].nextIndex &- 1 { return .estimated(records[position].sent) }
        if let sent = answer.sent, sent >= start, sent <= arrival.now { return .estimated(sent) }
        let number = UInt32(truncatingIfNeeded: firstNumber + position)
        for (stage, waits) in waits.enumerated() {
            let wait = waits.last { $0.number == number && $0.index == index }
            if let wait { return .estimated(wait.due.adding(-timeouts[stage])) }
        }
        return nil
    }

    private func reply(
        _ answer: SweepAnswer, to index: UInt32, at position: Int, _ arrival: Arrival
    ) -> SweepReply {
        var reply = SweepReply(answer, about: records[position].address, arrival)
        reply.number = firstNumber + position
        reply.index = shown(Int(index))
        return reply
    }
}

extension SweepReply {
    /// What an answer says by itself.
    init(_ answer: SweepAnswer, about address: IPAddress, _ arrival: Arrival) {
        self.init(
            number: nil, address: address, source: answer.source, index: 0, roundTrip: nil, timing: .userSpace,
            isClosed: answer.meaning == .closed, isFirst: false, wallClock: arrival.kernel ?? arrival.wallClock,
            byteCount: answer.byteCount, hopLimit: answer.hopLimit, trafficClass: answer.trafficClass,
            destination: answer.replyDestination, timestamps: answer.timestamps)
    }
}
