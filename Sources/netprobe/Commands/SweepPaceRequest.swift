import Privileges
import Probing

/// When the probes of a sweep leave, and how long their answers are waited for: within what the caller may do.
struct SweepPaceRequest {
    /// From one probe to the next; zero for as fast as it goes.
    let interval: Duration
    /// Probes a second; `nil` for as many as go.
    let rate: Double?
    let period: Duration
    /// As it was given.
    let timeout: Duration?

    /// The longest time, in milliseconds: 24 days, as that of poll(2).
    private static let longest = Double(Int32.max)

    init(_ arguments: SweepArguments, caller: Caller) throws(UsageError) {
        guard arguments.interval == nil || arguments.rate == nil else {
            throw UsageError("specify only one of -i, --rate")
        }
        let given = try Self.milliseconds(arguments.interval, option: "-i")
        let rate = try Self.rate(arguments.rate)
        // A scan is of very many: an ordinary user's limit is what is usual then.
        interval = given ?? rate.map(Self.interval) ?? .milliseconds(arguments.scan ? 1 : 10)
        self.rate = rate ?? (interval == .zero ? nil : 1e9 / Double(interval.clampedNanoseconds))
        period = try Self.milliseconds(arguments.period, option: "-p") ?? .seconds(1)
        timeout = try Self.milliseconds(arguments.timeout, option: "-t")
        _ = try Self.milliseconds(arguments.sequenceTimeout, option: "--seqmap-timeout")
        guard !caller.isRoot else { return }
        if interval < .milliseconds(1) {
            throw UsageError(
                rate == nil ? "-i must be >= 1" : "--rate must be 1 to 1000 for ordinary users: root may have more")
        }
        if period < .milliseconds(10) { throw UsageError("-p must be >= 10") }
    }

    /// Reads milliseconds, which may have a fraction.
    private static func milliseconds(_ text: String?, option: String) throws(UsageError) -> Duration? {
        guard let text else { return nil }
        guard let milliseconds = UsageError.decimal(text) else {
            throw UsageError(
                "invalid \(option) value: '\(text.forTerminal)': not a number of milliseconds, such as 0.5")
        }
        guard milliseconds >= 0, milliseconds <= longest else {
            throw UsageError(
                "invalid \(option) value: '\(text.forTerminal)': out of range: 0 <= milliseconds <= \(Int64(longest))")
        }
        return .nanoseconds(Int64((milliseconds * 1e6).rounded()))
    }

    /// Reads probes a second; infinitely many for 0.
    private static func rate(_ text: String?) throws(UsageError) -> Double? {
        guard let text else { return nil }
        guard let rate = UsageError.decimal(text), rate == 0 || (0.001...10_000_000).contains(rate) else {
            throw UsageError(
                "invalid --rate value: '\(text.forTerminal)': not a number of probes a second from 0.001 to 10000000, "
                    + "or 0 for as many as go")
        }
        return rate == 0 ? .infinity : rate
    }

    private static func interval(_ rate: Double) -> Duration {
        rate.isFinite ? .nanoseconds(Int64((1e9 / rate).rounded())) : .zero
    }

    // MARK: - With a record of each target

    /// What the arguments say of how often each target is asked.
    func configuration(_ arguments: SweepArguments) throws(UsageError) -> SweepConfiguration {
        let count = try UsageError.integer(arguments.count, option: "-c", in: 1...Int(Int32.max))
        let everyCount = try UsageError.integer(arguments.everyCount, option: "-C", in: 1...1_000_000)
        let retries = try UsageError.integer(arguments.retries, option: "-r", in: 0...Int(Int32.max)) ?? 3
        var configuration = SweepConfiguration(
            arguments.loop ? .loop : (everyCount ?? count).map { .count($0) } ?? .alive(retries: retries))
        let countsProbes = configuration.mode.countsProbes
        configuration.timeout = timeout ?? (countsProbes ? min(period, .seconds(2)) : .milliseconds(500))
        configuration.backoff = try Self.backoff(arguments.backoff)
        configuration.period = period
        configuration.interval = interval
        configuration.checksSource = arguments.checkSource
        configuration.keepsRoundTrips = everyCount != nil
        configuration.keepsIntervals = countsProbes
        configuration.goal = try UsageError.integer(arguments.fastGoal, option: "-X", in: 1...Int(Int32.max))
        return configuration
    }

    private static func backoff(_ text: String?) throws(UsageError) -> Double {
        guard let text else { return 1.5 }
        guard let factor = UsageError.decimal(text), (1...5).contains(factor) else {
            throw UsageError("backoff factor \(text.forTerminal) not valid, must be between 1.0 and 5.0")
        }
        return factor
    }
}
