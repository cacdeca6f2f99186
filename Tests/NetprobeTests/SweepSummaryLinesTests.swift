import Addresses
import Testing

@testable import Probing
@testable import netprobe

@Suite("The summaries of a sweep")
struct SweepSummaryLinesTests {
    typealias Lines = SweepLinesTests

    static func target(
        _ counts: SweepTarget.Counts, received: Int? = nil, _ change: (inout SweepDisplay) -> Void = { _ in }
    ) -> String {
        Lines.text {
            SweepSummaryLines(Lines.display(change)).target(
                counts, received: received ?? counts.received, Lines.label(), columns: 11, to: &$0)
        }
    }

    @Test("a target's summary has the shares in whole per cent, cut, and the times where there are any")
    func summary() {
        #expect(
            Self.target(Lines.counts(3, 2, 10_000, 60_001, 50_000))
                == "198.18.0.1  : xmt/rcv/%loss = 3/2/33%, min/avg/max = 0.010/0.030/0.050\n")
        #expect(Self.target(Lines.counts(2, 0)) == "198.18.0.1  : xmt/rcv/%loss = 2/0/100%\n")
        #expect(Self.target(Lines.counts(0, 0)) == "198.18.0.1  : xmt/rcv/%loss = 0/0/0%\n")
    }

    @Test("more replies than probes are a return, with the outage left out")
    func returned() {
        #expect(
            Self.target(Lines.counts(2, 2, 1000, 2000, 1000), received: 5) { $0.showsOutage = true }
                == "198.18.0.1  : xmt/rcv/%return = 2/5/250%, min/avg/max = 0.001/0.001/0.001\n")
    }

    @Test("an outage is so many periods as probes were lost, and no number is too large")
    func outage() {
        let lost = Lines.counts(5, 2, 0, 0, 0)
        #expect(
            Self.target(lost) {
                $0.showsOutage = true
                $0.period = .microseconds(20_500)
            } == "198.18.0.1  : xmt/rcv/%loss = 5/2/60%, outage(ms) = 61, min/avg/max = 0.000/0.000/0.000\n")
        #expect(Lines.counts(.max / 200, 0).outage(.seconds(Int64.max)) == .max)
    }

    @Test("-C lists each round trip, and a dash for each that is missing")
    func list() {
        #expect(
            Lines.text {
                SweepSummaryLines(Lines.display()).target(
                    [50_000, nil, 1_500_000], Lines.label(), columns: 0, to: &$0)
            } == "198.18.0.1 : 0.050 - 1.50\n")
    }

    static var totals: SweepTotals {
        var totals = SweepTotals()
        totals.targets = 12
        totals.alive = 10
        totals.closed = 1
        totals.sent = 20
        totals.received = 11
        totals.timeouts = 8
        totals.errors = 2
        for milliseconds in 1...10 { totals.roundTrips.record(.milliseconds(milliseconds)) }
        return totals
    }

    static func statistics(_ totals: SweepTotals = totals, _ change: (inout SweepDisplay) -> Void) -> String {
        let summary = SweepSummary(elapsed: .microseconds(1_234_567), unknownNames: 3, droppedReplies: 4)
        return Lines.text { SweepSummaryLines(Lines.display(change)).statistics(totals, summary, to: &$0) }
    }

    @Test("the statistics are those of fping")
    func fpingStatistics() {
        #expect(
            Self.statistics { $0.isFping = true } == """

                      12 targets
                      10 alive
                       2 unreachable
                       3 unknown addresses

                       8 timeouts (waiting for response)
                      20 ICMP Echos sent
                      11 ICMP Echo Replies received
                       2 other ICMP received

                 1.00 ms (min round trip time)
                 5.50 ms (avg round trip time)
                 10.0 ms (max round trip time)
                        1.235 sec (elapsed real time)


                """)
    }

    @Test("netprobe has the percentiles too, and what was lost in this host")
    func ownStatistics() {
        let text = Self.statistics { $0.method = .tcp(port: 80) }
        for line in [
            "       1 refused", "      20 TCP SYNs sent", "      11 TCP Replies received",
            "       4 replies lost in this host, unread", " 5.00 ms (50th percentile)", " 9.00 ms (90th percentile)",
            " 10.0 ms (99th percentile)",
        ] {
            #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
    }

    @Test("without a reply all times are zero")
    func noReplies() {
        let text = Self.statistics(SweepTotals()) { _ in }
        #expect(text.contains("\n 0.000 ms (avg round trip time)\n"))
        #expect(!text.contains("percentile"))
    }

    @Test("a goal is reached or is not")
    func goal() {
        func line(_ goal: Int) -> String {
            Lines.text { SweepSummaryLines(Lines.display()).goal(goal, Self.totals, to: &$0) }
        }
        #expect(line(10) == "Enough hosts reachable (required: 10, reachable: 10)\n")
        #expect(line(11) == "Not enough hosts reachable (required: 11, reachable: 10)\n")
    }

    // MARK: - Errors

    @Test(
        "an ICMP message is told of in fping's words",
        arguments: [
            (3, 1, "ICMP Host Unreachable"), (3, 13, "ICMP Unreachable (Communication Administratively Prohibited)"),
            (3, 16, "ICMP Unreachable (Invalid Code)"), (4, 0, "ICMP Source Quench"), (5, 1, "ICMP Redirect"),
            (11, 0, "ICMP Time Exceeded"), (12, 0, "ICMP Parameter Problem"), (99, 0, "ICMP 99"),
        ] as [(UInt8, UInt8, String)])
    func errorWords(type: UInt8, code: UInt8, words: String) {
        let names = SweepNames()
        names.add(0, Lines.address, called: "host")
        let error = SweepError(
            number: 0, address: Lines.address, index: 0, source: Lines.other,
            error: ICMPError(family: .v4, type: type, code: code))
        #expect(
            Lines.text { error.append(to: &$0, .echo, names) }
                == "\(words) from 198.18.0.2 for ICMP Echo sent to host\n")
    }

    @Test(
        "so is an ICMPv6 message",
        arguments: [
            (1, 3, "ICMPv6 Destination Unreachable (Address unreachable)"),
            (1, 10, "ICMPv6 Destination Unreachable (Code 10)"), (2, 0, "ICMPv6 Packet Too Big"),
            (3, 0, "ICMPv6 Time Exceeded (Hop limit exceeded in transit)"), (3, 2, "ICMPv6 Time Exceeded (Code 2)"),
            (4, 1, "ICMPv6 Parameter Problem (Unrecognized Next Header type encountered)"),
            (100, 9, "ICMPv6 Type 100 Code 9"),
        ] as [(UInt8, UInt8, String)])
    func errorWords6(type: UInt8, code: UInt8, words: String) {
        let address = IPAddress.v6(.loopback)
        let error = SweepError(
            number: nil, address: address, index: 0, source: address,
            error: ICMPError(family: .v6, type: type, code: code))
        #expect(
            Lines.text { error.append(to: &$0, .echo, SweepNames()) }
                == "\(words) from ::1 for ICMPv6 Echo Request sent to ::1\n")
        #expect(
            Lines.text { error.append(to: &$0, .udp(port: 53), SweepNames()) }
                == "\(words) from ::1 for UDP datagram sent to ::1\n")
    }
}
