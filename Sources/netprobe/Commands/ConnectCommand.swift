import ArgumentParser

/// The grammar of `netprobe connect`. Values are taken as text here and read by `ConnectRequest`.
struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connect to a service: talk to it, or time how it answers.",
        usage: """
            netprobe connect [<options>] <host> <port>              TCP; --udp, --sctp
            netprobe connect [<options>] --unix <path or @name>
            netprobe connect [<options>] --tipc <type>:<instance>
            """,
        discussion: """
            Standard input goes to the peer, and what it sends to standard output. \
            The end of the input ends the sending only: it is over when the peer has \
            ended too. Where there are messages, each read of up to 64 KiB is one. \
            Of a host with several addresses each is tried.

            Datagrams, SCTP and TIPC have no such half: after the end of the input it \
            waits for the peer's end, or until nothing came for --timeout.

            With --json, objects go to standard output from --probe, and else to \
            standard error in the place of what --verbose says and of errors.

            Examples:
              netprobe connect -v mail.example 25         which address answers?
              echo hi | netprobe connect -uw 2 ::1 7      a datagram, and answers
              netprobe connect --probe -c 5 web.example 443
                                                          how long does it take?

            Exit status: 0 when all went well; 1 when refused, timed out, reset or not \
            answered, with --probe even once; 2 for errors.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    @OptionGroup var endpoint: EndpointOptions
    @Option(
        name: [.customShort("s"), .customLong("source")], parsing: .unconditional,
        help: .init("The address to connect from.", valueName: "address"))
    var source: String?
    @Option(
        name: [.customShort("w"), .customLong("timeout")], parsing: .unconditional,
        help: .init(
            """
            How long connecting to each address may take, and then silence in both directions. With --probe, how long \
            an answer may take; the default is then 5.
            """,
            valueName: "seconds"))
    var timeout: String?

    @Flag(
        name: [.customShort("p"), .customLong("probe")],
        help: """
            Connect, close and repeat; print the times, and statistics as ping does. With datagrams, send one and wait \
            for the answer.
            """)
    var probe = false
    @Option(
        name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
        help: .init("With --probe: stop after so many.", valueName: "count"))
    var count: String?
    @Option(
        name: [.customShort("i"), .customLong("interval")], parsing: .unconditional,
        help: .init("With --probe: from one to the next; the default is 1.", valueName: "seconds"))
    var interval: String?

    @Argument(
        help: .init("A host's name or address and a port; or what --unix or --tipc takes.", valueName: "host port"))
    var operands: [String] = []

    /// The short options that take a value.
    static let valueLetters = "tIswci"
}
