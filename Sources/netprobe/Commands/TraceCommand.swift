import ArgumentParser

/// The grammar of `netprobe trace`: that of traceroute(8), with a long name for each option, and what it does beyond.
///
/// Values are taken as text here and read by `TraceRequest`, whose complaints name the option and what would be right.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Find the routers on the way to a host, and what each of them does to packets.",
        usage: """
            netprobe trace [<options>] <host> [<bytes>]
            netprobe trace [<options>] --targets <file>
            """,
        discussion: """
            Options, output and exit status are those of traceroute(8). But all probes of \
            a trace belong to one flow, so that routers that balance load do not mix \
            several ways into one: ports stay the same, also without -U. Silent hops are \
            waited for only as long as the hops around them justify. What was noticed on \
            the way is said behind the lines.

            A line holds the hop, who answers there, and a round-trip time for each probe; \
            * is a probe without an answer. Behind the time: !H !N !P host, network or \
            protocol unreachable; !X forbidden by a filter; !S source route failed; !F-1400 \
            needs fragmenting for an MTU of 1400; !V !C precedence; !<9> any other code.

            Examples:
              netprobe trace localhost                  three probes to each hop
              netprobe trace -nT -p 443 198.18.6.2      as a web browser's packets go
              netprobe trace --paths 198.18.6.2         all ways that balancers take
              netprobe trace --report --rounds 60 198.18.6.2
                                                        who loses packets? for a minute
              netprobe trace --mtu 198.18.6.2           how large may packets be?

            Exit status: 0 when the trace was made, whether or not it came to the host; \
            2 for wrong arguments, 1 for what the system refuses.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Use IPv4 only.")
    var ipv4 = false
    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Use IPv6 only.")
    var ipv6 = false

    // What probes are.

    @Flag(name: [.customShort("I"), .customLong("icmp")], help: "Probes are ICMP echo requests.")
    var icmp = false
    @Flag(name: [.customShort("T"), .customLong("tcp")], help: "Probes are TCP SYN segments, to port 80.")
    var tcp = false
    @Flag(
        name: [.customShort("U"), .customLong("udp")],
        help: "Probes are UDP datagrams to port 53; without an option they are UDP, to port 33434.")
    var udp = false
    @Flag(name: .customLong("udplite"), help: "Also -UL. Probes are UDP-Lite datagrams, to port 53.")
    var udpLite = false
    @Flag(name: [.customShort("D"), .customLong("dccp")], help: "Probes are DCCP Requests, to port 33434.")
    var dccp = false
    @Flag(name: [.customShort("S"), .customLong("sctp")], help: "Probes are SCTP INIT chunks, to port 80.")
    var sctp = false
    @Option(
        name: [.customShort("P"), .customLong("protocol")], parsing: .unconditional,
        help: .init("Probes are packets of this protocol: a number, or a name of protocols(5).", valueName: "protocol"))
    var ipProtocol: String?
    @Option(
        name: [.customShort("M"), .customLong("module"), .customLong("method")], parsing: .unconditional,
        help: .init(
            "What probes are, by name: default, icmp, tcp, tcpconn, udp, udplite, sctp, dccp or raw.",
            valueName: "method"))
    var method: String?
    @Option(
        name: [.customShort("O"), .customLong("options")], parsing: .unconditionalSingleValue,
        help: .init("What the method should do differently, separated by commas; help lists it.", valueName: "option"))
    var methodOptions: [String] = []
    @Option(
        name: [.customShort("p"), .customLong("port")], parsing: .unconditional,
        help: .init(
            "The destination port, a number or a service; without effect on -I, whose numbers tell probes apart.",
            valueName: "port"))
    var port: String?
    @Option(
        name: .customLong("sport"), parsing: .unconditional,
        help: .init("The source port; implies -N 1 -w 5.", valueName: "port"))
    var sourcePort: String?
    @Option(
        name: [.customShort("t"), .customLong("tos")], parsing: .unconditional,
        help: .init("The DS field (DSCP and ECN), decimal or 0x….", valueName: "tos"))
    var trafficClass: String?
    @Option(
        name: [.customShort("l"), .customLong("flowlabel")], parsing: .unconditional,
        help: .init("The IPv6 flow label, 20 bits, decimal or 0x….", valueName: "label"))
    var flowLabel: String?
    @Flag(name: [.customShort("F"), .customLong("dont-fragment")], help: "Routers may not fragment probes.")
    var dontFragment = false
    @Flag(name: .customLong("mtu"), help: "Find how large packets may be, hop by hop; implies -F -N 1.")
    var mtu = false

    // Where they go.

    @Option(
        name: [.customShort("f"), .customLong("first")], parsing: .unconditional,
        help: .init("The hop to begin with; the default is 1.", valueName: "hop"))
    var firstHop: String?
    @Option(
        name: [.customShort("m"), .customLong("max-hops")], parsing: .unconditional,
        help: .init("The last hop to ask, 255 at most; the default is 30.", valueName: "hop"))
    var maximumHops: String?
    @Option(
        name: [.customShort("g"), .customLong("gateway")], parsing: .unconditionalSingleValue,
        help: .init(
            "Go through these routers by a loose source route; separated by commas, or given several times.",
            valueName: "router"))
    var gateways: [String] = []
    @Option(
        name: [.customShort("i"), .customLong("interface")], parsing: .unconditional,
        help: .init("The interface or VRF to send through.", valueName: "interface"))
    var interface: String?
    @Option(
        name: [.customShort("s"), .customLong("source")], parsing: .unconditional,
        help: .init("The address to send from.", valueName: "address"))
    var source: String?
    @Flag(name: [.customShort("r"), .customLong("bypass-routing")], help: "Only to hosts on attached networks.")
    var bypassRouting = false
    @Option(
        name: .customLong("fwmark"), parsing: .unconditional,
        help: .init("The mark for policy routing.", valueName: "mark"))
    var mark: String?
    @Flag(name: [.customShort("d"), .customLong("debug")], help: "Set SO_DEBUG on the socket.")
    var debug = false
    @Option(
        name: .customLong("targets"), parsing: .unconditional,
        help: .init(
            "Trace to every host in a file, one a line; # begins a comment, and - is standard input.", valueName: "file"
        ))
    var targets: String?
    @Flag(name: .customLong("strict"), help: "Do nothing if any line of --targets is wrong.")
    var strict = false

    // How many, and when.

    @Option(
        name: [.customShort("q"), .customLong("queries")], parsing: .unconditional,
        help: .init("Probes to each hop, 10 at most; the default is 3, and 1 with rounds.", valueName: "count"))
    var queries: String?
    @Option(
        name: [.customShort("N"), .customLong("sim-queries")], parsing: .unconditional,
        help: .init("How many probes may be under way at once; the default is 16.", valueName: "count"))
    var simultaneousProbes: String?
    @Option(
        name: [.customShort("w"), .customLong("wait")], parsing: .unconditional,
        help: .init(
            """
            How long to wait for an answer at most, then as a multiple of the time that the same hop and that the next \
            hops take; the default is 5,3,3. A single number holds alone.
            """,
            valueName: "seconds,here,near"))
    var wait: String?
    @Option(
        name: [.customShort("z"), .customLong("sendwait")], parsing: .unconditional,
        help: .init("Between two probes: seconds, or milliseconds if above 10; the default is 0.", valueName: "time"))
    var sendWait: String?
    @Option(
        name: .customLong("rate"), parsing: .unconditional,
        help: .init("At most so many probes a second, to all targets together.", valueName: "probes"))
    var rate: String?
    @Option(
        name: .customLong("rounds"), parsing: .unconditional,
        help: .init(
            "Trace so often, and count who answers; 0 goes on until it is interrupted. The default is 1, and 10 with "
                + "--report, --csv and --paths.", valueName: "count"))
    var rounds: String?
    @Option(
        name: .customLong("interval"), parsing: .unconditional,
        help: .init("From one round to the next; the default is 1.", valueName: "seconds"))
    var interval: String?

    // All paths.

    @Flag(
        name: .customLong("paths"),
        help: "Find all paths that balancers of load send packets on, with the loss and time of each.")
    var paths = false
    @Option(
        name: .customLong("confidence"), parsing: .unconditional,
        help: .init("How sure to be that no path was missed; the default is 95.", valueName: "percent"))
    var confidence: String?
    @Option(
        name: .customLong("dot"), parsing: .unconditional,
        help: .init(
            "Write the paths for Graphviz to a file, or - for standard output; implies --paths.", valueName: "file"))
    var dot: String?

    // What is shown.

    @Flag(name: [.customShort("n"), .customLong("numeric")], help: "Never look up the names of addresses.")
    var numeric = false
    @Flag(
        name: [.customShort("e"), .customLong("extensions")],
        help: "Show what routers tell of MPLS labels and interfaces.")
    var extensions = false
    @Flag(
        name: [.customShort("A"), .customLong("as-path-lookups")],
        help: "Show the autonomous systems that addresses belong to, by the DNS of Team Cymru.")
    var asPathLookups = false
    @Option(
        name: .customLong("asn-server"), parsing: .unconditional,
        help: .init(
            "Ask this DNS server for -A, in these zones for IPv4 and IPv6; implies -A.",
            valueName: "address[:port][,zone[,zone6]]"))
    var asnServer: String?
    @Flag(name: .customLong("back"), help: "Show the length of the way back, guessed, where it is another.")
    var back = false
    @Flag(name: .customLong("report"), help: "Print the table of mtr --report at the end.")
    var report = false
    @Flag(name: .customLong("json"), help: "Print one JSON object a line.")
    var json = false
    @Flag(name: .customLong("csv"), help: "Print the fields of mtr --csv at the end.")
    var csv = false
    @Flag(name: [.customShort("V"), .customLong("version")], help: "Print the version.")
    var version = false

    @Argument(help: .init("The host; then the length of a whole packet, 60 or with IPv6 80.", valueName: "host bytes"))
    var operands: [String] = []
}
