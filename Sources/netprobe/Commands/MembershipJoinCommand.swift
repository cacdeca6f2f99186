import Addresses
import ArgumentParser
import Privileges
import Probing
import ProbingIO
import Sockets

/// The grammar of `netprobe igmp join` and `netprobe mld join`.
struct MembershipJoinCommand: MembershipVerb {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Be a member of a group until Control-C: the kernel reports, answers queries, and leaves.",
        discussion: """
            With sources, what they send alone is wanted; with --exclude, what all others \
            send. The version is the kernel's choice: the latest, unless a querier speaks an \
            older one. No privilege is needed.
            """,
        helpNames: MembershipVerbs.helpNames)

    @OptionGroup var common: MembershipOptions
    @Option(
        name: [.customShort("w"), .customLong("deadline")], parsing: .unconditional,
        help: .init("Leave after so long.", valueName: "seconds"))
    var deadline: String?
    @Flag(name: .customLong("exclude"), help: "Any source but those given.")
    var excludes = false
    @Argument(help: .init("A group, and sources of it.", valueName: "group"))
    var operands: [String] = []

    func run(_ family: IPFamily, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let operands = try MembershipOperands(operands, family, interface: common.interface)
        let group = try operands.requiredGroup(family)
        if excludes, operands.sources.isEmpty { throw UsageError("--exclude is for sources, and none is given") }
        let deadline = try UsageError.timeout(deadline)
        let place = try MembershipPlace(operands.interface, family, programName: programName(family))
        let signals = try SignalDescriptor.forMembership()
        let socket: Socket
        do throws(SocketError) { socket = try joined(group, operands.sources, place) } catch {
            throw PingFailure(error)
        }
        _ = try privileges.giveAway(.base)

        var report = MembershipActionReport(place, json: common.json)
        let takesAny = excludes || operands.sources.isEmpty
        try report.tell("joined", group, operands.sources, excludes: takesAny)
        signals.waitForEnd(deadline)
        socket.close()
        try report.tell("left", group, operands.sources, excludes: takesAny)
        return .answered
    }

    private func joined(
        _ group: IPAddress, _ sources: [IPAddress], _ place: MembershipPlace
    ) throws(SocketError) -> Socket {
        let socket = try Socket(place.family == .v4 ? .ipv4 : .ipv6, .datagram)
        let index = place.link.interface.index
        if excludes || sources.isEmpty { try socket.joinGroup(group, interfaceIndex: index) }
        for source in sources {
            if excludes {
                try socket.blockSource(source, ofGroup: group, interfaceIndex: index)
            } else {
                try socket.joinGroup(group, source: source, interfaceIndex: index)
            }
        }
        return socket
    }
}

extension SignalDescriptor {
    /// Waits until the user has had enough, or for so long.
    fileprivate borrowing func waitForEnd(_ duration: Duration?) {
        let end = duration.map { Clock.now + $0 }
        var polls = PollSet()
        _ = polls.add(fileDescriptor, for: .readable)
        while true {
            let left = end.map { max(.zero, $0 - Clock.now) }
            if left == .zero { return }
            _ = try? polls.wait(timeout: left)
            while let signal = next() { if signal == .interrupt || signal == .terminate { return } }
        }
    }
}
