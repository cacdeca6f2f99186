import ArgumentParser

/// The options by which `netprobe connect` and `netprobe listen` name what they speak, and with whom.
struct EndpointOptions: ParsableArguments {
    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Use IPv4 only.")
    var ipv4 = false
    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Use IPv6 only.")
    var ipv6 = false
    @Flag(name: [.customShort("u"), .customLong("udp")], help: "UDP instead of TCP.")
    var udp = false
    @Flag(name: .customLong("sctp"), help: "SCTP instead of TCP, as a stream.")
    var sctp = false
    @Flag(
        name: [.customShort("U"), .customLong("unix")],
        help: "A Unix socket: a path, or @name for an abstract name.")
    var unix = false
    @Flag(name: .customLong("tipc"), help: "TIPC: a service's type:instance.")
    var tipc = false
    @Option(
        name: [.customShort("t"), .customLong("type")], parsing: .unconditional,
        help: .init(
            "With --unix or --tipc: stream (the default), seqpacket, datagram, and with --tipc rdm.", valueName: "type")
    )
    var type: String?
    @Option(
        name: [.customShort("I"), .customLong("interface")], parsing: .unconditional,
        help: .init("Send and receive through this interface only.", valueName: "interface"))
    var interface: String?
    @Flag(name: [.customShort("j"), .customLong("json")], help: "Say what happens as JSON, one object a line.")
    var json = false
    @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Say on standard error what happens.")
    var verbose = false
}
