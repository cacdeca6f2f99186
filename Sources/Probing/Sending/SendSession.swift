import Addresses
import DequeModule
public import Packets

/// Sends packets of any kind, and finds out which of the packets that come answer them: by ports, identifiers, and what
/// ICMP errors quote, never by time.
///
/// It knows no sockets and no clock: it is told the time and what arrived, and says what to send and when.
public struct SendSession: Sendable {
    /// A packet that answers are waited for.
    private struct Record {
        let number: UInt64
        var departure: Departure
        let identification: UInt32
        /// What a TCP answer acknowledges.
        let acknowledgment: UInt32?
        let answer: AnswerKey?
        let quote: QuoteKey?
        var isAnswered = false
    }

    /// Packets that an answer can't tell apart.
    private struct Candidates {
        /// The numbers of those that wait, and of some that have been answered meanwhile.
        var waiting: Deque<UInt64> = []
        var lastAnswered: UInt64?
    }

    /// What is to be sent, and when.
    public let configuration: SendConfiguration
    /// What is known so far.
    public private(set) var totals = SendTotals()

    /// Those that answers are waited for, in the order in which they left.
    private var records: Deque<Record> = []
    private var candidatesByAnswer: [AnswerKey: Candidates] = [:]
    private var candidatesByQuote: [QuoteKey: Candidates] = [:]
    private var pace: SweepPace
    private var nextNumber: UInt64 = 0
    private var lastSent: MonotonicTime?
    private var isInterrupted = false

    /// More packets than this are not remembered: of those before them answers are no longer told.
    private static var mostRecords: Int { 1 << 17 }

    /// A session that begins now.
    public init(_ configuration: SendConfiguration, at start: MonotonicTime) {
        self.configuration = configuration
        pace = SweepPace(
            interval: Double(max(0, configuration.interval.clampedNanoseconds)), at: start, goesInGroups: false)
    }

    // MARK: - Sending

    /// What is to be done now.
    public mutating func next(at now: MonotonicTime) -> SendStep {
        if isInterrupted { return .finished }
        forget(at: now)
        guard hasSentAll else {
            guard pace.due(at: now) else { return .wait(until: pace.nextDue) }
            pace.take(at: now)
            nextNumber += 1
            lastSent = now
            return .send(nextNumber - 1)
        }
        guard configuration.expectsAnswers, let lastSent, !isSatisfied else { return .finished }
        let end = lastSent + configuration.timeout
        return end <= now ? .finished : .wait(until: end)
    }

    private var hasSentAll: Bool { configuration.count.map { nextNumber >= $0 } ?? false }

    /// Whether nothing more can come that is of interest.
    private var isSatisfied: Bool {
        if configuration.pattern != nil { return totals.expected > 0 }
        return !configuration.asksMany && totals.answered == totals.sent
    }

    /// The bytes of a packet from its IP header on, or of its fragments in the order in which they leave.
    public func packet(number: UInt64) throws(FragmentationError) -> [[UInt8]] {
        let packet = configuration.expression.packet(number: number)
        guard let fragmenting = configuration.fragmenting else { return [packet] }
        return try fragmenting.pieces(of: packet, identification: UInt32(truncatingIfNeeded: number &+ 1))
    }

    /// A packet has left.
    ///
    /// - Parameters:
    ///   - packet: its bytes, whole.
    ///   - now: when.
    ///   - wallClock: the wall clock at that moment, in nanoseconds since 1970; 0 if that is not known.
    public mutating func departed(_ number: UInt64, _ packet: [UInt8], at now: MonotonicTime, wallClock: Int64 = 0) {
        totals.sent += 1
        guard configuration.expectsAnswers, let view = PacketView(packet[...]) else { return }
        if records.count >= Self.mostRecords { removeFirst() }
        let record = Record(
            number: number, departure: Departure(sent: now, wallClock: wallClock), identification: view.identification,
            acknowledgment: view.acknowledgment, answer: AnswerKey(request: view), quote: QuoteKey(view))
        records.append(record)
        if let key = record.answer { candidatesByAnswer[key, default: Candidates()].waiting.append(number) }
        if let key = record.quote { candidatesByQuote[key, default: Candidates()].waiting.append(number) }
    }

    /// A packet could not be sent, and never will be.
    public mutating func notSent(_ number: UInt64) { totals.failed += 1 }

    /// Ends the session: nothing more is sent, and nothing waited for.
    public mutating func interrupt() { isInterrupted = true }

    // MARK: - Receiving

    /// Takes in a packet that has come, from its IP header on; what it answers, if anything.
    public mutating func received(_ bytes: [UInt8], at arrival: Arrival) -> SendReply? {
        guard let view = PacketView(bytes[...]), let index = index(answeredBy: view) else { return nil }
        let (roundTrip, timing) = records[index].departure.roundTrip(until: arrival)
        let isDuplicate = records[index].isAnswered
        records[index].isAnswered = true
        totals.replies += 1
        if !isDuplicate {
            totals.answered += 1
            totals.roundTrips.record(nanoseconds: roundTrip)
        }
        let isExpected = configuration.pattern?.matches(bytes)
        if isExpected ?? false { totals.expected += 1 }
        return SendReply(
            number: records[index].number, bytes: bytes, roundTrip: .nanoseconds(roundTrip), timing: timing,
            isDuplicate: isDuplicate, isExpected: isExpected)
    }

    private mutating func index(answeredBy view: PacketView) -> Int? {
        if let quoted = view.quoted { return index(quoting: quoted) }
        guard var key = AnswerKey(answer: view) else { return nil }
        // Asked was a group, where nobody is known by this address.
        if candidatesByAnswer[key] == nil { key.peer = nil }
        var candidates = candidatesByAnswer.removeValue(forKey: key)
        defer { candidatesByAnswer[key] = candidates }
        return choose(&candidates, isExact: view.acknowledged.map { number in { $0.acknowledgment == number } })
    }

    private mutating func index(quoting quoted: PacketView) -> Int? {
        let number = quoted.identification
        guard let key = QuoteKey(quoted) else {
            return records.firstIndex { $0.identification == number && $0.quote?.destination == quoted.destination }
        }
        var candidates = candidatesByQuote.removeValue(forKey: key)
        defer { candidatesByQuote[key] = candidates }
        return choose(&candidates, isExact: number == 0 ? nil : { $0.identification == number })
    }

    /// The one that the answer says it is for, or else the first that waits, or else the last that was answered.
    private func choose(_ candidates: inout Candidates?, isExact: ((Record) -> Bool)?) -> Int? {
        while let first = candidates?.waiting.first, index(first).map({ records[$0].isAnswered }) ?? true {
            candidates?.lastAnswered = first
            candidates?.waiting.removeFirst()
        }
        guard let candidates else { return nil }
        let last = candidates.lastAnswered.flatMap(index)
        if let isExact {
            if let last, isExact(records[last]) { return last }
            for number in candidates.waiting { if let index = index(number), isExact(records[index]) { return index } }
        }
        return candidates.waiting.first.flatMap(index) ?? last
    }

    /// Where the record of a packet is: they are in order, and few are missing between them.
    private func index(_ number: UInt64) -> Int? {
        guard let first = records.first?.number, number >= first else { return nil }
        var index = Int(min(number - first, UInt64(max(0, records.count - 1))))
        while index > 0, records[index].number > number { index -= 1 }
        return records[index].number == number ? index : nil
    }

    // MARK: - Forgetting

    private mutating func forget(at now: MonotonicTime) {
        while let first = records.first, first.departure.sent + configuration.timeout < now { removeFirst() }
    }

    private mutating func removeFirst() {
        let record = records.removeFirst()
        if let key = record.answer { Self.forget(record.number, in: &candidatesByAnswer[key]) }
        if let key = record.quote { Self.forget(record.number, in: &candidatesByQuote[key]) }
    }

    private static func forget(_ number: UInt64, in candidates: inout Candidates?) {
        if candidates?.waiting.first == number { candidates?.waiting.removeFirst() }
        if candidates?.waiting.isEmpty ?? true, (candidates?.lastAnswered ?? 0) <= number { candidates = nil }
    }
}

extension PacketView {
    /// What a TCP segment acknowledges.
    fileprivate var acknowledged: UInt32? {
        guard protocolNumber == .tcp, transport.count >= 14, transport.number(at: 13, 1) & 0x10 != 0 else { return nil }
        return transport.number(at: 8, 4)
    }

    /// What an answer to a TCP segment acknowledges: its data, and one more for SYN and FIN each.
    fileprivate var acknowledgment: UInt32? {
        guard protocolNumber == .tcp, transport.count >= 14 else { return nil }
        let flags = transport.number(at: 13, 1)
        let data = max(0, transport.count - Int(transport.number(at: 12, 1) >> 4) * 4)
        return transport.number(at: 4, 4) &+ UInt32(data) &+ (flags & 2 == 0 ? 0 : 1) &+ (flags & 1 == 0 ? 0 : 1)
    }
}
