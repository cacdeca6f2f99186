import ArgumentParser

/// The grammar of `netprobe decode`. Values are taken as text here and read by `DecodeRequest`.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Read packets from captures, hexadecimal text or raw bytes, and say what is in them.",
        usage: "netprobe decode [<options>] [<file> ...]",
        discussion: """
            Prints a line a packet, as tcpdump does, the tree of its fields, or JSON. \
            Without a file, and for the name -, it reads standard input, and prints \
            each packet as it comes.

            A file is a pcap or pcapng capture; or hexadecimal text as tcpdump -x, \
            xxd, hexdump -C, od -A x -t x1 and Wireshark print it, or digits alone, \
            where an empty line parts packets and # begins a comment; or else the \
            bytes of one packet.

            Examples:
              tcpdump -c 3 -i lo -w - | netprobe decode          as they come
              netprobe decode --tree --count 1 fault.pcapng      field by field
              echo 4500001c0000000040017cdf7f0000017f0000010800f7fd00010001 \\
                | netprobe decode                                one packet by hand

            Exit status: 0 when everything was read, 1 when an input is damaged or \
            ends in the middle, 2 for errors. A malformed packet is no damage: what \
            is wrong with it is printed.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    @Flag(
        name: [.customShort("t"), .customLong("tree")], help: "Print every field with its place: first and last byte.")
    var tree = false
    @Flag(name: .customLong("json"), help: "Print one JSON object a line, with all fields.")
    var json = false
    @Option(
        name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
        help: .init("Stop after so many packets.", valueName: "packets"))
    var count: String?
    @Option(
        name: [.customShort("l"), .customLong("link")], parsing: .unconditional,
        help: .init(
            "What packets of text and raw bytes begin with: ipv4, ipv6 or ethernet; otherwise it is told by their bytes.",
            valueName: "link"))
    var link: String?

    @Argument(help: .init("Captures, text or bytes.", valueName: "file"))
    var files: [String] = []

    /// The short options that take a value.
    static let valueLetters = "cl"
}
