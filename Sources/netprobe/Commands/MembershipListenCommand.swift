import Addresses
import ArgumentParser
import Privileges
import Probing
import ProbingIO
import Sockets

/// The grammar of `netprobe igmp listen` and `netprobe mld listen`.
struct MembershipListenCommand: MembershipVerb {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Print what queriers and members say to each other, as it comes.",
        discussion: """
            All of it is heard, whatever groups this host itself has joined: what goes to a \
            group of one link only, and what this host says. A line has the time, who \
            speaks, and what changes by it. A report that changes nothing is shown with -v only.

            Exit status: 0 when something was heard, 1 when nothing was, 2 for errors.
            """,
        helpNames: MembershipVerbs.helpNames)

    @OptionGroup var common: MembershipOptions
    @Option(
        name: [.customShort("w"), .customLong("deadline")], parsing: .unconditional,
        help: .init("End after so long; without, at Control-C.", valueName: "seconds"))
    var deadline: String?
    @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Show reports that change nothing, too.")
    var verbose = false

    func run(_ family: IPFamily, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let deadline = try UsageError.timeout(deadline)
        let place = try MembershipPlace(common.interface, family, programName: programName(family))
        let report = MembershipEventReport(place, json: common.json, showsAll: verbose)
        let run = try MembershipListenRun.run(place, report, deadline, privileges)
        return run.hasHeard ? .answered : .unanswered
    }
}

/// The grammar of `netprobe igmp querier` and `netprobe mld querier`.
struct MembershipQuerierCommand: MembershipVerb {
    static let configuration = CommandConfiguration(
        commandName: "querier",
        abstract: "Say who asks on this link, and what is wrong with it.",
        discussion: """
            It listens for a little longer than queriers wait by default between two queries, \
            or for -w seconds, and says nothing itself. It warns of two that ask, of versions \
            that do not fit, of queries that are missing, and where nobody asks: switches \
            that snoop forget the members of every group then, and stop to forward it.

            Exit status: 0 when there is a querier and nothing to warn of, 1 otherwise, 2 \
            for errors.
            """,
        helpNames: MembershipVerbs.helpNames)

    @OptionGroup var common: MembershipOptions
    @Option(
        name: [.customShort("w"), .customLong("deadline")], parsing: .unconditional,
        help: .init("Listen for so long; 135 where it is not given.", valueName: "seconds"))
    var deadline: String?

    func run(_ family: IPFamily, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let deadline = try UsageError.timeout(deadline) ?? .seconds(135)
        let place = try MembershipPlace(common.interface, family, programName: programName(family))
        let report = MembershipEventReport(place, json: common.json, showsMembers: false)
        let run = try MembershipListenRun.run(place, report, deadline, privileges)
        var querier = MembershipQuerierReport(place, json: common.json)
        try querier.tell(run.session, after: deadline)
        return run.session.elected != nil && run.session.warnings.isEmpty ? .answered : .unanswered
    }
}

/// A conversation that is followed: the session, and what is told of it.
struct MembershipListenRun: MembershipActivity {
    private(set) var session: MembershipListenSession
    private(set) var hasHeard = false
    private var report: MembershipEventReport
    private let end: MonotonicTime?
    private var isInterrupted = false

    /// Opens the sockets, gives every privilege away, and listens to the end.
    static func run(
        _ place: MembershipPlace, _ report: MembershipEventReport, _ deadline: Duration?,
        _ privileges: consuming ParkedPrivileges
    ) throws -> MembershipListenRun {
        let socket = try place.socket(sends: false, privileges)
        let signals = try SignalDescriptor.forMembership()
        _ = try privileges.giveAway(.base)
        let start = Clock.now
        let run = MembershipListenRun(
            session: MembershipListenSession(place.family, at: start), report: report, end: deadline.map { start + $0 })
        var runner = MembershipRunner(run, over: socket, signals: signals)
        try runner.run()
        return runner.activity
    }

    private init(session: MembershipListenSession, report: MembershipEventReport, end: MonotonicTime?) {
        (self.session, self.report, self.end) = (session, report, end)
    }

    mutating func next(at now: MonotonicTime) throws(OutputError) -> MembershipStep {
        session.advance(to: now)
        for event in session.takeEvents() { try report.tell(event) }
        if isInterrupted || end.map({ now >= $0 }) == true {
            try report.flush()
            return .finished
        }
        let wakeUp = session.wakeUp(after: now)
        return .wait(until: [wakeUp, end].compactMap(\.self).min())
    }

    mutating func received(_ packet: [UInt8], isOwn: Bool, at now: MonotonicTime) throws(OutputError) {
        let arrival = MembershipArrival(reading: packet.span.bytes, family: report.place.family)
        guard arrival != .unrelated else { return }
        hasHeard = true
        session.received(arrival, at: now)
        for event in session.takeEvents() { try report.tell(event) }
    }

    mutating func sent(_ failure: SocketError?, at now: MonotonicTime) throws(OutputError) {}
    mutating func willWait() throws(OutputError) { try report.flush() }
    mutating func interrupt() { isInterrupted = true }
}
