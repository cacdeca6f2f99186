import ArgumentParser

/// The grammar of `netprobe send`. Values are taken as text here and read by `SendRequest`.
struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Make packets of any kind, send them, and show what answers.",
        usage: """
            netprobe send [<options>] <destination>
            netprobe send [<options>] --packet <expression> [<destination>]
            """,
        discussion: """
            Sends ICMP echo requests, or what --udp, --tcp, --protocol, --type and the \
            fields say. A field takes a value, a range 1-64, a list 1,5,9, or random; \
            ranges and lists are stepped over the packets. Lengths, checksums and \
            protocol numbers follow from the packet unless they are said.

            --packet takes all of it in one expression: layers with their fields, \
            from the outside in. --dry-run shows what would be sent, without \
            privileges, and --verbose the expression that the options are.

            Examples:
              netprobe send -c 3 --ttl 1 198.18.0.2            who is the first router?
              netprobe send --tcp -p 22,80,443 198.18.0.2      which ports are open?
              netprobe send --udp -p 53 --df --size 1400 198.18.0.2
              netprobe send --fragment 576 --size 2000 --expect icmp.echoreply 198.18.0.2
              netprobe send --dry-run --packet \
            'ipv4(ttl=3,dscp=ef)/icmp.echo(id=7,seq=1)/"hello"' 198.18.0.2

            Ordinary users may not forge sources, craft TCP, send fragments or flood, \
            unless /etc/netprobe/policy.conf grants it to one of their groups.

            Exit status: 0 when every packet was answered, or with --expect when an \
            answer was like that; 1 when not; 2 for errors. Where nobody can answer \
            (--flood), 0 when all was sent.
            """,
        helpNames: [.customShort("h"), .customLong("help")])

    struct Layers: ParsableArguments {
        @Flag(name: .customLong("udp"), help: "A UDP datagram.")
        var udp = false
        @Flag(name: .customLong("tcp"), help: "A TCP segment.")
        var tcp = false
        @Option(
            name: .customLong("type"), parsing: .unconditional,
            help: .init("An ICMP message by name (echo, timestamp, mask …) or number.", valueName: "type"))
        var type: String?
        @Option(
            name: .customLong("protocol"), parsing: .unconditional,
            help: .init(
                "The data right behind the IP header, as this protocol, by name or number.", valueName: "protocol"))
        var protocolNumber: String?
        @Option(
            name: .customLong("packet"), parsing: .unconditional,
            help: .init("The packet in one expression of the layers that --layers lists.", valueName: "expression"))
        var packet: String?
        @Option(
            name: .customLong("packet-hex"), parsing: .unconditional,
            help: .init("The packet from its IP header on, in hexadecimal.", valueName: "digits"))
        var packetHexadecimal: String?
    }

    struct InternetFields: ParsableArguments {
        @Option(name: [.customShort("S"), .customLong("source")], parsing: .unconditional, help: .field("address"))
        var source: String?
        @Option(name: [.customShort("t"), .customLong("ttl")], parsing: .unconditional, help: .field("hops"))
        var ttl: String?
        @Option(name: .customLong("tos"), parsing: .unconditional, help: .field("byte"))
        var tos: String?
        @Option(
            name: .customLong("dscp"), parsing: .unconditional, help: .field("code point", "0 to 63, or ef, af11 …"))
        var dscp: String?
        @Option(name: .customLong("ecn"), parsing: .unconditional, help: .field("bits", "0 to 3, or ect0, ect1, ce"))
        var ecn: String?
        @Option(name: .customLong("id"), parsing: .unconditional, help: .field("identification"))
        var identification: String?
        @Flag(name: .customLong("df"), help: "Don't fragment.")
        var dontFragment = false
        @Flag(name: .customLong("mf"), help: "More fragments.")
        var moreFragments = false
        @Flag(name: .customLong("rf"), help: "The reserved flag.")
        var reserved = false
        @Option(name: .customLong("offset"), parsing: .unconditional, help: .field("8 bytes", "the fragment offset"))
        var offset: String?
        @Option(
            name: .customLong("option"), parsing: .unconditional,
            help: .init(
                "IPv4 options with commas between: rr(9), ts(9), tsaddr(4), tsprespec(A), lsrr(A,B), ssrr(A,B), ra, nop, "
                    + "hex(…).", valueName: "options"))
        var options: String?
        @Option(name: .customLong("flow"), parsing: .unconditional, help: .field("label", "of IPv6"))
        var flow: String?
        @Option(name: .customLong("ip-protocol"), parsing: .unconditional, help: .field("number", "on purpose"))
        var protocolNumber: String?
        @Option(name: .customLong("ip-version"), parsing: .unconditional, help: .field("number", "on purpose"))
        var version: String?
        @Option(name: .customLong("ihl"), parsing: .unconditional, help: .field("words", "on purpose"))
        var headerLength: String?
        @Option(name: .customLong("total-length"), parsing: .unconditional, help: .field("bytes", "on purpose"))
        var totalLength: String?
        @Option(name: .customLong("ip-checksum"), parsing: .unconditional, help: .field("number", "on purpose"))
        var checksum: String?
    }

    struct MessageFields: ParsableArguments {
        @Option(name: .customLong("code"), parsing: .unconditional, help: .field("code", "of ICMP"))
        var code: String?
        @Option(name: .customLong("icmp-id"), parsing: .unconditional, help: .field("identifier"))
        var identifier: String?
        @Option(name: .customLong("icmp-seq"), parsing: .unconditional, help: .field("sequence"))
        var sequence: String?
        @Option(
            name: .customLong("rest"), parsing: .unconditional, help: .field("number", "the second 32 bits of ICMP"))
        var rest: String?
        @Option(name: .customLong("sport"), parsing: .unconditional, help: .field("port", "from which"))
        var sourcePort: String?
        @Option(
            name: [.customShort("p"), .customLong("dport")], parsing: .unconditional, help: .field("port", "to which"))
        var destinationPort: String?
        @Option(name: .customLong("udp-length"), parsing: .unconditional, help: .field("bytes", "on purpose"))
        var udpLength: String?
        @Option(name: .customLong("flags"), parsing: .unconditional, help: .field("flags", "of TCP: S, SA, fin+ack"))
        var flags: String?
        @Option(name: .customLong("seq"), parsing: .unconditional, help: .field("number", "of TCP"))
        var tcpSequence: String?
        @Option(name: .customLong("ack"), parsing: .unconditional, help: .field("number", "of TCP"))
        var acknowledgment: String?
        @Option(name: .customLong("window"), parsing: .unconditional, help: .field("bytes", "of TCP"))
        var window: String?
        @Option(name: .customLong("urgent"), parsing: .unconditional, help: .field("pointer", "of TCP"))
        var urgent: String?
        @Option(name: .customLong("data-offset"), parsing: .unconditional, help: .field("words", "of TCP, on purpose"))
        var dataOffset: String?
        @Option(
            name: .customLong("tcp-option"), parsing: .unconditional,
            help: .init(
                "TCP options with commas between: mss(1460), wscale(7), sackok, ts(1,0), nop, hex(…).",
                valueName: "options"))
        var options: String?
        @Option(
            name: .customLong("checksum"), parsing: .unconditional, help: .field("number", "of the message, on purpose")
        )
        var checksum: String?
    }

    struct Payload: ParsableArguments {
        @Option(name: .customLong("data"), parsing: .unconditional, help: .init("A text.", valueName: "text"))
        var text: String?
        @Option(name: .customLong("data-hex"), parsing: .unconditional, help: .init("Bytes.", valueName: "digits"))
        var hexadecimal: String?
        @Option(
            name: .customLong("data-file"), parsing: .unconditional, help: .init("A file's bytes.", valueName: "file"))
        var file: String?
        @Option(
            name: .customLong("data-random"), parsing: .unconditional,
            help: .init("So many bytes, others in each packet.", valueName: "bytes"))
        var random: String?
        @Option(
            name: [.customShort("s"), .customLong("size")], parsing: .unconditional,
            help: .init("So many bytes of the pattern.", valueName: "bytes"))
        var size: String?
        @Option(
            name: .customLong("pattern"), parsing: .unconditional,
            help: .init("What --size repeats, in hexadecimal.", valueName: "digits"))
        var pattern: String?
    }

    struct Pace: ParsableArguments {
        @Option(
            name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
            help: .init(
                "Packets to send, 0 until interrupted; by default 1, or what the ranges and lists take.",
                valueName: "packets"))
        var count: String?
        @Option(
            name: [.customShort("i"), .customLong("interval")], parsing: .unconditional,
            help: .init("From one packet to the next; the default is 1.", valueName: "seconds"))
        var interval: String?
        @Option(
            name: .customLong("rate"), parsing: .unconditional,
            help: .init("Packets a second, in place of the interval.", valueName: "packets"))
        var rate: String?
        @Flag(name: .customLong("flood"), help: "As fast as it goes, without looking for answers.")
        var flood = false
        @Option(
            name: [.customShort("W"), .customLong("timeout")], parsing: .unconditional,
            help: .init("How long answers are waited for; the default is 1.", valueName: "seconds"))
        var timeout: String?
        @Option(
            name: .customLong("fragment"), parsing: .unconditional,
            help: .init("Send in fragments of at most so many bytes, IP header included.", valueName: "bytes"))
        var fragment: String?
        @Option(
            name: .customLong("overlap"), parsing: .unconditional,
            help: .init("Let fragments go on into the next by so many bytes.", valueName: "bytes"))
        var overlap: String?
        @Option(
            name: .customLong("order"), parsing: .unconditional,
            help: .init("How fragments leave: forward, reverse, swapped.", valueName: "order"))
        var order: String?
        @Option(
            name: .customLong("seed"), parsing: .unconditional,
            help: .init("What random numbers come from: the same ones for the same seed.", valueName: "number"))
        var seed: String?
    }

    struct Display: ParsableArguments {
        @Flag(name: .customLong("layers"), help: "List the layers of expressions with their fields, and send nothing.")
        var layers = false
        @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Show the packets, and send none.")
        var dryRun = false
        @Option(
            name: [.customShort("e"), .customLong("expect")], parsing: .unconditional,
            help: .init("An answer must be like this expression.", valueName: "expression"))
        var expect: String?
        @Flag(name: .customLong("decode"), help: "Show every field of the answers.")
        var decode = false
        @Flag(name: .customLong("json"), help: "Print one JSON object a line.")
        var json = false
        @Option(
            name: .customLong("pcap"), parsing: .unconditional,
            help: .init("Write what was sent and what answered to a capture.", valueName: "file"))
        var pcap: String?
        @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Only the summary.")
        var quiet = false
        @Flag(
            name: [.customShort("v"), .customLong("verbose")], help: "Say the expression, too, and each packet sent.")
        var verbose = false
    }

    @OptionGroup(title: "Layers") var layers: Layers
    @OptionGroup(title: "Fields of IP") var internet: InternetFields
    @OptionGroup(title: "Fields of ICMP, UDP and TCP") var message: MessageFields
    @OptionGroup(title: "Payload") var payload: Payload
    @OptionGroup(title: "When and how") var pace: Pace
    @OptionGroup(title: "Display") var display: Display

    @Flag(name: .customShort("4"), help: "IPv4.")
    var ipv4 = false
    @Flag(name: .customShort("6"), help: "IPv6.")
    var ipv6 = false
    @Option(
        name: [.customShort("I"), .customLong("interface")], parsing: .unconditional,
        help: .init("Send and receive by this interface or VRF.", valueName: "name"))
    var interface: String?

    @Argument(help: .init("A name or an address.", valueName: "destination"))
    var destination: String?

    /// The short options that take a value.
    static let valueLetters = "StpsciWeI"
}

extension ArgumentHelp {
    /// The help of a field, whose name says what it is.
    fileprivate static func field(_ unit: String, _ remark: String? = nil) -> ArgumentHelp {
        ArgumentHelp(remark.map { "\($0.prefix(1).uppercased())\($0.dropFirst())." } ?? "", valueName: unit)
    }
}
