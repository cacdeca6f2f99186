/// How an attempt to reach a service ended.
public enum ConnectOutcome: Sendable, Equatable {
    /// The connection was made, or the datagram answered.
    case connected
    /// The host is there and says that nobody listens: `ECONNREFUSED`, a TCP reset or an ICMP "port unreachable".
    case refused
    /// Neither came in time.
    case timedOut
    /// The name could not be resolved; the `EAI_` code of getaddrinfo(3).
    case unresolved(code: Int32)
    /// The system or a router on the way said no, with this errno.
    case failed(errno: Int32)
}

/// One attempt to reach a service, when it is over.
public struct ConnectReport: Sendable, Equatable {
    /// The number of the attempt, from 1.
    public var sequence: UInt64
    /// How it ended.
    public var outcome: ConnectOutcome
    /// How long the look-up of the name took; `nil` where there was no name.
    public var lookUp: Duration?
    /// From the call until the answer; for a time-out how long that was waited for, `nil` where nothing was sent.
    public var roundTrip: Duration?
    /// How long it took to close the connection; `nil` where there was none.
    public var close: Duration?

    /// An attempt that has only begun: nothing has answered it.
    init(sequence: UInt64) { (self.sequence, outcome) = (sequence, .timedOut) }
}

/// What a connect session is to do.
public struct ConnectConfiguration: Sendable {
    /// From the beginning of one attempt to the beginning of the next, where that has ended by then.
    public var interval: Duration = .seconds(1)
    /// After how many attempts to stop; `nil` for never.
    public var count: UInt64?
    /// How long an answer may take; `nil` without limit.
    public var timeout: Duration? = .seconds(5)

    /// An attempt a second, without end.
    public init() {}
}

/// What a connect session has counted so far.
public struct ConnectStatistics: Sendable {
    /// Attempts that have ended.
    public internal(set) var attempts: UInt64 = 0
    /// Those that were answered by a connection or a datagram.
    public internal(set) var connected: UInt64 = 0
    /// Those that were answered by a refusal.
    public internal(set) var refused: UInt64 = 0
    /// Those that could not be made, or came back as an error.
    public internal(set) var errors: UInt64 = 0
    /// How long the answers took, refusals included.
    public internal(set) var roundTrips = RoundTripStatistics()

    /// The part of the attempts that nothing answered, 0 to 1; 0 when there was none.
    public var loss: Double {
        attempts == 0 ? 0 : Double(attempts - connected - refused) / Double(attempts)
    }
}
