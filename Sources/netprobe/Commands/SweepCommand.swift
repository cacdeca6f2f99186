import ArgumentParser

/// The grammar of `netprobe sweep`: that of fping(8), and what it does beyond.
///
/// Values are taken as text here and read by `SweepRequest`, whose complaints name the option and what would be right.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Find out which of very many hosts answer.",
        usage: """
            netprobe sweep [<options>] <target> ...
            netprobe sweep [<options>] -f <file>
            netprobe sweep --scan [<options>] <prefix> ...
            """,
        discussion: """
            Options, output and exit status are those of fping(8). A target is a name, an \
            address, a prefix such as 198.18.0.0/24, or a range such as \
            198.18.0.1-198.18.0.9; without any, they are read from standard input, one a \
            line, as they come. Of a prefix, its network's own address and its broadcast \
            address are left out.

            With --scan no record is kept of any target, however many there are: addresses \
            are asked once, in random order, and only answers are shown.

            Examples:
              netprobe sweep 198.18.0.0/24              who is there?
              netprobe sweep -a -e --exclude off-limits.txt 198.18.0.0/16
              netprobe sweep -C 5 -q router1 router2    five round-trip times of each
              netprobe sweep -l -Q 10 -f hosts.txt      a report every ten seconds
              netprobe sweep --tcp 443 198.18.0.0/24    who offers a web page?
              netprobe sweep --scan --rate 100000 198.18.0.0/15

            Exit status: 0 when all targets answered, 1 when some did not, 2 when a name was \
            not found, 3 for wrong arguments, 4 for what the system refuses. Called as \
            fping, wrong arguments end with 1.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Use IPv4 only.")
    var ipv4 = false
    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Use IPv6 only.")
    var ipv6 = false

    // Targets.

    @Option(
        name: [.customShort("f"), .customLong("file")], parsing: .unconditional,
        help: .init("Read targets from a file, one a line; # begins a comment, - is standard input.", valueName: "file")
    )
    var file: String?
    @Flag(
        name: [.customShort("g"), .customLong("generate")],
        help: "The targets are all addresses of a prefix, or from one address to another.")
    var generate = false
    @Option(
        name: .customLong("exclude"), parsing: .unconditional,
        help: .init(
            "Never probe what a file lists: addresses, prefixes and ranges, one a line; # begins a comment.",
            valueName: "file"))
    var exclude: String?
    @Flag(name: [.customShort("m"), .customLong("all")], help: "Probe all addresses of a name, not only the first.")
    var allAddresses = false
    @Flag(name: [.customShort("A"), .customLong("addr")], help: "Show targets by address, not by name.")
    var addresses = false
    @Flag(name: [.customShort("n"), .customLong("name")], help: "Show targets given as addresses by their names.")
    var names = false
    @Flag(
        name: [.customShort("d"), .customLong("rdns")], help: "Show all targets by the names that their addresses have."
    )
    var reverseNames = false

    // What probes are.

    @Option(
        name: .customLong("tcp"), parsing: .unconditional,
        help: .init("Probes are TCP SYN segments to this port.", valueName: "port"))
    var tcp: String?
    @Option(
        name: .customLong("udp"), parsing: .unconditional,
        help: .init("Probes are UDP datagrams to this port.", valueName: "port"))
    var udp: String?
    @Flag(name: .customLong("icmp-timestamp"), help: "Probes are ICMP timestamp requests, which IPv6 has not.")
    var icmpTimestamp = false
    @Option(
        name: [.customShort("b"), .customLong("size")], parsing: .unconditional,
        help: .init("Bytes of data in each probe, 0 to 65507; the default is 56.", valueName: "bytes"))
    var size: String?
    @Flag(name: [.customShort("R"), .customLong("random")], help: "The data is random, not zeros.")
    var random = false
    @Option(
        name: [.customShort("H"), .customLong("ttl")], parsing: .unconditional,
        help: .init("The TTL or hop limit; the default is 64.", valueName: "hops"))
    var hopLimit: String?
    @Option(
        name: [.customShort("O"), .customLong("tos")], parsing: .unconditional,
        help: .init("The type of service or traffic class, decimal or 0x….", valueName: "tos"))
    var trafficClass: String?
    @Flag(name: [.customShort("M"), .customLong("dontfrag")], help: "Routers may not fragment probes.")
    var dontFragment = false
    @Option(
        name: [.customShort("I"), .customLong("iface")], parsing: .unconditional,
        help: .init("The interface or VRF to send and receive through.", valueName: "interface"))
    var interface: String?
    @Option(
        name: .customLong("oiface"), parsing: .unconditional,
        help: .init("The interface to send through, which is that of -I here.", valueName: "interface"))
    var outgoingInterface: String?
    @Option(
        name: [.customShort("S"), .customLong("src")], parsing: .unconditional,
        help: .init("The address to send from.", valueName: "address"))
    var source: String?
    @Option(
        name: [.customShort("k"), .customLong("fwmark")], parsing: .unconditional,
        help: .init("The mark for policy routing.", valueName: "mark"))
    var mark: String?

    // How many, and when.

    @Option(
        name: [.customShort("r"), .customLong("retry")], parsing: .unconditional,
        help: .init("How often to ask again who does not answer; the default is 3.", valueName: "count"))
    var retries: String?
    @Option(
        name: [.customShort("B"), .customLong("backoff")], parsing: .unconditional,
        help: .init("By what the time-out grows with each try, 1 to 5; the default is 1.5.", valueName: "factor"))
    var backoff: String?
    @Option(
        name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
        help: .init("Ask each target so often, and show each answer.", valueName: "count"))
    var count: String?
    @Option(
        name: [.customShort("C"), .customLong("vcount")], parsing: .unconditional,
        help: .init("The same, and at the end all round-trip times of a target in a line.", valueName: "count"))
    var everyCount: String?
    @Flag(name: [.customShort("l"), .customLong("loop")], help: "Ask each target again and again.")
    var loop = false
    @Option(
        name: [.customShort("i"), .customLong("interval")], parsing: .unconditional,
        help: .init(
            "From one probe to the next; the default is 10, with --scan 1; ordinary users may have 1.",
            valueName: "milliseconds"))
    var interval: String?
    @Option(
        name: .customLong("rate"), parsing: .unconditional,
        help: .init("The same as probes a second; 0 for as fast as it goes.", valueName: "probes"))
    var rate: String?
    @Option(
        name: [.customShort("p"), .customLong("period")], parsing: .unconditional,
        help: .init(
            "With -c, -C and -l, from one probe of a target to its next; the default is 1000, ordinary users may have "
                + "10.", valueName: "milliseconds"))
    var period: String?
    @Option(
        name: [.customShort("t"), .customLong("timeout")], parsing: .unconditional,
        help: .init(
            "How long to wait for an answer; the default is 500, and with -c, -C and -l the period, 2000 at most.",
            valueName: "milliseconds"))
    var timeout: String?
    @Option(
        name: [.customShort("x"), .customLong("reachable")], parsing: .unconditional,
        help: .init("Are so many targets there? The exit status says so.", valueName: "count"))
    var goal: String?
    @Option(
        name: [.customShort("X"), .customLong("fast-reachable")], parsing: .unconditional,
        help: .init("The same, and end as soon as they are.", valueName: "count"))
    var fastGoal: String?
    @Flag(name: .customLong("check-source"), help: "Only the address that was asked may answer.")
    var checkSource = false
    @Option(
        name: .customLong("seqmap-timeout"), parsing: .unconditional,
        help: .init("Without effect: sequence numbers are never used up here.", valueName: "milliseconds"))
    var sequenceTimeout: String?
    @Option(
        name: .customShort("T"), parsing: .unconditional,
        help: .init("Without effect, as in newer versions of fping.", valueName: "number"))
    var ignored: String?

    // Scans.

    @Flag(name: .customLong("scan"), help: "Keep no record of targets: any number of addresses, in random order.")
    var scan = false
    @Option(
        name: .customLong("seed"), parsing: .unconditional,
        help: .init("The order of a scan, and where in it to go on.", valueName: "seed[:position]"))
    var seed: String?
    @Option(
        name: .customLong("shard"), parsing: .unconditional,
        help: .init("Only the kth of n equal parts of a scan; with the same --seed for all.", valueName: "k/n"))
    var shard: String?
    @Flag(
        name: .customLong("include-reserved"),
        help: "Scan reserved, multicast and broadcast addresses too, which are left out by default.")
    var includeReserved = false

    // What is shown.

    @Flag(name: [.customShort("a"), .customLong("alive")], help: "List the targets that answer.")
    var alive = false
    @Flag(name: [.customShort("u"), .customLong("unreach")], help: "List the targets that do not answer.")
    var unreachable = false
    @Flag(name: [.customShort("e"), .customLong("elapsed")], help: "Show round-trip times.")
    var elapsed = false
    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Show only the summary of each target.")
    var quiet = false
    @Option(
        name: [.customShort("Q"), .customLong("squiet")], parsing: .unconditional,
        help: .init("The same, and also every so often.", valueName: "seconds[,cumulative]"))
    var reportInterval: String?
    @Flag(name: [.customShort("s"), .customLong("stats")], help: "Show statistics of all targets at the end.")
    var statistics = false
    @Flag(name: [.customShort("o"), .customLong("outage")], help: "Show for how long each target was away.")
    var outage = false
    @Flag(name: [.customShort("D"), .customLong("timestamp")], help: "Begin each line with the time.")
    var timestamps = false
    @Option(
        name: .customLong("timestamp-format"), parsing: .unconditional,
        help: .init("How -D writes it: unix, ctime, iso or rfc3339.", valueName: "format"))
    var timestampFormat: String?
    @Flag(name: .customLong("print-tos"), help: "Show the type of service of replies.")
    var printTrafficClass = false
    @Flag(name: .customLong("print-ttl"), help: "Show the TTL or hop limit of replies.")
    var printHopLimit = false
    @Flag(
        name: [.customLong("print-reply-dst"), .customLong("print-srcaddr")],
        help: "Show which of our addresses replies came to.")
    var printReplyDestination = false
    @Flag(name: [.customShort("N"), .customLong("netdata")], help: "Write for Netdata; with -l -Q.")
    var netdata = false
    @Flag(name: .customShort("J"), help: "Write fping's JSON; with -c, -C or -l. Called as fping, also --json.")
    var fpingJSON = false
    @Flag(name: .customLong("json"), help: "Print one JSON object a line, schema netprobe.sweep/1.")
    var json = false
    @Flag(name: .customLong("csv"), help: "Print a line of values for each result.")
    var csv = false
    @Flag(
        name: .customLong("plot"),
        help: "Draw the distribution of round-trip times, and a map of the addresses that answer.")
    var plot = false
    @Option(
        name: .customLong("svg"), parsing: .unconditional,
        help: .init("Draw the map into a file.", valueName: "file"))
    var svg: String?
    @Flag(name: [.customShort("v"), .customLong("version")], help: "Print the version.")
    var version = false

    @Argument(help: .init("Names, addresses, prefixes and ranges.", valueName: "target"))
    var operands: [String] = []
}
