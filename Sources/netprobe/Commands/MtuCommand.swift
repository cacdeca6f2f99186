import ArgumentParser

/// The grammar of `netprobe mtu`: that of tracepath(8), with a long name for each option, and what it does beyond.
///
/// Values are taken as text here and read by `MtuRequest`, whose complaints name the option and what would be right.
struct MtuCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mtu",
        abstract: "Find how large packets may be on the way to a host, and where they vanish.",
        usage: "netprobe mtu [<options>] <host>",
        discussion: """
            Options and lines are those of tracepath(8). But where packets that are too \
            large vanish without a word, in a black hole, sizes are tried until the right \
            one and the place are found. What was found is said behind the lines.

            A line holds the hop, who answers there, and a round-trip time; pmtu is the size \
            that packets may have from there on, beside whoever said so. asymm is the number \
            of hops that answers come, where it is another.

            Examples:
              netprobe mtu localhost
              netprobe mtu -n 198.18.6.2         numbers for names
              netprobe mtu --icmp 198.18.6.2     where UDP is filtered
              netprobe mtu --json 198.18.6.2     for programs

            Exit status: 0 when the host was reached, 1 when it was not, 2 for errors.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Use IPv4 only.")
    var ipv4 = false
    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Use IPv6 only.")
    var ipv6 = false
    @Flag(name: [.customShort("n"), .customLong("numeric")], help: "Show addresses, look up no names.")
    var numeric = false
    @Flag(name: [.customShort("b"), .customLong("both")], help: "Show both names and addresses.")
    var both = false
    @Flag(name: .customLong("json"), help: "Print one JSON object a line, schema netprobe.mtu/1.")
    var json = false

    @Option(
        name: [.customShort("l"), .customLong("length")], parsing: .unconditional,
        help: .init(
            "The size to begin with, IP header included; by default what this host's own link takes.",
            valueName: "bytes"))
    var length: String?
    @Option(
        name: [.customShort("m"), .customLong("max-hops")], parsing: .unconditional,
        help: .init("The highest number of hops, 1 to 255; 30 where it is not given.", valueName: "hops"))
    var maximumHops: String?
    @Option(
        name: .customLong("attempts"), parsing: .unconditional,
        help: .init("How often a size is tried before it counts as lost; 3 where it is not given.", valueName: "count"))
    var attempts: String?
    @Option(
        name: [.customShort("w"), .customLong("wait")], parsing: .unconditional,
        help: .init("How long an answer is waited for at most: 5 where it is not given.", valueName: "seconds"))
    var wait: String?

    @Flag(name: [.customShort("I"), .customLong("icmp")], help: "Probes are ICMP echo requests, not UDP datagrams.")
    var icmp = false
    @Option(
        name: [.customShort("p"), .customLong("port")], parsing: .unconditional,
        help: .init("The UDP port, a number or a service; 44444 where it is not given.", valueName: "port"))
    var port: String?
    @Option(
        name: [.customShort("i"), .customLong("interface")], parsing: .unconditional,
        help: .init("Send through this interface.", valueName: "interface"))
    var interface: String?
    @Option(
        name: [.customShort("s"), .customLong("source")], parsing: .unconditional,
        help: .init("Send from this address of this host.", valueName: "address"))
    var source: String?
    @Option(
        name: [.customShort("t"), .customLong("tos")], parsing: .unconditional,
        help: .init("The type of service or traffic class, 0 to 255.", valueName: "number"))
    var trafficClass: String?
    @Option(
        name: .customLong("fwmark"), parsing: .unconditional,
        help: .init("Mark packets for policy routing.", valueName: "number"))
    var mark: String?
    @Flag(name: [.customShort("V"), .customLong("version")], help: "Show the version.")
    var version = false

    @Argument(help: .init("The host: a name or an address.", valueName: "host"))
    var operands: [String] = []

    /// The short options that take a value.
    static let valueLetters = "lmwpist"
}
