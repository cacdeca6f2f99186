import Addresses

/// What is to be done when.
extension SweepSession {
    public mutating func next(at now: MonotonicTime) -> SweepStep {
        if let event = events.popFirst() { return .report(event) }
        if ending != nil { return nextOfEnding().map { .report($0) } ?? .finished }
        if firstTimeout <= now, let event = timeOut(at: now) { return .report(event) }
        if pace.due(at: now), let probe = nextProbe(at: now) { return .send(probe) }
        return rest()
    }

    /// Ends the session: what is known is reported, and nothing more is sent.
    public mutating func interrupt() {
        if ending == nil { ending = firstNumber }
    }

    /// The probe of an earlier step has left, at this time: ``SweepProbe/sent`` was when it was expected to.
    public mutating func departed(_ probe: SweepProbe, at time: MonotonicTime) {
        guard let position = position(of: UInt32(truncatingIfNeeded: probe.number)),
            records[position].nextIndex &- 1 == UInt32(truncatingIfNeeded: probe.index)
        else { return }
        records[position].sent = time
    }

    /// The probe of the last step could not be sent, and never will be.
    public mutating func notSent(_ probe: SweepProbe, errno: Int32, at now: MonotonicTime) -> SweepEvent? {
        let index = UInt32(truncatingIfNeeded: probe.index)
        guard let position = position(of: UInt32(truncatingIfNeeded: probe.number)),
            stopWaiting(for: index, at: position)
        else { return nil }
        if countsProbes {
            countUnanswered(at: position)
        } else {
            end(at: position)
            events.append(.unreachable(number: probe.number))
        }
        return .notSent(
            number: probe.number, address: probe.destination, index: shown(probe.index), errno: errno)
    }

    // MARK: - Sending

    private mutating func nextProbe(at now: MonotonicTime) -> SweepProbe? {
        // Who is asked for the first time waits for nobody who is asked for ever; a retry comes before new targets.
        if !countsProbes, let number = nextRepeat(at: now) { return probe(number, at: now, due: now) }
        if nextNumber < firstNumber + records.count {
            nextNumber += 1
            return probe(nextNumber - 1, at: now, due: now)
        }
        guard countsProbes, let due = repeats.first?.due, let number = nextRepeat(at: now) else { return nil }
        return probe(number, at: now, due: due)
    }

    /// The number of a target whose turn it is to be asked again.
    private mutating func nextRepeat(at now: MonotonicTime) -> Int? {
        forgetNeedlessRepeats()
        guard let first = repeats.first, first.due <= now, let position = position(of: first.number) else { return nil }
        repeats.removeFirst()
        return firstNumber + position
    }

    /// An answer may have come while its target waited to be asked again.
    private mutating func forgetNeedlessRepeats() {
        while let first = repeats.first {
            if let position = position(of: first.number), !records[position].isDone { return }
            repeats.removeFirst()
        }
    }

    private mutating func probe(_ number: Int, at now: MonotonicTime, due: MonotonicTime) -> SweepProbe {
        pace.take(at: now)
        let position = number - firstNumber
        let forgotten = records[position].send(at: now)
        let shortNumber = UInt32(truncatingIfNeeded: number)
        if let forgotten { awaitedOlder.insert(UInt64(shortNumber) << 32 | UInt64(forgotten)) }
        let tries = records[position].nextIndex
        let index = tries &- 1
        awaitedCount += 1
        totals.sent += 1

        let stage = countsProbes ? 0 : min(Int(index), timeouts.count - 1)
        while waits.count <= stage { waits.append([]) }
        let timeout = now.adding(timeouts[stage])
        waits[stage].append(SweepAppointment(due: timeout, number: shortNumber, index: index))
        if timeout < firstTimeout { firstTimeout = timeout }
        if countsProbes, tries < mostProbes {
            let next = due + configuration.period
            repeats.append(
                SweepAppointment(due: max(next, repeats.last?.due ?? next), number: shortNumber, index: tries))
        }
        return SweepProbe(
            to: records[position].address, scopeID: records[position].scopeID, number: number, index: Int(index),
            sent: now)
    }

    // MARK: - Time-outs

    /// The next probe for which nobody waits any longer. When there is none, `firstTimeout` is right again.
    private mutating func timeOut(at now: MonotonicTime) -> SweepEvent? {
        firstTimeout = MonotonicTime(nanoseconds: .max)
        for stage in waits.indices {
            while let wait = waits[stage].first {
                let position = position(of: wait.number)
                let isAwaited = position.map { self.isAwaited(wait.index, at: $0) } ?? false
                if isAwaited, wait.due > now {
                    firstTimeout = min(firstTimeout, wait.due)
                    break
                }
                waits[stage].removeFirst()
                guard isAwaited, let position else { continue }
                firstTimeout = now
                return timedOut(wait.index, at: position, now)
            }
        }
        return nil
    }

    private mutating func timedOut(_ index: UInt32, at position: Int, _ now: MonotonicTime) -> SweepEvent {
        _ = stopWaiting(for: index, at: position)
        totals.timeouts += 1
        countUnanswered(at: position)
        let number = firstNumber + position
        if !countsProbes {
            if records[position].nextIndex < mostProbes {
                repeats.append(
                    SweepAppointment(
                        due: now, number: UInt32(truncatingIfNeeded: number), index: records[position].nextIndex))
            } else {
                end(at: position)
                events.append(.unreachable(number: number))
            }
        }
        return .timedOut(number: number, index: shown(Int(index)))
    }

    /// Nothing is to be done now. Perhaps never again.
    private mutating func rest() -> SweepStep {
        if awaitedCount > 0 { dropAnsweredWaits() }
        forgetNeedlessRepeats()
        let hasNew = nextNumber < firstNumber + records.count
        if awaitedCount == 0, !hasNew, repeats.isEmpty, hasAllTargets { return .finished }
        var end: MonotonicTime? = awaitedCount > 0 ? firstTimeout : nil
        let due = hasNew ? pace.nextDue : repeats.first.map { max($0.due, pace.nextDue) }
        if let due { end = end.map { min($0, due) } ?? due }
        return .wait(until: end)
    }

    /// Nobody is woken up for the time-out of what is answered.
    private mutating func dropAnsweredWaits() {
        firstTimeout = MonotonicTime(nanoseconds: .max)
        for stage in waits.indices {
            while let wait = waits[stage].first {
                if let position = position(of: wait.number), isAwaited(wait.index, at: position) {
                    firstTimeout = min(firstTimeout, wait.due)
                    break
                }
                waits[stage].removeFirst()
            }
        }
    }

    /// What did not answer until the end.
    private mutating func nextOfEnding() -> SweepEvent? {
        while let number = ending, !countsProbes, number < firstNumber + records.count {
            ending = number + 1
            let position = number - firstNumber
            if !records[position].isDone {
                end(at: position)
                return .unreachable(number: number)
            }
        }
        return nil
    }

    // MARK: - Waiting

    func isAwaited(_ index: UInt32, at position: Int) -> Bool {
        if records[position].remembers(index) { return records[position].isAwaited(index) }
        return awaitedOlder.contains(olderKey(index, at: position))
    }

    /// Stops waiting for a probe; returns whether it was waited for.
    mutating func stopWaiting(for index: UInt32, at position: Int) -> Bool {
        guard isAwaited(index, at: position) else { return false }
        if records[position].remembers(index) {
            records[position].stopWaiting(for: index)
        } else {
            awaitedOlder.remove(olderKey(index, at: position))
        }
        awaitedCount -= 1
        return true
    }

    /// A target is done with.
    mutating func end(at position: Int) {
        awaitedCount -= records[position].stopWaiting()
        records[position].isDone = true
        records[position].counts.sent = Int(records[position].nextIndex)
    }

    private mutating func countUnanswered(at position: Int) {
        records[position].counts.sent += 1
        if !intervals.isEmpty { intervals[position].sent += 1 }
    }

    private func olderKey(_ index: UInt32, at position: Int) -> UInt64 {
        UInt64(UInt32(truncatingIfNeeded: firstNumber + position)) << 32 | UInt64(index)
    }

    /// Retries are probe 0 as well: who answers the second try is alive no less.
    func shown(_ index: Int) -> Int { countsProbes ? index : 0 }
}
