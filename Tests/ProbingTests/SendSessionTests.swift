import Addresses
import Packets
import Testing

@testable import Probing

/// Which answers belong to which packets, in virtual time.
struct SendSessionTests {
    /// A session and what it sends; answers are expressions, as the other end or a router would send them.
    struct Network {
        var session: SendSession
        var now = MonotonicTime(nanoseconds: 1_000_000_000)
        private(set) var times: [Int64] = []
        private(set) var sent: [[UInt8]] = []

        init(_ text: String, count: UInt64? = nil, _ change: (inout SendConfiguration) -> Void = { _ in }) throws {
            let expression = try PacketExpression(text, seed: 5)
            var configuration = SendConfiguration(expression, count: count ?? expression.count)
            configuration.interval = .milliseconds(10)
            change(&configuration)
            session = SendSession(configuration, at: now)
        }

        /// Goes on until there is nothing to send.
        mutating func send() throws {
            while true {
                switch session.next(at: now) {
                case .send(let number):
                    times.append((now.nanoseconds - 1_000_000_000) / 1_000_000)
                    let packet = session.configuration.expression.packet(number: number)
                    sent.append(packet)
                    session.departed(number, packet, at: now)
                case .wait(let end):
                    if session.totals.sent == session.configuration.count { return }
                    now = end
                case .finished: return
                }
            }
        }

        /// The number of the packet that an answer is for, `nil` for none; `!` where that had been answered.
        mutating func answer(_ text: String, after milliseconds: Int = 1) throws -> String? {
            now = now + .milliseconds(milliseconds)
            return answer(bytes: try PacketExpression(text).packet(number: 0))
        }

        mutating func answer(bytes: [UInt8]) -> String? {
            session.received(bytes, at: Arrival(now: now)).map { "\($0.number)\($0.isDuplicate ? "!" : "")" }
        }
    }

    static let ends = "src=198.18.0.1,dst=198.18.0.2"
    static let back = "src=198.18.0.2,dst=198.18.0.1"

    @Test("echoes are told apart by identifier and sequence number")
    func echo() throws {
        var network = try Network("ipv4(\(Self.ends))/icmp.echo(id=7)", count: 3)
        try network.send()
        #expect(network.times == [0, 10, 20])
        #expect(try network.answer("ipv4(\(Self.back))/icmp.echoreply(id=7,seq=2)") == "1")
        #expect(try network.answer("ipv4(\(Self.back))/icmp.echoreply(id=7,seq=1)") == "0")
        #expect(try network.answer("ipv4(\(Self.back))/icmp.echoreply(id=7,seq=2)") == "1!")
        for other in [
            "icmp.echoreply(id=8,seq=3)", "icmp.echoreply(id=7,seq=4)", "icmp.echo(id=7,seq=3)",
            "icmp.timestampreply(id=7,seq=3)", "udp(sport=7,dport=3)",
        ] { #expect(try network.answer("ipv4(\(Self.back))/\(other)") == nil, "\(other)") }
        #expect(try network.answer("ipv4(src=198.18.0.3,dst=198.18.0.1)/icmp.echoreply(id=7,seq=3)") == nil)
        #expect(network.session.totals.answered == 2 && network.session.totals.replies == 3)
    }

    @Test(
        "every question has its answer",
        arguments: [
            ("icmp.timestamp(id=1,seq=1)", "icmp.timestampreply(id=1,seq=1)"),
            ("icmp.mask(id=1,seq=1)", "icmp.maskreply(id=1,seq=1)"),
            ("icmp.extendedecho(id=1,seq=1)", "icmp.extendedechoreply(id=1,seq=1)"),
            ("icmp.routersolicit", "icmp.routeradvert"),
            ("udp(sport=9,dport=53)", "udp(sport=53,dport=9)"),
            ("udplite(sport=9,dport=53)", "udplite(sport=53,dport=9)"),
            ("tcp(sport=9,dport=53,seq=4)", "tcp(sport=53,dport=9,flags=SA,ack=5)"),
            ("sctp.init(sport=9,dport=5)", "sctp(sport=5,dport=9)"),
            ("dccp.request(sport=9,dport=5)", "dccp.request(sport=5,dport=9)"), ("igmp.query", "igmp.reportv2"),
            ("igmp.query", "igmp.report"),
            ("gre", "gre"), (#"hex(00)"#, "hex(01)"),
        ])
    func answers(question: String, answer: String) throws {
        var network = try Network("ipv4(\(Self.ends))/\(question)")
        try network.send()
        #expect(try network.answer("ipv4(\(Self.back))/\(answer)") == "0")
        #expect(network.session.next(at: network.now).isFinished)
    }

    @Test(
        "IPv6 has the same rules",
        arguments: [
            ("icmpv6.echo(id=1,seq=1)", "icmpv6.echoreply(id=1,seq=1)"),
            ("icmpv6.neighborsolicit", "icmpv6.neighboradvert"),
            ("icmpv6.routersolicit", "icmpv6.routeradvert"), ("udp(sport=9,dport=53)", "udp(sport=53,dport=9)"),
            ("hopopts(options=ra)/icmpv6.mldquery", "hopopts(options=ra)/icmpv6.mldreport"),
        ])
    func ipv6(question: String, answer: String) throws {
        var network = try Network("ipv6(src=2001:db8::1,dst=2001:db8::2)/\(question)")
        try network.send()
        #expect(try network.answer("ipv6(src=2001:db8::2,dst=2001:db8::1)/\(answer)") == "0")
    }

    @Test("ICMP errors are about what they quote, not about what is waiting")
    func errors() throws {
        var network = try Network("ipv4(\(Self.ends),id=[100,101,102])/udp(sport=9,dport=53)")
        try network.send()
        let quote = { (packet: Int) in
            "hex(\(network.sent[packet].prefix(28).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()))"
        }
        let error = "ipv4(src=198.18.0.9,dst=198.18.0.1)/icmp.timeexceeded"
        let second = quote(1)
        #expect(try network.answer("\(error)/\(second)") == "1")
        #expect(try network.answer("\(error)/\(second)") == "1!")
        // A router that has lost the identification is taken at the ports.
        #expect(try network.answer("\(error)/ipv4(src=198.18.0.1,dst=198.18.0.2,id=999)/udp(sport=9,dport=53)") == "0")
        for quoted in [
            "ipv4(src=198.18.0.1,dst=198.18.0.3,id=100)/udp(sport=9,dport=53)",
            "ipv4(dst=198.18.0.2,id=100)/udp(sport=10,dport=53)",
            "ipv4(dst=198.18.0.2)/tcp(sport=9,dport=53)",
        ] { #expect(try network.answer("\(error)/\(quoted)") == nil, "\(quoted)") }
        // A later fragment has no ports: its identification says which packet it is of.
        #expect(try network.answer("\(error)/ipv4(dst=198.18.0.2,id=102,offset=9)/udp(sport=1)") == "2")
    }

    @Test("a TCP answer is for the segment that it acknowledges")
    func tcp() throws {
        var network = try Network("ipv4(\(Self.ends))/tcp(sport=9,dport=53,seq=[1000,2000,3000],flags=S)")
        try network.send()
        #expect(try network.answer("ipv4(\(Self.back))/tcp(sport=53,dport=9,flags=RA,ack=3001)") == "2")
        #expect(try network.answer("ipv4(\(Self.back))/tcp(sport=53,dport=9,flags=SA,ack=1001)") == "0")
        #expect(try network.answer("ipv4(\(Self.back))/tcp(sport=53,dport=9,flags=R)") == "1")
    }

    @Test("where answers can't be told apart they are for the first that waits, and then for the last that did")
    func alike() throws {
        var network = try Network("ipv4(\(Self.ends))/udp(sport=9,dport=53)", count: 3)
        try network.send()
        let answer = "ipv4(\(Self.back))/udp(sport=53,dport=9)"
        let found = try (0..<5).map { _ in try network.answer(answer) }
        #expect(found == ["0", "1", "2", "2!", "2!"])
    }

    @Test("whoever is in a group answers")
    func group() throws {
        var network = try Network("ipv4(src=198.18.0.1,dst=224.0.0.1)/icmp.echo(id=7)") { $0.asksMany = true }
        try network.send()
        #expect(try network.answer("ipv4(src=198.18.0.2,dst=198.18.0.1)/icmp.echoreply(id=7,seq=1)") == "0")
        #expect(try network.answer("ipv4(src=198.18.0.3,dst=198.18.0.1)/icmp.echoreply(id=7,seq=1)") == "0!")
        #expect(!network.session.next(at: network.now).isFinished)
    }

    @Test("what comes later than the time-out is not told, and the end is a time-out after the last")
    func timeout() throws {
        var network = try Network("ipv4(\(Self.ends))/icmp.echo(id=7)", count: 2)
        try network.send()
        guard case .wait(let end) = network.session.next(at: network.now) else { return #expect(Bool(false)) }
        #expect(end - network.now == .seconds(1))
        network.now = end + .milliseconds(1)
        #expect(network.session.next(at: network.now).isFinished)
        #expect(try network.answer("ipv4(\(Self.back))/icmp.echoreply(id=7,seq=1)") == nil)
    }

    @Test("with a pattern the session goes on until an answer is like it")
    func pattern() throws {
        let pattern = try PacketPattern("icmp.echoreply")
        var network = try Network("ipv4(\(Self.ends))/icmp.echo(id=7,seq=1)") { $0.pattern = pattern }
        try network.send()
        #expect(
            try network.answer("ipv4(src=198.18.0.9)/icmp.redirect/ipv4(\(Self.ends))/icmp.echo(id=7,seq=1)") == "0")
        #expect(!network.session.next(at: network.now).isFinished && network.session.totals.expected == 0)
        #expect(try network.answer("ipv4(\(Self.back))/icmp.echoreply(id=7,seq=1)") == "0!")
        #expect(network.session.next(at: network.now).isFinished && network.session.totals.expected == 1)
    }

    @Test("nothing that comes stops it")
    func hostile() throws {
        var network = try Network("ipv4(\(Self.ends))/icmp.echo(id=7)", count: 3)
        try network.send()
        let answer = try PacketExpression(
            "ipv4(\(Self.back),options=rr)/icmp.unreachable/ipv4(\(Self.ends),options=lsrr(198.18.0.9))/icmp.echo(id=7,seq=1)"
        ).packet(number: 0)
        let v6 = try PacketExpression("ipv6/hopopts/frag(mf)/icmpv6.toobig/ipv6/dstopts/udp").packet(number: 0)
        for whole in [answer, v6] {
            for count in 0...whole.count { _ = network.answer(bytes: Array(whole[..<count])) }
            for index in whole.indices {
                for byte: UInt8 in [0, 1, 0x3C, 0x4F, 0x60, 0x80, 0xFF] {
                    var changed = whole
                    changed[index] = byte
                    _ = network.answer(bytes: changed)
                }
            }
        }
    }

    @Test("very many packets are sent in bounded memory")
    func many() throws {
        var network = try Network("ipv4(\(Self.ends))/udp(sport=9,dport=53)", count: 200_000) {
            $0.interval = .zero
            $0.timeout = .seconds(3600)
        }
        try network.send()
        #expect(network.session.totals.sent == 200_000)
        // The first that is still known.
        #expect(try network.answer("ipv4(\(Self.back))/udp(sport=53,dport=9)") == "\(200_000 - (1 << 17))")
    }

    @Test("fragments leave in the order that is asked for, overlapping or not", arguments: Fragmenting.Order.allCases)
    func fragments(order: Fragmenting.Order) throws {
        let network = try Network("ipv4(\(Self.ends))/udp(sport=9,dport=53)/pattern(100)") {
            $0.fragmenting = Fragmenting(maximumTransmissionUnit: 60, overlap: 8, order: order)
        }
        let pieces = try network.session.packet(number: 0)
        let offsets = try pieces.map { try IPv4Packet(parsing: $0.span.bytes).header.fragmentOffset }
        switch order {
        case .forward: #expect(offsets == [0, 5, 10])
        case .reverse: #expect(offsets == [10, 5, 0])
        case .swapped: #expect(offsets == [5, 0, 10])
        }
        #expect(pieces.map(\.count).sorted() == [48, 68, 68])
        for piece in pieces {
            let header = try IPv4Packet(parsing: piece.span.bytes).header
            #expect(header.checksum == nil && header.totalLength == nil)
            let start = 20 + Int(header.fragmentOffset) * 8
            #expect(
                piece[20...]
                    == network.session.configuration.expression.packet(number: 0)[start..<start + piece.count - 20])
        }
    }
}

extension SendStep {
    fileprivate var isFinished: Bool { if case .finished = self { true } else { false } }
}
