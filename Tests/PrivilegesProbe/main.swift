// Lives the life that `Privileges` describes, and reports what it could do at each step as `key=value` lines.
//
//     PrivilegesProbe [names | connections [files]] [truncation] [thread] [to FILE] [resolve NAME] [attempt NUMBER]
//
// `names` takes the filter for name resolution, `connections` that for connections, with `files` removing them too,
// `truncation` cutting them short besides;
// `thread` starts a second thread before step 4, `to` opens a file for the report after step 1, and `attempt` ends
// with a system call, by its number, that has to end the process.
import Glibc
import Privileges

let arguments = CommandLine.arguments.dropFirst()
var report = Report()

func value(after word: String) -> String? {
    arguments.firstIndex(of: word).flatMap { $0 + 1 < arguments.endIndex ? arguments[$0 + 1] : nil }
}

do throws(PrivilegeError) {
    let started = Attempts.now()
    let parked = try ParkedPrivileges.park()
    let parkedAt = Attempts.now()
    if let path = value(after: "to") { report.redirect(to: path) }

    report.add("park_microseconds", (parkedAt - started) / 1000)
    report.add("at_secure", parked.caller.isAtSecure)
    report.add("caller", "\(parked.caller.userID):\(parked.caller.groupID)")
    report.add("caller_is_root", parked.caller.isRoot)
    report.add("sudo", parked.caller.sudo.map { "\($0.userID):\($0.groupID)" } ?? "none")
    report.add("holds_net_raw", parked.holds(.netRaw))
    report.add("holds_net_admin", parked.holds(.netAdmin))
    report.add("environment", Attempts.environmentNames())
    report.add("null_descriptors", Attempts.descriptorsOnNull())

    let status = open("/proc/self/status", O_RDONLY)
    report.addStatus("parked", status)
    report.add("parked_owner", "\(geteuid()):\(getegid())")
    report.add("parked_raw_socket", Attempts.rawSocket())
    report.add("raised_raw_socket", parked.raising(.netRaw, .netAdmin) { Attempts.rawSocket() })
    report.add("throwing_raised_raw_socket", Attempts.rawSocketInThrowingBody(parked))
    report.add("lowered_raw_socket", Attempts.rawSocket())

    let parent = getppid()
    if arguments.contains("thread") { Attempts.startThread() }
    let giving = Attempts.now()
    var filter: SystemCallFilter =
        arguments.contains("connections")
        ? .connections(removingFiles: arguments.contains("files"))
        : arguments.contains("names") ? .nameResolution(withThreads: arguments.contains("threads")) : .base
    if arguments.contains("truncation") { filter = filter.truncatingFiles }
    let given = try parked.giveAway(filter)
    report.add("give_away_microseconds", (Attempts.now() - giving) / 1000)
    report.add("given", given)

    report.addStatus("given", status)
    report.add("raw_socket", Attempts.rawSocket())
    report.add("raw_socket_ipv6", Attempts.socket(AF_INET6, CInt(SOCK_RAW.rawValue), CInt(IPPROTO_ICMPV6)))
    report.add("packet_socket", Attempts.socket(AF_PACKET, CInt(SOCK_DGRAM.rawValue), 0))
    report.add("datagram_socket", Attempts.socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0))
    report.add("other_netlink_socket", Attempts.socket(AF_NETLINK, CInt(SOCK_RAW.rawValue), 12))  // NETLINK_NETFILTER
    report.add("listener", Attempts.listener())
    report.add("remove_file", Attempts.removeFile())
    report.add("truncate_file", Attempts.truncateFile())
    report.add("executable_memory", Attempts.executableMemory())
    report.add("read_file", Attempts.open("/etc/passwd", O_RDONLY))
    report.add("write_file", Attempts.open("/dev/null", O_WRONLY))
    report.add("child", Attempts.child())
    report.add("thread", Attempts.thread())
    report.add("signal_to_parent", Attempts.signal(parent))
    report.add("typed_for_user", Attempts.typeForUser())
    report.add("resolved", Attempts.resolve(value(after: "resolve") ?? "localhost"))
    if let number = value(after: "attempt").flatMap({ Int($0) }) { report.add("attempted", Attempts.call(number)) }
} catch {
    report.add("error", error)
    report.finish()
    exit(3)
}
report.finish()
