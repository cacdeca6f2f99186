import Addresses
import Probing
import ProbingIO
import Sockets

/// A query on its way: the session, the packet, and what is told of it.
struct MembershipQueryRun: MembershipActivity {
    private var session: MembershipQuerySession
    private let packet: MembershipPacket
    private var report: MembershipQueryReport
    private var hasFailed = false

    init(_ session: MembershipQuerySession, _ packet: MembershipPacket, _ report: MembershipQueryReport) {
        self.session = session
        self.packet = packet
        self.report = report
    }

    mutating func begin() throws(OutputError) { try report.begin() }

    mutating func end() throws(OutputError) -> ExitStatus {
        try report.end(session)
        return hasFailed ? .error : session.count > 0 ? .answered : .unanswered
    }

    mutating func next(at now: MonotonicTime) throws(OutputError) -> MembershipStep {
        switch session.next(at: now) {
        case .send: .send(packet.bytes, to: packet.destination)
        case .wait(let end): .wait(until: end)
        case .finished: .finished
        }
    }

    mutating func sent(_ failure: SocketError?, at now: MonotonicTime) throws(OutputError) {
        session.sent(at: now)
        guard let failure else { return }
        try report.failed(failure)
        hasFailed = true
        session.interrupt()
    }

    mutating func received(_ packet: [UInt8], isOwn: Bool, at now: MonotonicTime) throws(OutputError) {
        let arrival = MembershipArrival(reading: packet.span.bytes, family: report.place.family)
        for event in session.received(arrival, isOwn: isOwn, at: now) { try report.tell(event) }
    }

    mutating func willWait() throws(OutputError) { try report.flush() }
    mutating func interrupt() { session.interrupt() }
}
