import Addresses
import Packets
import Probing
import Testing

@testable import netprobe

@Suite("The lines of a trace")
struct TraceLinesTests {
    static let display = TraceDisplay(programName: "netprobe trace")

    static func address(_ number: UInt32) -> IPAddress { .v4(IPv4Address(rawValue: 0xC612_0000 + number)) }

    static func configuration(first: UInt8 = 1, last: UInt8 = 30, queries: Int = 3) -> TraceConfiguration {
        var configuration = TraceConfiguration(to: address(0x0602))
        configuration.firstHop = first
        configuration.maximumHops = last
        configuration.probesPerHop = queries
        return configuration
    }

    static func probe(_ hop: UInt8, _ index: Int, round: UInt64 = 1) -> TracedProbe {
        TracedProbe(TraceProbe(token: UInt16(hop) * 10 + UInt16(index), hopLimit: hop), index: index, round: round)
    }

    static func answered(
        _ hop: UInt8, _ index: Int, by number: UInt32? = nil, after microseconds: Int64 = 1000,
        _ meaning: TraceAnswer.Meaning = .timeExceeded, round: UInt64 = 1,
        with change: (inout TraceAnswer) -> Void = { _ in }
    ) -> TraceEvent {
        let probe = probe(hop, index, round: round)
        var answer = TraceAnswer(
            token: probe.probe.token, from: address(number ?? UInt32(hop) << 8 | 2), meaning)
        change(&answer)
        return .answered(probe, answer, roundTrip: .microseconds(microseconds), .kernel)
    }

    /// What is written of these events, one after the other.
    static func lines(
        _ events: [TraceEvent], _ configuration: TraceConfiguration = configuration(), _ display: TraceDisplay = display
    ) -> String {
        var lines = TraceLines(configuration, display)
        var text = ""
        for event in events {
            lines.add(event)
            text += lines.text { "\($0)" }
        }
        return text + lines.ending()
    }

    static let unreachable = ICMPError(family: .v4, type: 3, code: 3)

    @Test("a line holds the hop, who answers, and the time of each probe, as traceroute has it")
    func plain() {
        let events: [TraceEvent] = [
            Self.answered(1, 0, after: 59), Self.answered(1, 1, after: 4), Self.answered(1, 2, after: 130_002),
            Self.answered(2, 0, .error(Self.unreachable)), Self.answered(2, 1, .reply(.echo)),
            Self.answered(2, 2, .error(Self.unreachable)),
        ]
        #expect(
            Self.lines(events) == """
                 1  198.18.1.2  0.059 ms  0.004 ms  130.002 ms
                 2  198.18.2.2  1.000 ms  1.000 ms  1.000 ms

                """)
    }

    @Test("silence is a star, and a responder is named again only when it is another")
    func stars() {
        let events: [TraceEvent] = [
            .timedOut(Self.probe(1, 0)), .timedOut(Self.probe(1, 1)), .timedOut(Self.probe(1, 2)),
            .timedOut(Self.probe(2, 0)), Self.answered(2, 1), .timedOut(Self.probe(2, 2)),
            Self.answered(3, 0), .timedOut(Self.probe(3, 1)), Self.answered(3, 2),
            Self.answered(4, 0), Self.answered(4, 1, by: 0x0403), Self.answered(4, 2),
            .sendFailed(Self.probe(5, 0), .queueFull),
        ]
        #expect(
            Self.lines(events) == """
                 1  * * *
                 2  * 198.18.2.2  1.000 ms *
                 3  198.18.3.2  1.000 ms *  1.000 ms
                 4  198.18.4.2  1.000 ms 198.18.4.3  1.000 ms 198.18.4.2  1.000 ms
                 5  *

                """)
    }

    @Test("what is known is written at once, but never before what comes first")
    func order() {
        var lines = TraceLines(Self.configuration(queries: 2), Self.display)
        lines.add(Self.answered(2, 0))
        #expect(lines.text { "\($0)" } == "")
        lines.add(Self.answered(1, 0))
        #expect(lines.text { "\($0)" } == " 1  198.18.1.2  1.000 ms")
        lines.add(.timedOut(Self.probe(1, 1)))
        #expect(lines.text { "\($0)" } == " *\n 2  198.18.2.2  1.000 ms")
        #expect(lines.ending() == "\n")
    }

    @Test("an address whose name is not known yet holds its line, and no longer")
    func names() {
        var lines = TraceLines(Self.configuration(queries: 1), Self.display)
        lines.add(Self.answered(1, 0))
        lines.add(Self.answered(2, 0))
        #expect(lines.text { $0 == Self.address(0x0102) ? nil : "\($0)" } == "")
        #expect(lines.text { $0 == Self.address(0x0102) ? "r1 (\($0))" : nil } == " 1  r1 (198.18.1.2)  1.000 ms\n")
        #expect(lines.text { "\($0)" } == " 2  198.18.2.2  1.000 ms\n")
    }

    @Test("behind the hop where the path ends nothing is written, whatever else has come")
    func end() {
        let events: [TraceEvent] = [
            Self.answered(3, 0, by: 0x0602, .reply(.echo)), Self.answered(2, 0, by: 0x0602, .reply(.echo)),
            Self.answered(1, 0), Self.answered(4, 0, by: 0x0602, .reply(.echo)),
        ]
        #expect(
            Self.lines(events, Self.configuration(queries: 1)) == """
                 1  198.18.1.2  1.000 ms
                 2  198.18.6.2  1.000 ms

                """)
    }

    @Test("further rounds, duplicates and what comes too late write nothing")
    func later() {
        let duplicate = TraceAnswer(token: 10, from: Self.address(9), .timeExceeded)
        let events: [TraceEvent] = [
            .timedOut(Self.probe(1, 0)), .late(Self.probe(1, 0), duplicate, roundTrip: .seconds(6), .kernel),
            .duplicate(Self.probe(1, 0), duplicate), .roundEnded(1), Self.answered(1, 0, round: 2),
            .routeChanged(round: 2, hops: 1...1),
        ]
        #expect(Self.lines(events, Self.configuration(queries: 1)) == " 1  *\n")
    }

    @Test("hops beyond 99 and a late first hop are numbered as they are")
    func numbers() {
        let events = [Self.answered(99, 0, by: 1), Self.answered(100, 0, by: 2)]
        #expect(
            Self.lines(events, Self.configuration(first: 99, last: 255, queries: 1)) == """
                99  198.18.0.1  1.000 ms
                100  198.18.0.2  1.000 ms

                """)
    }

    private static let marks: [(ICMPError, String)] =
        [
            (0, " !N"), (1, " !H"), (2, " !P"), (3, ""), (4, " !F-1400"), (5, " !S"), (6, " !N"), (7, " !H"),
            (8, " !N"),
            (9, " !X"), (10, " !X"), (11, " !N"), (12, " !H"), (13, " !X"), (14, " !V"), (15, " !C"), (16, " !<16>"),
            (255, " !<255>"),
        ].map { (ICMPError(family: .v4, type: 3, code: $0.0, information: 1400), $0.1) }
        + [(0, " !N"), (1, " !X"), (2, " !H"), (3, " !H"), (4, ""), (5, " !<5>"), (6, " !<6>")].map {
            (ICMPError(family: .v6, type: 1, code: $0.0), $0.1)
        } + [
            (ICMPError(family: .v6, type: 2, code: 0, information: 1280), " !F-1280"),
            (ICMPError(family: .v6, type: 4, code: 1), " !<4-1>"),
            (ICMPError(family: .v4, type: 12, code: 0), " !<12-0>"),
        ]

    @Test("each reason why a probe ends has traceroute's mark", arguments: marks)
    func mark(error: ICMPError, mark: String) {
        let text = Self.lines([Self.answered(1, 0, .error(error))], Self.configuration(queries: 1))
        #expect(text == " 1  198.18.1.2  1.000 ms\(mark)\n")
    }

    @Test("-e shows labels spelled out and other objects in hexadecimal")
    func extensions() {
        var display = Self.display
        display.showsExtensions = true
        let objects: [ICMPExtensionObject] = [
            .mplsLabelStack([
                MPLSLabel(label: 16, isBottomOfStack: false, timeToLive: 1),
                MPLSLabel(label: 1_048_575, trafficClass: 7, isBottomOfStack: true, timeToLive: 255),
            ]),
            .unknown(classNumber: 247, type: 1, data: [0, 1, 2, 3, 0xFE, 0xFF]),
            .interfaceInformation(ICMPInterfaceInformation(role: .incoming, index: 5)),
        ]
        let events = [
            Self.answered(1, 0) { $0.extensions = objects }, Self.answered(1, 1) { $0.extensions = objects },
            Self.answered(1, 2),
        ]
        #expect(
            Self.lines(events, Self.configuration(), display) == """
                 1  198.18.1.2 <MPLS:L=16,E=0,S=0,T=1/L=1048575,E=7,S=1,T=255;247/1:00010203,feff;2/8:00000005>  \
                1.000 ms  1.000 ms 198.18.1.2  1.000 ms

                """)
        #expect(Self.lines(events).contains("<") == false)
    }

    @Test("--back shows the length of the way back where it is another")
    func back() {
        var display = Self.display
        display.showsWayBack = true
        let events = [
            Self.answered(1, 0) { $0.hopLimit = 64 }, Self.answered(2, 0) { $0.hopLimit = 252 },
            Self.answered(3, 0) { $0.hopLimit = 120 }, Self.answered(4, 0),
        ]
        #expect(
            Self.lines(events, Self.configuration(queries: 1), display) == """
                 1  198.18.1.2  1.000 ms
                 2  198.18.2.2 '-4'  1.000 ms
                 3  198.18.3.2 '-9'  1.000 ms
                 4  198.18.4.2  1.000 ms

                """)
    }

    @Test("-O info shows the flags of the destination's answer")
    func flags() {
        var display = Self.display
        display.showsFlags = true
        let events = [
            Self.answered(1, 0, .reply(.tcp([.rst, .ack]))), Self.answered(1, 1, .reply(.tcp([.syn, .ack]))),
        ]
        #expect(
            Self.lines(events, Self.configuration(queries: 2), display)
                == " 1  198.18.1.2 <rst,ack>  1.000 ms 198.18.1.2 <syn,ack>  1.000 ms\n")
    }
}
