import Addresses
import Probing
import Testing

@Suite("Round-trip times come from the best clocks that agree")
struct TimestampTests {
    /// A request that took 10 µs to leave and 20 µs to be read: 100 ms between the program's clocks.
    private let longest = Duration.ms(100)
    private let sentByKernel = wallClock(at: origin + .ms(0.010))
    private let receivedByKernel = wallClock(at: origin + .ms(99.980))

    /// The round-trip time of one request.
    /// - Parameters:
    ///   - clockSet: by how much the wall clock was set between the transmission and the reception by the kernel.
    ///   - lateClockSet: by how much it was set between that and the moment when the program saw the reply.
    private func roundTrip(
        transmitted: Int64? = nil, received: Int64? = nil, clockSet: Duration = .zero, lateClockSet: Duration = .zero,
        knowsWallClock: Bool = true, _ change: (inout PingConfiguration) -> Void = { _ in }
    ) -> Measured? {
        var session = PingSession(.pinging(.v4, change), at: origin)
        session.sent(at: origin, wallClock: knowsWallClock ? wallClock(at: origin) : nil)
        if let transmitted { session.kernelSent(sequence: 1, at: transmitted) }
        let (first, second) = (nanoseconds(clockSet), nanoseconds(lateClockSet))
        let arrival = Arrival(
            now: origin + longest, wallClock: wallClock(at: origin + longest) + first + second,
            kernel: received.map { $0 + first })
        let reply = session.received(Message.echoReply(.v4, 1), arrival).reply
        return reply.flatMap { reply in reply.roundTrip.map { Measured($0, reply.timing) } }
    }

    private func nanoseconds(_ duration: Duration) -> Int64 { Int64(duration / .nanoseconds(1)) }

    private struct Measured: Equatable {
        var time: Duration
        var timing: RoundTripTiming

        init(_ time: Duration, _ timing: RoundTripTiming) { (self.time, self.timing) = (time, timing) }
    }

    @Test("both of the kernel's timestamps are used where there are both")
    func kernel() {
        let measured = roundTrip(transmitted: sentByKernel, received: receivedByKernel)
        #expect(measured == Measured(.ms(99.970), .kernel))
    }

    @Test("the kernel's receive timestamp alone takes off how long the reply waited")
    func kernelReceive() {
        #expect(roundTrip(received: receivedByKernel) == Measured(.ms(99.980), .kernelReceive))
    }

    @Test("without the kernel's timestamps the program's clock is used")
    func userSpace() {
        #expect(roundTrip() == Measured(longest, .userSpace))
        #expect(roundTrip(transmitted: sentByKernel) == Measured(longest, .userSpace))
    }

    @Test("the kernel's timestamps are left aside where that was asked for")
    func userSpaceTiming() {
        let measured = roundTrip(transmitted: sentByKernel, received: receivedByKernel) { $0.userSpaceTiming = true }
        #expect(measured == Measured(longest, .userSpace))
    }

    @Test(
        "when the wall clock was set while a request was under way the kernel's timestamps are left aside",
        arguments: [.seconds(3600), .ms(50), .ms(1), .ms(-1), .ms(-50), .seconds(-3600)] as [Duration])
    func clockSet(_ by: Duration) {
        let both = roundTrip(transmitted: sentByKernel, received: receivedByKernel, clockSet: by)
        #expect(both == Measured(longest, .userSpace))
        #expect(roundTrip(received: receivedByKernel, clockSet: by) == Measured(longest, .userSpace))
    }

    @Test(
        "when the wall clock was set before the reply was seen the kernel's receive timestamp is left aside",
        arguments: [.seconds(3600), .ms(50), .ms(-50), .seconds(-3600)] as [Duration])
    func clockSetLate(_ by: Duration) {
        #expect(roundTrip(received: receivedByKernel, lateClockSet: by) == Measured(longest, .userSpace))
    }

    @Test(
        "without the wall clock of sending, a round trip longer than the program saw shows that the clock was set",
        arguments: [.seconds(3600), .ms(50), .seconds(-3600), .ms(-150)] as [Duration])
    func clockSetUnknown(_ by: Duration) {
        let measured = roundTrip(
            transmitted: sentByKernel, received: receivedByKernel, clockSet: by, knowsWallClock: false)
        #expect(measured == Measured(.ms(99.980), .kernelReceive))
    }

    @Test("a receive timestamp from after the reply was seen is not believed")
    func receivedInTheFuture() {
        let measured = roundTrip(received: wallClock(at: origin + longest + .ms(1)))
        #expect(measured == Measured(longest, .userSpace))
    }

    @Test(
        "a transmit timestamp that is not known when the reply is seen is done without, also for a number used before")
    func transmitTimestampOfAnotherRequest() {
        var session = PingSession(.pinging { $0.timeout = nil }, at: origin)
        session.sent(at: origin)
        session.kernelSent(sequence: 1, at: sentByKernel)
        for _ in 0..<65_536 { session.sent(at: origin) }
        session.kernelSent(sequence: 1, at: sentByKernel)
        let arrival = Arrival(
            now: origin + longest, wallClock: wallClock(at: origin + longest), kernel: receivedByKernel)
        #expect(session.received(Message.echoReply(.v4, 1), arrival).reply?.timing == .kernelReceive)
    }

    @Test("a clock of the session that goes back makes no negative round-trip time")
    func backwards() {
        var session = PingSession(.pinging(), at: origin)
        session.sent(at: origin)
        let arrival = Arrival(now: origin + .seconds(-1), wallClock: 5, kernel: 4)
        #expect(session.received(Message.echoReply(.v4, 1), arrival).reply?.roundTrip == .zero)
    }
}
