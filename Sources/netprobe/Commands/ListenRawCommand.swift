import ArgumentParser

/// The grammar of `netprobe listen --raw`. Values are taken as text here and read by `ListenRawRequest`.
struct ListenRawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen --raw",
        abstract: "Print the packets that arrive, decoded.",
        usage: """
            netprobe listen --raw [-p <protocol>] [-4 | -6] [<options>] [<filter> ...]
            netprobe listen --raw -i <interface> [<options>] [<filter> ...]
            """,
        discussion: """
            Prints a line a packet, as tcpdump does, the tree of its fields, or JSON: \
            the IP packets that this host takes in, of all protocols or of one; with \
            -i every frame of an interface, in both directions, or with -i any of all. \
            A filter is in tcpdump's language, pcap-filter(7), and works in the kernel. \
            With --pcap what is printed also goes to a file that tcpdump and Wireshark \
            read. At the end it says how many packets there were, and how many the \
            kernel dropped because netprobe did not keep up.

            It takes raw sockets (cap_net_raw), which are given away before the first \
            packet is read. What is for other hosts (--promiscuous) is for root, and for \
            whom /etc/netprobe/policy.conf grants it.

            Examples:
              netprobe listen --raw -p icmp -c 3                   who pings this host?
              netprobe listen --raw -i lo tcp port 8080            what is said there?
              netprobe listen --raw -i any --duration 5 -q         how many packets?
              netprobe listen --raw -i lo --tree -c 1 icmp         field by field
              netprobe listen --raw -i lo -q --pcap ring.pcapng \\
                --rotate-size 10M --files 5                        the last 50 MiB

            Exit status: 0 when all went well, 1 when --duration was over before \
            --count packets came, 2 for errors.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    @Flag(name: .customLong("raw"), help: "Packets, not connections.")
    var raw = false
    @Option(
        name: [.customShort("p"), .customLong("protocol")], parsing: .unconditional,
        help: .init(
            "What IP packets carry: icmp (of both families), igmp, udp, tcp, a number, or all, the default.",
            valueName: "protocol"))
    var protocolName: String?
    @Option(
        name: [.customShort("i"), .customLong("interface")], parsing: .unconditional,
        help: .init("All frames of an interface, or of any.", valueName: "interface"))
    var interface: String?
    @Flag(name: .customLong("promiscuous"), help: "Have the interface take in what is for other hosts, too.")
    var promiscuous = false
    @Flag(name: .customShort("4"), help: "IPv4 packets only.")
    var ipv4 = false
    @Flag(name: .customShort("6"), help: "IPv6 packets only.")
    var ipv6 = false
    @Option(
        name: .customLong("filter"), parsing: .unconditional,
        help: .init("The filter, in one argument.", valueName: "filter"))
    var filter: String?
    @Option(
        name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
        help: .init("Stop after so many packets.", valueName: "packets"))
    var count: String?
    @Option(
        name: [.customShort("d"), .customLong("duration")], parsing: .unconditional,
        help: .init("Stop after so long.", valueName: "seconds"))
    var duration: String?
    @Flag(
        name: [.customShort("t"), .customLong("tree")], help: "Print every field with its place: first and last byte.")
    var tree = false
    @Flag(name: .customLong("json"), help: "Print one JSON object a line, with all fields.")
    var json = false
    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print no packets, only how many there were.")
    var quiet = false
    @Option(
        name: [.customShort("w"), .customLong("pcap")], parsing: .unconditional,
        help: .init(
            "Write the packets to a file, as pcapng; - is standard output, and then nothing is printed.",
            valueName: "file"))
    var pcap: String?
    @Option(
        name: .customLong("rotate-size"), parsing: .unconditional,
        help: .init(
            "Go on to the next file before one has more bytes than this; K, M and G are 1024 of each other.",
            valueName: "bytes"))
    var rotateSize: String?
    @Option(
        name: .customLong("rotate-time"), parsing: .unconditional,
        help: .init("Go on to the next file when packets went to one for so long.", valueName: "seconds"))
    var rotateTime: String?
    @Option(
        name: .customLong("files"), parsing: .unconditional,
        help: .init(
            """
            How many files there are, 2 to 500: <file>0 and so on, all made at the start. After the last, the first is \
            written anew.
            """, valueName: "number"))
    var files: String?

    @Argument(help: .init("Which packets: tcpdump's language, pcap-filter(7).", valueName: "filter"))
    var operands: [String] = []

    /// The short options that take a value.
    static let valueLetters = "picdw"

    /// Whether arguments of `netprobe listen` are meant for this grammar.
    static func isMeant(by arguments: some Sequence<String>) -> Bool {
        arguments.prefix { $0 != "--" }.contains("--raw")
    }
}
