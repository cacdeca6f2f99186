public import Addresses
public import Packets

/// The echo requests to one destination: when they go out, which replies are theirs, and what they say together.
///
/// A session knows no sockets and no clock. Whoever runs it asks `next(at:)` what to do, does it, and tells the session what
/// was sent and what arrived. It takes memory for 65,536 requests at most, however many it sends.
///
/// ```swift
/// var session = PingSession(configuration, at: now)
/// loop: while true {
///     switch session.next(at: now) {
///     case .send: transmit { session.writeRequest(into: &$0, timeOfDay: timeOfDay) }; session.sent(at: now)
///     case .wait(let until): waitForPackets(until: until)   // and give them to `received` and `receivedError`
///     case .report(let event): print(event)
///     case .finished: break loop
///     }
/// }
/// ```
public struct PingSession: Sendable {
    /// What a session wants done next.
    public enum Step: Sendable {
        /// Send the request that `writeRequest` writes, then say `sent` or `notSent`.
        case send
        /// Wait for packets until this moment, or without end, then ask again.
        case wait(until: MonotonicTime?)
        /// Something happened by the passing of time; then ask again.
        case report(PingEvent)
        /// There is nothing left to do.
        case finished
    }

    public let configuration: PingConfiguration
    /// What was counted so far.
    public private(set) var statistics = PingStatistics()
    /// When the session began.
    public let start: MonotonicTime

    private var records = ProbeRecords()
    private var schedule: PingSchedule
    private var outages = OutageMeter()
    /// The oldest request whose end has not been seen.
    private var oldestPending: UInt64 = 1
    /// The latest request that was answered or came back as an error.
    private var acknowledged: UInt64 = 0
    private var latestAnswered: UInt64 = 0
    private var reportedOutstanding: UInt64 = 0
    private var lingerEnd: MonotonicTime??
    private var isInterrupted = false
    private var isFinished = false

    public init(_ configuration: PingConfiguration, at start: MonotonicTime) {
        self.configuration = configuration
        self.start = start
        schedule = PingSchedule(configuration.pacing, preload: configuration.preload, start: start)
    }

    /// The number of the request that goes next, from 1. The ICMP sequence number is its lower 16 bits.
    public var nextSequence: UInt64 { records.last + 1 }

    /// The requests that may still be answered: those after the latest that was.
    public var inFlight: UInt64 { records.last - acknowledged }

    /// The time from the start of the session to its last request.
    public var sendingTime: Duration { records.last == 0 ? .zero : records[records.last].sent - start }

    /// Whether requests were answered as the exit status of ping understands it: at least one, and with a deadline all.
    public var succeeded: Bool {
        guard statistics.received > 0 else { return false }
        return configuration.deadline == nil || statistics.received >= configuration.count ?? 0
    }

    /// Ends the session: the next step is `finished`.
    public mutating func interrupt() { isInterrupted = true }

    // MARK: - What to do

    /// What to do at this moment.
    public mutating func next(at now: MonotonicTime) -> Step {
        if isFinished { return .finished }
        if let expired = expireNext(at: now) { return .report(.timedOut(sequence: expired)) }
        if shouldFinish(at: now) {
            finish(at: now)
            return .finished
        }
        var wakeUp = [deadline, nextExpiry].compactMap { $0 }.min()
        if hasSentAll {
            if lingerEnd == nil { lingerEnd = .some(lingerEnd(from: now)) }
            guard let end = lingerEnd ?? nil else { return .wait(until: wakeUp) }
            wakeUp = min(wakeUp ?? end, end)
            return .wait(until: wakeUp)
        }
        let due = schedule.nextSend(inFlight: inFlight)
        guard due <= now else { return .wait(until: min(wakeUp ?? due, due)) }
        if configuration.reportsOutstanding, let outstanding = unreportedOutstanding() {
            return .report(.noAnswerYet(sequence: outstanding))
        }
        return .send
    }

    private var deadline: MonotonicTime? { configuration.deadline.map { start + $0 } }

    private var hasSentAll: Bool {
        guard let count = configuration.count, configuration.deadline == nil else { return false }
        return records.last >= count
    }

    private func shouldFinish(at now: MonotonicTime) -> Bool {
        if isInterrupted { return true }
        if let count = configuration.count, statistics.received + statistics.errors >= count { return true }
        if let deadline, now >= deadline || statistics.errors > 0 { return true }
        if let end = lingerEnd ?? nil { return now >= end }
        return false
    }

    /// How long to wait after the last request: two of the longest round trips, but at least an interval, where something has
    /// been answered; else the time-out.
    private func lingerEnd(from now: MonotonicTime) -> MonotonicTime? {
        guard statistics.received > 0 else { return configuration.timeout.map { now + $0 } }
        return now.adding(max(2 * statistics.roundTrips.longestNanoseconds, schedule.interval))
    }

    private mutating func unreportedOutstanding() -> UInt64? {
        let last = records.last
        guard last > 0, last != reportedOutstanding, records[last].outcome == .pending else { return nil }
        reportedOutstanding = last
        return last
    }

    // MARK: - Sending

    /// Writes the next request as an ICMP message, header and payload. An ICMPv6 checksum is left to the kernel, which knows the
    /// source address (RFC 3542 §3.1).
    /// - Parameter timeOfDay: nanoseconds since 1970, for the timestamp in the payload.
    public func writeRequest(into output: inout OutputRawSpan, timeOfDay: Int64) {
        let start = output.byteCount
        let echo = ICMPEcho(
            identifier: configuration.identifier, sequenceNumber: UInt16(truncatingIfNeeded: nextSequence))
        let nothing = RawSpan()
        switch configuration.destination {
        case .v4: ICMPv4Message(.echoRequest(echo), checksum: 0).serialize(into: &output, payload: nothing)
        case .v6: ICMPv6Message(.echoRequest(echo)).serialize(into: &output, payload: nothing)
        }
        configuration.payload.write(into: &output, timeOfDay: timeOfDay)
        if case .v4 = configuration.destination {
            let checksum = InternetChecksum.of(output.bytes.extracting(start...))
            var written = output.mutableBytes
            written.storeBytes(of: checksum.bigEndian, toByteOffset: start + 2, as: UInt16.self)
        }
    }

    /// The length of a request in bytes, ICMP header included.
    public var requestLength: Int { 8 + configuration.payload.bytes.count }

    /// The next request was handed to the kernel; `now` was read just before.
    public mutating func sent(at now: MonotonicTime) {
        records.append(.init(sent: now))
        statistics.transmitted += 1
        schedule.sent(at: now)
        // What can no longer be told apart by its 16 bits is over.
        while oldestPending < records.oldest { retireOldest() }
    }

    /// The next request could not be sent. Where it is worth it, it is tried again later; else it counts as sent in vain.
    /// - Returns: what to report, if anything.
    public mutating func notSent(_ failure: SendFailure, at now: MonotonicTime) -> PingEvent? {
        switch failure {
        case .bufferFull:
            schedule.retry(after: PingSchedule.shortestWait, from: now)
            return nil
        case .queueFull:
            let timeout = configuration.timeout?.clampedNanoseconds ?? .max
            if schedule.slowDown(from: now, atMostFor: timeout) { return nil }
        case .tooLarge, .refused:
            break
        }
        sent(at: now)
        records[records.last].outcome = .failed
        statistics.errors += 1
        acknowledged = records.last
        return .sendFailed(sequence: records.last, failure)
    }

    /// The kernel's transmit timestamp of a request, in nanoseconds of the wall clock.
    public mutating func kernelSent(sequence: UInt64, at wallClock: Int64) {
        if records.contains(sequence) { records[sequence].kernelSent = wallClock }
    }

    // MARK: - Receiving

    /// When something arrived.
    public struct Arrival: Sendable {
        /// The session's clock just after the receive call.
        public var now: MonotonicTime
        /// The wall clock at the same moment, in nanoseconds since 1970.
        public var wallClock: Int64
        /// The kernel's receive timestamp by the wall clock, where there is one.
        public var kernel: Int64?

        public init(now: MonotonicTime, wallClock: Int64 = 0, kernel: Int64? = nil) {
            self.now = now
            self.wallClock = wallClock
            self.kernel = kernel
        }
    }

    /// An ICMP message arrived.
    /// - Parameters:
    ///   - message: the message from its type on; nothing about it is believed.
    ///   - source: the address that it came from.
    ///   - hopLimit: the TTL or hop limit that it arrived with, where known.
    ///   - options: the IPv4 options of its packet.
    public mutating func received(
        _ message: RawSpan, from source: IPAddress, hopLimit: Int?, options: [IPv4Option] = [], at arrival: Arrival
    ) -> PingEvent {
        guard let parsed = EchoMessage(parsing: message, family: configuration.destination.family) else {
            return .ignored
        }
        switch parsed.content {
        case .reply(let echo):
            guard echo.identifier == configuration.identifier, let sequence = records.sequence(echo.sequenceNumber)
            else {
                return .ignored
            }
            var reply = PingReply(
                sequence: sequence, source: source, byteCount: message.byteCount, hopLimit: hopLimit, roundTrip: nil,
                timing: .userSpace, options: options)
            (reply.roundTrip, reply.timing) = roundTrip(of: sequence, arrival)
            if let rejection = rejection(of: reply, checksumIsGood: parsed.checksumIsGood) {
                return .rejected(reply, rejection)
            }
            reply.damage = configuration.payload.damage(in: message.extracting(8...))
            return .reply(count(reply))
        case .notice(let error):
            guard let quote = try? QuotedPacket(parsing: message.extracting(8...)),
                quote.destination == configuration.destination,
                let sequence = sequence(quoted: quote.echoRequest)
            else { return .ignored }
            return .notice(PathError(sequence: sequence, source: source, error: error))
        }
    }

    private mutating func rejection(of reply: PingReply, checksumIsGood: Bool) -> PingRejection? {
        guard configuration.acceptsAnySource || reply.source == configuration.destination else {
            return .differentAddress
        }
        let rejection: PingRejection? =
            !checksumIsGood ? .badChecksum : reply.byteCount < requestLength ? .truncated : nil
        if rejection != nil { statistics.corrupted += 1 }
        return rejection
    }

    private mutating func count(_ reply: PingReply) -> PingReply {
        var reply = reply
        acknowledge(reply.sequence)
        switch records[reply.sequence].outcome {
        case .answered:
            reply.isDuplicate = true
            statistics.duplicates += 1
        case .expired:
            reply.isLate = true
            statistics.late += 1
            statistics.received += 1
        case .pending, .failed:
            statistics.received += 1
        }
        if !reply.isDuplicate {
            if reply.sequence < latestAnswered { statistics.reordered += 1 }
            latestAnswered = max(latestAnswered, reply.sequence)
            records[reply.sequence].outcome = .answered
        }
        if let roundTrip = reply.roundTrip {
            statistics.roundTrips.record(roundTrip)
            schedule.measured(statistics.roundTrips.exponentialAverageNanoseconds)
        }
        return reply
    }

    /// An ICMP error about one of our packets came through a socket's error queue.
    /// - Parameters:
    ///   - error: its type, code and information.
    ///   - source: who sent it.
    ///   - destination: the destination of the packet that it quotes.
    ///   - quote: the quoted ICMP message, from its type on.
    public mutating func receivedError(
        _ error: ICMPError, from source: IPAddress, about destination: IPAddress, quoting quote: RawSpan
    ) -> PingEvent {
        guard destination == configuration.destination,
            let sequence = sequence(quoted: EchoMessage.echoRequest(in: quote, family: destination.family))
        else { return .ignored }
        // An error about a request that has already ended, by an answer or by an error, ends nothing.
        guard records[sequence].outcome == .pending || records[sequence].outcome == .expired else { return .ignored }
        acknowledge(sequence)
        records[sequence].outcome = .failed
        statistics.errors += 1
        return .pathError(PathError(sequence: sequence, source: source, error: error))
    }

    private func sequence(quoted echo: ICMPEcho?) -> UInt64? {
        guard let echo, echo.identifier == configuration.identifier else { return nil }
        return records.sequence(echo.sequenceNumber)
    }

    private mutating func acknowledge(_ sequence: UInt64) {
        acknowledged = max(acknowledged, sequence)
        statistics.pipe = max(statistics.pipe, records.last - sequence + 1)
    }

    /// The round-trip time by the best clocks there are. The kernel's timestamps are of the wall clock, which may be set between
    /// the two: they count only where they agree with the session's clock, by which the round trip can't have been longer.
    private func roundTrip(of sequence: UInt64, _ arrival: Arrival) -> (Duration, PingTiming) {
        let record = records[sequence]
        let longest = arrival.now.nanoseconds &- record.sent.nanoseconds
        if let kernel = arrival.kernel, !configuration.userSpaceTiming {
            let between = kernel &- record.kernelSent
            if record.kernelSent != 0, between >= 0, between <= longest { return (.nanoseconds(between), .kernel) }
            let waited = arrival.wallClock &- kernel
            if waited >= 0, waited <= longest { return (.nanoseconds(longest - waited), .kernelReceive) }
        }
        return (.nanoseconds(max(0, longest)), .userSpace)
    }

    // MARK: - The passing of time

    private var nextExpiry: MonotonicTime? {
        guard let timeout = configuration.timeout, oldestPending <= records.last else { return nil }
        return records[oldestPending].sent + timeout
    }

    /// Sees the ends of the oldest requests; returns the number of one that has just timed out.
    private mutating func expireNext(at now: MonotonicTime) -> UInt64? {
        while oldestPending <= records.last {
            if records[oldestPending].outcome == .pending {
                guard let expiry = nextExpiry, expiry <= now else { return nil }
                let expired = oldestPending
                records[expired].outcome = .expired
                retireOldest()
                return expired
            }
            retireOldest()
        }
        return nil
    }

    private mutating func retireOldest() {
        if records.contains(oldestPending) {
            let record = records[oldestPending]
            outages.add(answered: record.outcome == .answered, at: record.sent)
        }
        oldestPending += 1
        statistics.longestOutage = outages.longest
    }

    private mutating func finish(at now: MonotonicTime) {
        while oldestPending <= records.last { retireOldest() }
        outages.end(at: now)
        statistics.longestOutage = outages.longest
        isFinished = true
    }
}
