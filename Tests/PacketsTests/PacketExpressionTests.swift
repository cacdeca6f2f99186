import Addresses
import Testing

@testable import Packets

/// Packets out of expressions.
struct PacketExpressionTests {
    static func packet(_ text: String, number: UInt64 = 0) throws -> IPv4Packet {
        try IPv4Packet(parsing: PacketExpression(text).packet(number: number).span.bytes)
    }

    // MARK: - Fields

    @Test("fields are where they belong, and what nobody says follows from the rest")
    func fields() throws {
        let packet = try Self.packet(
            #"ipv4(src=198.18.0.1,dst=198.18.0.2,ttl=3,dscp=ef,ecn=ce,id=0x1234,df)/icmp.echo(id=7,seq=1)/"hello""#)
        let header = packet.header
        #expect(header.source == IPv4Address("198.18.0.1") && header.destination == IPv4Address("198.18.0.2"))
        #expect(header.timeToLive == 3 && header.differentiatedServices == DifferentiatedServices(dscp: 46, ecn: 3))
        #expect(header.identification == 0x1234 && header.flags == .dontFragment)
        #expect(header.totalLength == nil && header.checksum == nil && header.internetHeaderLength == nil)
        guard case .icmp(let message, let payload, nil) = packet.payload else {
            return #expect(Bool(false), "\(packet)")
        }
        #expect(message.type == 8 && message.checksum == nil && payload == Array("hello".utf8))
        #expect(PacketExpression.bytes("ipv4/icmp.echo(id=7,seq=1)")?[24...] == [0, 7, 0, 1])
    }

    /// Each with the smallest, the largest and another number: nothing else changes but what follows from it.
    @Test("every field of every layer holds what is said, and no other does", arguments: WireLayer.all)
    func everyField(layer: WireLayer) throws {
        let around = layer.header == .icmpv6 ? "ipv6/" : layer.header == .ipv4 || layer.header == .ipv6 ? "" : "ipv4/"
        for field in layer.fields {
            for value in [0, field.largest, field.largest / 3] {
                let text = "\(around)\(layer.name)(\(field.name)=\(value))"
                let expression = try PacketExpression(text)
                let part = try #require(expression.parts.last)
                let (said, unsaid) = (
                    expression.packet(number: 5), try PacketExpression("\(around)\(layer.name)").packet(number: 5)
                )
                #expect(said.bits(at: part.start * 8 + field.start, field.width) == value, "\(text)")
                for other in part.layer.fields
                where other.name != "checksum"
                    && (other.start >= field.start + field.width || other.start + other.width <= field.start)
                {
                    let place = part.start * 8 + other.start
                    #expect(
                        said.bits(at: place, other.width) == unsaid.bits(at: place, other.width),
                        "\(text) \(other.name)")
                }
            }
        }
    }

    @Test("every layer is one that this library's own parser takes, checksums and all", arguments: WireLayer.all)
    func everyLayer(layer: WireLayer) throws {
        switch layer.header {
        case .ipv4, .ipv6: return
        case .icmpv6, .hopByHop, .destinationOptions, .fragment:
            let next = layer.header == .icmpv6 ? "" : #"/udp(dport=9)/"data""#
            let bytes = try PacketExpression("ipv6(src=2001:db8::1,dst=2001:db8::2)/\(layer.name)\(next)").packet(
                number: 0)
            let packet = try IPv6Packet(parsing: bytes.span.bytes)
            #expect(packet.payload.error == nil, "\(packet)")
        default:
            let text = "ipv4(src=198.18.0.1,dst=198.18.0.2)/\(layer.name)"
            let packet = try Self.packet(text)
            #expect(packet.error == nil && packet.header.checksum == nil, "\(packet)")
            #expect(serialized { packet.serialize(into: &$0) } == PacketExpression.bytes(text))
        }
    }

    @Test(
        "what follows from the rest is wrong where the expression wants it",
        arguments: [
            ("ipv4(version=5)", 0, 0x55), ("ipv4(ihl=3)", 0, 0x43), ("ipv4(len=9999)", 2, 0x27),
            ("ipv4(checksum=0xbeef)", 10, 0xBE),
            ("ipv4(proto=99)/udp", 9, 99), ("ipv4/udp(len=3)", 25, 3), ("ipv4/udp(checksum=0)", 26, 0),
            ("ipv4/icmp.echo(checksum=0x1234)", 22, 0x12), ("ipv4/tcp(offset=15)", 32, 0xF0),
            ("ipv6(version=4)", 0, 0x40),
            ("ipv6(next=6)/icmpv6.echo", 6, 6), ("ipv4/igmp.report(count=7,records=[allow(225.1.2.3)])", 27, 7),
        ])
    func wrongOnPurpose(text: String, index: Int, byte: UInt8) throws {
        let bytes = try #require(PacketExpression.bytes(text))
        #expect(bytes[index] == byte || (text.contains("offset") && bytes[index] & 0xF0 == byte))
    }

    @Test("options are what RFC 791, 2113 and 9293 draw, and zeros fill the last word")
    func options() throws {
        func bytes(_ text: String, from start: Int) -> [UInt8]? {
            PacketExpression.bytes(text).map { Array($0[start...]) }
        }
        #expect(bytes("ipv4(options=rr(2))", from: 20) == [7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(bytes("ipv4(options=[ra])", from: 20) == [148, 4, 0, 0])
        #expect(bytes("ipv4(options=[nop,lsrr(198.18.0.1)])", from: 20) == [1, 131, 7, 4, 198, 18, 0, 1])
        #expect(bytes("ipv4(options=[ts(1),nop,eol])", from: 20) == [68, 8, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0])
        #expect(bytes("ipv4(options=[tsprespec(198.18.0.1)])", from: 20)?.prefix(8) == [68, 12, 5, 3, 198, 18, 0, 1])
        #expect(bytes("ipv4(options=hex(1e0400ff))", from: 20) == [30, 4, 0, 255])
        #expect(
            bytes("ipv4/tcp(options=[mss(1400),sackok,ts(1,2),nop,wscale(7)])", from: 40) == [
                2, 4, 5, 120, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7,
            ])
        #expect(try Self.packet("ipv4(options=[rr(9)])/udp").header.length == 60)
        #expect(
            PacketExpression.bytes("ipv6/hopopts(options=[ra(0)])/icmpv6.mldquery")?[40..<48] == [
                58, 0, 5, 2, 0, 0, 1, 0,
            ])
    }

    @Test("a checksum behind a source route is over the last address of it")
    func sourceRoute() throws {
        let packet = try Self.packet("ipv4(src=198.18.0.1,dst=198.18.0.2,options=[lsrr(198.18.0.9)])/udp(dport=7)")
        #expect(packet.error == nil)
    }

    @Test("groups and sources are what RFC 9776 draws")
    func multicast() throws {
        let query = try #require(
            PacketExpression.bytes("ipv4/igmp.query(group=225.1.2.3,max=50,s,sources=[198.18.0.1,198.18.0.2])"))
        #expect(
            query[20...21] == [0x11, 50]
                && query[24...] == [225, 1, 2, 3, 0x0A, 125, 0, 2, 198, 18, 0, 1, 198, 18, 0, 2])
        let report = try #require(
            PacketExpression.bytes("ipv4/igmp.report(records=[exclude(225.1.2.3),include(225.1.2.4,198.18.0.1)])"))
        #expect(report[24...] == [0, 0, 0, 2, 2, 0, 0, 0, 225, 1, 2, 3, 1, 0, 0, 1, 225, 1, 2, 4, 198, 18, 0, 1])
    }

    @Test("an error quotes the packet behind it, whose fields are as they are said")
    func quote() throws {
        let packet = try Self.packet(
            "ipv4(src=198.18.0.1,dst=198.18.0.2)/icmp.unreachable(code=needfrag,mtu=1400)"
                + "/ipv4(src=198.18.0.2,dst=198.18.0.3)/udp(sport=1,dport=2)")
        #expect(packet.error == nil && "\(packet)".contains("1400"))
    }

    @Test(
        "bytes are texts with escapes, digits, patterns",
        arguments: [
            (#""a\n\"\\\x7f\0é""#, [0x61, 0x0A, 0x22, 0x5C, 0x7F, 0, 0xC3, 0xA9]),
            ("hex(0a0b)", [10, 11]), (#"hex("0a:0b 0c")"#, [10, 11, 12]), ("hex(0a,0b)", [10, 11]),
            ("pattern(5,0102)", [1, 2, 1, 2, 1]), ("pattern(3)", Array("net".utf8)),
            (#"pattern(0)/"x"/"y""#, [0x78, 0x79]),
        ] as [(String, [UInt8])])
    func bytes(text: String, bytes: [UInt8]) throws {
        #expect(try PacketExpression("ipv4(proto=200)/" + text).packet(number: 0)[20...] == bytes[...])
    }

    // MARK: - One packet after the other

    @Test("ranges and lists are stepped together, and begin again")
    func steps() throws {
        let expression = try PacketExpression("ipv4(ttl=1-3,dst=198.18.0.0/30)/udp(dport=[53,123,7-8])")
        #expect(expression.count == 4 && !expression.isConstant)
        let packets = try (0..<5).map { try IPv4Packet(parsing: expression.packet(number: $0).span.bytes) }
        #expect(packets.allSatisfy { $0.error == nil && $0.header.checksum == nil })
        #expect(packets.map(\.header.timeToLive) == [1, 2, 3, 1, 2])
        #expect(packets.map(\.header.destination.rawValue) == [0, 1, 2, 3, 0].map { 0xC612_0000 + $0 })
        #expect(packets.map { $0.payload.ports?.destination } == [53, 123, 7, 8, 53])
    }

    @Test("what answers are told apart by is another number in each packet")
    func counted() throws {
        let expression = try PacketExpression("ipv4/icmp.echo", seed: 1)
        let first = try IPv4Packet(parsing: expression.packet(number: 0).span.bytes).header.identification
        let third = expression.packet(number: 2)
        #expect(third[26...27] == [0, 3] && expression.packet(number: 65_535)[26...27] == [0, 0])
        #expect(try IPv4Packet(parsing: third.span.bytes).header.identification == first &+ 2)
        #expect(expression.count == 1)
    }

    @Test("random numbers are others in each packet, and the same for the same seed")
    func random() throws {
        let text = "ipv4(src=random,id=random)/tcp(seq=random)/random(8)"
        let packets = try Set((0..<100).map { try PacketExpression(text, seed: 3).packet(number: $0) })
        #expect(packets.count == 100)
        #expect(Set(packets.map { $0[12...15] }).count == 100 && Set(packets.map { $0[24...27] }).count == 100)
        #expect(
            try PacketExpression(text, seed: 3).packet(number: 9) == PacketExpression(text, seed: 3).packet(number: 9))
        #expect(
            try PacketExpression(text, seed: 3).packet(number: 9) != PacketExpression(text, seed: 4).packet(number: 9))
        #expect(try packets.allSatisfy { try IPv4Packet(parsing: $0.span.bytes).error == nil })
    }

    @Test("all of IPv6 is a range, too")
    func widest() throws {
        let expression = try PacketExpression("ipv6(dst=::/0,src=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff)")
        #expect(expression.count == .max && expression.packet(number: 7)[39] == 7)
    }

    @Test("the ends that nobody says are filled in")
    func completion() throws {
        var expression = try PacketExpression("udp(dport=7)", in: .v4)
        expression.complete(source: IPAddress("198.18.0.1"), destination: IPAddress("198.18.0.2"))
        let packet = try IPv4Packet(parsing: expression.packet(number: 0).span.bytes)
        #expect(
            "\(packet.header.source) \(packet.header.destination)" == "198.18.0.1 198.18.0.2" && packet.error == nil)
        var said = try PacketExpression("ipv4(dst=198.18.0.9)/udp", in: .v4)
        said.complete(source: IPAddress("2001:db8::1"), destination: IPAddress("198.18.0.2"))
        #expect(said.packet(number: 0)[16...19] == [198, 18, 0, 9] && said.says("dst") && !said.says("src"))
    }

    @Test("it is known which fields of the outer header are the same in all packets")
    func constant() throws {
        #expect(try PacketExpression("ipv4(src=198.18.0.1)").isConstant("src"))
        #expect(try !PacketExpression("ipv4(src=random)").isConstant("src"))
        #expect(try !PacketExpression("ipv4(tos=1-3)").isConstant("dscp"))
    }

    // MARK: - What is wrong

    @Test(
        "an error names the character and what would be right",
        arguments: [
            ("", 0, "the text ends where a layer, such as ipv4, icmp.echo, udp or \"text\" should be"),
            ("ipv5", 0, "there is no layer 'ipv5': did you mean 'ipv4'?"),
            ("ipv4/imcp.echo", 5, "there is no layer 'imcp.echo': did you mean 'icmp.echo'?"),
            ("ipv4(tll=3)", 5, "ipv4 has no field 'tll': did you mean 'ttl'?"),
            ("ipv4(ttl=256)", 9, "256 is more than ttl can hold: 255"),
            (
                "ipv4(ttl=-1)", 9,
                "'-1' is no value of ttl: it takes a number from 0 to 255, a range, a list [a,b] or random"
            ),
            ("ipv4(ttl=9-3)", 9, "the range '9-3' ends before it begins"),
            ("ipv4(ttl=1-300)", 11, "300 is more than ttl can hold: 255"),
            ("ipv4(ttl=1,ttl=2)", 11, "ttl is there twice"),
            ("ipv4(ttl)", 5, "a value of ipv4 without the name of its field: name=value"),
            ("ipv4(ttl=", 9, "the text ends where a value should be"),
            ("ipv4(ttl=3", 10, "the text ends where a comma or ')' should be"),
            ("ipv4(ttl=3 df)", 11, "'d' stands where a comma or ')' should be"),
            ("ipv4/", 5, "the text ends where a layer, such as ipv4, icmp.echo, udp or \"text\" should be"),
            ("ipv4 udp", 5, "'u' stands where '/' and another layer, or the end should be"),
            (
                "ipv4(src=198.18.0.256)", 9,
                "'198.18.0.256' is no value of src: it takes an IPv4 address, a range, a list [a,b] or random"
            ),
            ("ipv4(src=198.18.0.0/33)", 9, "the length of the prefix '198.18.0.0/33' is not 0 to 32"),
            (
                "ipv4(ttl=[])", 9,
                "an empty list is no value of ttl: it takes a number from 0 to 255, a range, a list [a,b] or random"
            ),
            (#"ipv4/"text"#, 5, "the text has no closing '\"'"),
            (#"ipv4/"a\q""#, 7, #"'\' stands before one of ", \, n, r, t, 0 and xHH"#),
            (#"ipv4/"a\x4""#, 7, #"'\x' wants two hexadecimal digits, such as \x0a"#),
            ("ipv4/hex(abc)", 9, "an odd number of hexadecimal digits"),
            ("ipv4/hex(xy)", 9, "no pairs of hexadecimal digits"),
            ("ipv4/pattern(65536)", 13, "no size from 0 to 65535 bytes"),
            ("ipv4/pattern(65535)", 5, "the packet has 65555 bytes with this layer, where 65535 are the most"),
            ("ipv4(options=[rr(9),ra])", 13, "the options take 43 bytes, where a header has room for 40"),
            ("ipv4(options=[rr(10)])", 17, "rr takes 1 to 9 slots, a number from 1 to 9"),
            ("ipv4(options=[rx])", 14, "there is no 'rx' here: did you mean 'rr'?"),
            ("ipv4/igmp.query(sources=[2001:db8::1])", 25, "'2001:db8::1' is no IPv4 address"),
            ("ipv4/igmp.report(records=[include])", 26, "include wants a group, and sources behind it, if any"),
            (
                "ipv4/tcp(flags=SX)", 15,
                "'SX' is no value of flags: it takes flags such as S, SA or syn+ack, or a number from 0 to 511, a range, a list [a,b] or random"
            ),
            ("ipv4(ttl=" + String(repeating: "[", count: 20), 24, "too many brackets in brackets"),
        ])
    func errors(text: String, offset: Int, reason: String) {
        #expect(throws: ExpressionError(reason, at: offset)) { try PacketExpression(text) }
    }

    // MARK: - Patterns

    @Test("a pattern matches the packet that is made of its own text", arguments: WireLayer.all)
    func ownPattern(layer: WireLayer) throws {
        let around =
            layer.header == .icmpv6 ? "ipv6" : layer.header == .ipv4 || layer.header == .ipv6 ? layer.name : "ipv4"
        let packet = try PacketExpression("\(around)/\(layer.name)").packet(number: 0)
        #expect(try PacketPattern(layer.name).matches(packet))
        for field in layer.fields where field.standardIsTemplate {
            let value = layer.template.bits(at: field.start, field.width)
            let other = value == 0 ? 1 : 0
            #expect(try PacketPattern("\(layer.name)(\(field.name)=\(value))").matches(packet))
            if layer.name != around {
                #expect(try !PacketPattern("\(layer.name)(\(field.name)=\(other))").matches(packet))
            }
        }
    }

    @Test("a pattern is about layers in their order, with others between them or not")
    func order() throws {
        let error = try PacketExpression(
            #"ipv4(ttl=60)/icmp.timeexceeded/ipv4(ttl=1)/udp(sport=7,dport=33434)/"hello world""#
        ).packet(number: 0)
        for text in [
            "icmp.timeexceeded", "ipv4(ttl=1)", "ipv4(ttl=60)/ipv4(ttl=1)", "icmp.timeexceeded/udp(dport=33434-33534)",
            #"udp/"lo wo""#, #""hello""#, "ipv4(ttl=[1,60])/icmp", #"icmp(type=11)/""/"world""#,
        ] { #expect(try PacketPattern(text).matches(error), "\(text)") }
        for text in [
            "icmp.unreachable", "ipv4(ttl=1)/ipv4(ttl=60)", "udp/icmp", "tcp", #""hello"/udp"#, #"udp/"moon""#,
            "ipv4/ipv4/ipv4", "icmp.timeexceeded(code=1)",
        ] { #expect(try !PacketPattern(text).matches(error), "\(text)") }
    }

    @Test("any bytes can be looked at")
    func anyBytes() throws {
        let patterns = try ["ipv4/udp/\"x\"", "ipv6/icmpv6", "tcp", "gre/ipv4/icmp.echo", "hopopts/udp"].map {
            try PacketPattern($0)
        }
        let whole = try PacketExpression("ipv6/hopopts(options=ra)/gre.key/ipv4(options=rr)/icmp.timeexceeded/ipv4/tcp")
            .packet(number: 0)
        for count in 0...whole.count {
            for pattern in patterns { _ = pattern.matches(Array(whole[..<count])) }
        }
        #expect(PacketLayout(whole).headers.count == 7)
    }
}

extension PacketExpression {
    fileprivate static func bytes(_ text: String) -> [UInt8]? { try? PacketExpression(text).packet(number: 0) }
}

extension WireField {
    fileprivate var standardIsTemplate: Bool { if case .template = standard { true } else { false } }
}
