public import Addresses

/// What is known of one hop limit: how many probes went out with it, and who answered them.
public struct TraceHop: Sendable {
    /// Those that answer at one hop are told apart up to this number, so that forged answers can't fill the memory.
    static let mostResponders = UInt64.bitWidth

    /// The TTL or hop limit.
    public let hopLimit: UInt8
    /// Probes sent with it, in all rounds.
    public internal(set) var sent: UInt64 = 0
    /// Those that were answered, however late.
    public internal(set) var received: UInt64 = 0
    /// Those that were waited for in vain. What is missing to the number sent is under way, or was when the session was
    /// interrupted.
    public internal(set) var lost: UInt64 = 0
    /// Further answers to probes already answered.
    public internal(set) var duplicates: UInt64 = 0
    /// The round-trip times, of whoever answered.
    public internal(set) var roundTrips = RoundTripStatistics()
    /// Who answered, in the order of their first answers; at most 64 are told apart.
    public internal(set) var responders: [TraceResponder] = []
    /// Whether more than one answered in the same round.
    public internal(set) var hasSeveralInOneRound = false

    /// The first round that counts. Before it there was no such hop, because the path ended earlier.
    let firstRound: UInt64
    /// Who answered in the round under way, a bit for each in the order of `responders`.
    var inRound: UInt64 = 0
    /// Who answered in the last round before it in which anybody did.
    var inRoundBefore: UInt64 = 0
    /// Who answered in any round before.
    var inRoundsBefore: UInt64 = 0
    /// The rounds in which anybody did, and those in which others did than in the last, who had done so earlier.
    private var (answeredRounds, returns) = (UInt64(), UInt64())

    init(hopLimit: UInt8, firstRound: UInt64) {
        self.hopLimit = hopLimit
        self.firstRound = firstRound
    }

    /// The part of the probes that was lost, 0 to 1; 0 when the fate of none is known.
    public var loss: Double { lost == 0 ? 0 : Double(lost) / (Double(lost) + Double(received)) }

    /// Counts an answer to a probe, and who sent it.
    mutating func count(_ answer: TraceAnswer, roundTrip: Int64, isOfRound: Bool) {
        received += 1
        roundTrips.record(nanoseconds: roundTrip)
        var index = responders.firstIndex { $0.address == answer.source }
        if index == nil, responders.count < Self.mostResponders {
            index = responders.count
            responders.append(TraceResponder(answer))
        }
        guard let index else { return }
        responders[index].count(answer, roundTrip: roundTrip)
        guard isOfRound else { return }
        inRound |= 1 << UInt64(index)
        if inRound.nonzeroBitCount > 1 { hasSeveralInOneRound = true }
    }

    /// Whether the last answer of anybody who answered is such a one.
    func isAnswered(_ isSuch: (TraceAnswer) -> Bool) -> Bool { responders.contains { isSuch($0.lastAnswer) } }

    /// Whether others answered in the round under way than before. Where several answer by turns, only those never seen
    /// before say so.
    var hasChanged: Bool {
        guard inRound != 0, inRoundBefore != 0 else { return false }
        return inRound & (takesTurns ? inRoundsBefore : inRoundBefore) == 0
    }

    /// Whether several answer by turns: in one round, or from round to round so often that it is no failover.
    var takesTurns: Bool { hasSeveralInOneRound || (returns > 1 && returns >= answeredRounds / 8) }

    /// The round is over.
    mutating func endRound() {
        if inRound != 0 { answeredRounds += 1 }
        if inRound & inRoundBefore == 0, inRound & inRoundsBefore != 0 { returns += 1 }
        inRoundsBefore |= inRound
        if inRound != 0 { inRoundBefore = inRound }
        inRound = 0
    }
}

/// One that answers at a hop.
public struct TraceResponder: Sendable {
    /// Its address.
    public let address: IPAddress
    /// How many probes it answered.
    public internal(set) var received: UInt64 = 0
    /// Their round-trip times.
    public internal(set) var roundTrips = RoundTripStatistics()
    /// The last of its answers: the MPLS and interface objects, what was rewritten, the hop limit that it arrived with.
    public internal(set) var lastAnswer: TraceAnswer
    /// The last error that it sent other than that the hops were used up.
    public internal(set) var lastError: ICMPError?

    init(_ answer: TraceAnswer) {
        address = answer.source
        lastAnswer = answer
    }

    /// The hops that its last answer came, guessed from the hop limit that it arrived with: hosts and routers begin
    /// with 64, 128 or 255. A router at hop N whose answers come back the same way has N; `nil` where the hop limit is
    /// not known.
    public var returnHops: Int? {
        guard let hopLimit = lastAnswer.hopLimit else { return nil }
        return [64, 128, 255].first { $0 >= hopLimit }.map { $0 - Int(hopLimit) + 1 }
    }

    mutating func count(_ answer: TraceAnswer, roundTrip: Int64) {
        received += 1
        roundTrips.record(nanoseconds: roundTrip)
        lastAnswer = answer
        if case .error(let error) = answer.meaning { lastError = error }
    }
}
