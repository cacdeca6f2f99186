import Addresses
import Probing
import Sockets
import SystemPackage

/// Sending probes, and learning when they left.
extension SweepRunner {
    /// When the next probe will leave, as far as can be told.
    mutating func nextDeparture() -> MonotonicTime {
        if pending == 0 { now = Clock.now }
        let ahead = Int64(pending + (sender?.probeCount ?? 0))
        let time = now + .nanoseconds(ahead * sendingTime)
        // With a thread that sends, those that are expected later leave later: see `EarlyAnswer`.
        lastExpected = sender == nil ? time : max(lastExpected, time)
        return lastExpected
    }

    mutating func add(_ probe: SweepProbe) throws(Observer.Failure) {
        guard let socket = sockets.socket(for: probe.destination.family) else {
            return try notSent(probe, .addressFamilyNotSupported)
        }
        do throws(SocketError) {
            try socket.append(probe)
        } catch {
            return try notSent(probe, error.errno)
        }
        pending += 1
        guard socket.load.isFull else { return }
        try sendLoads()
        try receive()
    }

    /// Has everything leave that is to leave; returns whether there was something.
    mutating func flush() throws(Observer.Failure) -> Bool {
        guard pending > 0 || sender?.probeCount ?? 0 > 0 else { return false }
        try sendLoads()
        sender?.waitForAll()
        try settle()
        now = Clock.now
        return true
    }

    /// Has the loads of all sockets sent: the few probes of one family do not wait for those of another to end.
    private mutating func sendLoads() throws(Observer.Failure) {
        for socket in sockets.all where !socket.load.probes.isEmpty { try send(socket) }
    }

    /// Has the load of a socket sent, or sends it where the thread has enough to do.
    private mutating func send(_ socket: SweepSocket) throws(Observer.Failure) {
        let load = socket.takeLoad()
        pending -= load.probes.count
        if let sender, !sender.isFull { return sender.send(load) }
        while !load.send() { try makeRoom(socket) }
        try settle(load)
    }

    /// Waits a little for the device to take what it has; meanwhile replies are taken in.
    private mutating func makeRoom(_ socket: SweepSocket) throws(Observer.Failure) {
        try receive()
        var polls = PollSet()
        _ = polls.add(socket.sender.fileDescriptor, for: .readable)
        _ = try? polls.wait(timeout: .milliseconds(1))
    }

    // MARK: - What became of it

    /// Takes in what the thread has done.
    mutating func settle() throws(Observer.Failure) {
        guard let sender, sender.probeCount > 0 else { return }
        for load in sender.takeDone() { try settle(load) }
        let known = early.prefix { sender.hasSent(allBefore: $0.sent) }
        early.removeFirst(known.count)
        for early in known { try received(early.answer, at: early.arrival) }
    }

    /// Takes in what has become of a load.
    private mutating func settle(_ load: SweepLoad) throws(Observer.Failure) {
        sendingTime = min(load.timeOfEach, 100_000)
        for index in load.probes.indices { session.departed(load.probes[index], at: load.departure(of: index)) }
        for failure in load.failures { try notSent(load.probes[failure.index], failure.errno) }
        if let probe = load.probes.first { sockets.socket(for: probe.destination.family)?.reuse(load) }
    }

    private mutating func notSent(_ probe: SweepProbe, _ errno: Errno?) throws(Observer.Failure) {
        let event = session.notSent(probe, errno: (errno ?? .invalidArgument).rawValue, at: now)
        if let event { try observer.observed(event, &session) }
    }

    // MARK: - What comes before that

    /// Has the session take in an answer, as soon as it is known when its probe left.
    mutating func take(_ answer: SweepAnswer, at arrival: Arrival) throws(Observer.Failure) {
        guard let sender else { return try received(answer, at: arrival) }
        let sent = min(answer.sent ?? arrival.now, lastExpected)
        guard sender.hasSent(allBefore: sent) else {
            return early.append(EarlyAnswer(answer: answer, arrival: arrival, sent: sent))
        }
        try received(answer, at: arrival)
    }

    private mutating func received(_ answer: SweepAnswer, at arrival: Arrival) throws(Observer.Failure) {
        if let event = session.received(answer, at: arrival) { try observer.observed(event, &session) }
    }
}

/// An answer that came before its probe was known to have left.
struct EarlyAnswer {
    let answer: SweepAnswer
    let arrival: Arrival
    /// When its probe was expected to leave, as the answer says. Nobody vouches for that; but it is no later than what
    /// the last probe was expected to, so that the answer waits for the thread to send what it has, and no longer.
    let sent: MonotonicTime
}
