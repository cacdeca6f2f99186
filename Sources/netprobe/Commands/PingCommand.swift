import ArgumentParser

/// The grammar of `netprobe ping`: that of ping(8) of iputils, with a long name for each option.
///
/// Values are taken as text here and read by `PingRequest`, whose complaints name the option and what would be right.
struct PingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping",
        abstract: "Send ICMP echo requests to a host, and say what comes back and how long it took.",
        usage: "netprobe ping [<options>] [<hop> ...] <destination>",
        discussion: """
            Options, output and exit status are those of ping(8) of iputils.

            Examples:
              netprobe ping -c 3 localhost              three requests, then statistics
              netprobe ping -c 100 -i 0.2 --percentiles 198.18.6.2
                                                        a hundred, five a second, with the distribution
              netprobe ping -M do -s 1472 198.18.6.2    does a full Ethernet frame get through?

            Exit status: 0 when answered, 1 when not (with -w: not -c times), 2 for errors.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    @Flag(name: [.customShort("3"), .customLong("precise")], help: "Show round-trip times to the microsecond.")
    var precise = false
    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Use IPv4 only.")
    var ipv4 = false
    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Use IPv6 only.")
    var ipv6 = false
    @Flag(name: [.customShort("a"), .customLong("audible")], help: "Ring the terminal's bell for each reply.")
    var audible = false
    @Flag(
        name: [.customShort("A"), .customLong("adaptive")],
        help: "Send at the pace of the round-trip time; for ordinary users every 2 ms at most.")
    var adaptive = false
    @Flag(name: [.customShort("b"), .customLong("broadcast")], help: "Allow a broadcast address.")
    var broadcast = false
    @Flag(
        name: [.customShort("B"), .customLong("sticky-source")], help: "Keep to the source address chosen at the start."
    )
    var stickySource = false
    @Option(
        name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
        help: .init("Stop after this many requests; with -w, after this many replies.", valueName: "count"))
    var count: String?
    @Flag(name: [.customShort("C"), .customLong("connect")], help: "Connect the socket to the destination.")
    var connect = false
    @Flag(name: [.customShort("d"), .customLong("debug")], help: "Set SO_DEBUG on the socket.")
    var debug = false
    @Flag(name: [.customShort("D"), .customLong("timestamps")], help: "Begin each line with the time of day.")
    var timestamps = false
    @Option(
        name: [.customShort("e"), .customLong("identifier")], parsing: .unconditional,
        help: .init("The identifier of the requests, 0 to 65535; 0 needs a raw socket.", valueName: "identifier"))
    var identifier: String?
    @Flag(
        name: [.customShort("f"), .customLong("flood")],
        help: "Send as fast as replies come, at least 100 a second; a dot for each request, a backspace for each reply."
    )
    var flood = false
    @Option(
        name: [.customShort("F"), .customLong("flow-label")], parsing: .unconditional,
        help: .init("The IPv6 flow label, 20 bits, decimal or 0x…; 0 has the kernel choose.", valueName: "label"))
    var flowLabel: String?
    @Flag(
        name: [.customShort("H"), .customLong("resolve")],
        help: "Look up the names of addresses, also where ping would not.")
    var resolve = false
    @Option(
        name: [.customShort("i"), .customLong("interval")], parsing: .unconditional,
        help: .init("Between two requests; the default is 1.", valueName: "seconds"))
    var interval: String?
    @Option(
        name: [.customShort("I"), .customLong("interface")], parsing: .unconditionalSingleValue,
        help: .init(
            "An interface or VRF to send through, or a source address; may be given for both.", valueName: "interface"))
    var interfaces: [String] = []
    @Flag(name: [.customShort("j"), .customLong("json")], help: "Print one JSON object a line.")
    var json = false
    @Option(
        name: [.customShort("l"), .customLong("preload")], parsing: .unconditional,
        help: .init(
            "Send so many requests before waiting for replies; for ordinary users 3 at most.", valueName: "preload"))
    var preload: String?
    @Flag(name: [.customShort("L"), .customLong("no-loopback")], help: "Do not hear one's own multicast.")
    var noLoopback = false
    @Option(
        name: [.customShort("m"), .customLong("mark")], parsing: .unconditional,
        help: .init("The mark for policy routing.", valueName: "mark"))
    var mark: String?
    @Option(
        name: [.customShort("M"), .customLong("pmtu-discovery")], parsing: .unconditional,
        help: .init("Path MTU discovery: do, want, probe or dont.", valueName: "strategy"))
    var pathMTUDiscovery: String?
    @Flag(name: [.customShort("n"), .customLong("numeric")], help: "Never look up the names of addresses.")
    var numeric = false
    @Flag(
        name: [.customShort("O"), .customLong("outstanding")],
        help: "Say so when a request is still unanswered as the next one goes.")
    var outstanding = false
    @Option(
        name: [.customShort("p"), .customLong("pattern")], parsing: .unconditional,
        help: .init("Up to 16 bytes that fill the payload, as hexadecimal digits.", valueName: "hex"))
    var pattern: String?
    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print only the first line and the statistics.")
    var quiet = false
    @Option(
        name: [.customShort("Q"), .customLong("tos")], parsing: .unconditional,
        help: .init("The DS field (DSCP and ECN), decimal or 0x….", valueName: "tos"))
    var trafficClass: String?
    @Flag(
        name: [.customShort("r"), .customLong("bypass-routing")],
        help: "Only to hosts on attached networks; makes source routes strict.")
    var bypassRouting = false
    @Flag(name: [.customShort("R"), .customLong("record-route")], help: "Have routers record their addresses (IPv4).")
    var recordRoute = false
    @Option(
        name: [.customShort("s"), .customLong("size")], parsing: .unconditional,
        help: .init("The payload's length; the default is 56.", valueName: "bytes"))
    var size: String?
    @Option(
        name: [.customShort("S"), .customLong("send-buffer")], parsing: .unconditional,
        help: .init("The size of the socket's send buffer.", valueName: "bytes"))
    var sendBuffer: String?
    @Option(
        name: [.customShort("t"), .customLong("ttl")], parsing: .unconditional,
        help: .init("The TTL or hop limit, 1 to 255.", valueName: "ttl"))
    var timeToLive: String?
    @Option(
        name: [.customShort("T"), .customLong("ip-timestamp")], parsing: .unconditional,
        help: .init("Have routers record the time: tsonly, tsandaddr or tsprespec (IPv4).", valueName: "form"))
    var timestampOption: String?
    @Flag(name: [.customShort("U"), .customLong("user-latency")], help: "Time from user space to user space.")
    var userLatency = false
    @Flag(
        name: [.customShort("v"), .customLong("verbose")],
        help: "Say more: identifiers, duplicates of multicast replies, what was done.")
    var verbose = false
    @Flag(name: [.customShort("V"), .customLong("version")], help: "Print the version.")
    var version = false
    @Option(
        name: [.customShort("w"), .customLong("deadline")], parsing: .unconditional,
        help: .init("Stop after this time, whatever was sent or received.", valueName: "seconds"))
    var deadline: String?
    @Option(
        name: [.customShort("W"), .customLong("timeout")], parsing: .unconditional,
        help: .init("How long to wait for a reply; the default is 10, and 0 is for ever.", valueName: "seconds"))
    var timeout: String?

    @Flag(
        name: .customLong("percentiles"),
        help: "Add percentiles, jitter, reordering and the longest outage to the statistics.")
    var percentiles = false
    @Flag(name: .customLong("plot"), help: "Draw the round-trip times under the text.")
    var plot = false
    @Option(
        name: .customLong("socket"), parsing: .unconditional,
        help: .init("The kind of socket: raw, datagram, or auto for the first that can be had.", valueName: "kind"))
    var socket: String?

    @Argument(
        help: .init(
            "Routers to go through (IPv4 source route), or with -T tsprespec those to record the time; then the host.",
            valueName: "hop ... destination"))
    var hosts: [String] = []
}
