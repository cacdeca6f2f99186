import ArgumentParser

/// The grammar of `netprobe listen`. Values are taken as text here and read by `ListenRequest`.
struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Wait for a connection or datagrams: talk, echo or discard.",
        usage: """
            netprobe listen [<options>] [<address>] <port>          TCP; --udp, --sctp
            netprobe listen [<options>] --unix <path or @name>
            netprobe listen [<options>] --tipc <type>:<instance>[-<last instance>]
            netprobe listen --raw [<options>] [<filter> ...]        packets; see listen --raw --help
            """,
        discussion: """
            Takes one connection. What comes goes to standard output; standard input \
            goes to the peer, with datagrams to whoever sent the last one. It is over \
            when both have ended; from a terminal, and with --keep-open, when the \
            peer has. Without an address it listens on all of IPv6 \
            and IPv4; port 0 has the kernel choose one, which --verbose tells. The \
            file of a Unix socket is removed at the end.

            With --json, objects go to standard output from --echo and --discard, and \
            else to standard error in the place of what --verbose says and of errors.

            Examples:
              netprobe listen -v 8080                     who comes, and says what?
              netprobe listen -k --echo 198.18.0.1 7      an echo service for all
              netprobe listen --unix /tmp/test.sock       what does a client send?

            Exit status: 0 when all went well, 1 when nobody came in time or the peer \
            broke off, 2 for errors.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    @OptionGroup var endpoint: EndpointOptions
    @Option(
        name: [.customShort("w"), .customLong("timeout")], parsing: .unconditional,
        help: .init("End when so long nobody came and nothing went in either direction.", valueName: "seconds"))
    var timeout: String?
    @Flag(
        name: [.customShort("k"), .customLong("keep-open")],
        help: """
            Go on for the next connection: one after the other, with --echo or --discard all at once. Datagrams need \
            no such option.
            """)
    var keepOpen = false
    @Flag(name: .customLong("echo"), help: "Send everything back to where it came from.")
    var echo = false
    @Flag(name: .customLong("discard"), help: "Throw everything away.")
    var discard = false

    @Argument(
        help: .init("An address of this host and a port; or what --unix or --tipc takes.", valueName: "address port"))
    var operands: [String] = []

    /// The short options that take a value.
    static let valueLetters = "tIw"
}
