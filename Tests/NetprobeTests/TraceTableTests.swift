import Addresses
import Packets
import Probing
import Testing

@testable import netprobe

@Suite("The tables of traces")
struct TraceTableTests {
    private static func address(_ number: UInt32) -> IPAddress { .v4(IPv4Address(rawValue: 0xC612_0000 + number)) }

    /// A session in which each probe is answered as `answers` says, a millisecond for each hop later.
    private static func session(
        rounds: UInt64, hops: UInt8, _ answers: (TraceProbe, Int) -> TraceAnswer?
    ) -> TraceSession {
        var configuration = TraceConfiguration(to: address(0x0602))
        configuration.probesPerHop = 1
        configuration.maximumHops = hops
        configuration.simultaneousProbes = 1
        configuration.rounds = rounds
        configuration.roundInterval = .zero
        var now = MonotonicTime(nanoseconds: 1_000_000_000)
        var session = TraceSession(configuration, at: now)
        var count = 0
        for _ in 0..<10_000 {
            switch session.next(at: now) {
            case .send(let probe):
                session.sent(probe, at: now, wallClock: nil)
                guard let answer = answers(probe, count) else { break }
                count += 1
                now = MonotonicTime(nanoseconds: now.nanoseconds + Int64(probe.hopLimit) * 1_000_000)
                _ = session.received(answer, at: Arrival(now: now))
            case .wait(let until?): now = until
            case .report: continue
            case .wait, .finished: return session
            }
        }
        return session
    }

    private static let labels = [
        MPLSLabel(label: 16, isBottomOfStack: false, timeToLive: 1),
        MPLSLabel(label: 17, trafficClass: 5, isBottomOfStack: true, timeToLive: 64),
    ]

    /// Two routers by turns, one that tells of labels, a silent one, the destination.
    private static let session = session(rounds: 4, hops: 4) { probe, count in
        switch probe.hopLimit {
        case 1: return TraceAnswer(token: probe.token, from: address(0x0102 + UInt32(count / 3 % 2)), .timeExceeded)
        case 2:
            var answer = TraceAnswer(token: probe.token, from: address(0x0202), .timeExceeded)
            answer.extensions = [.mplsLabelStack(labels)]
            return answer
        case 3: return nil
        default: return TraceAnswer(token: probe.token, from: address(0x0602), .reply(.echo))
        }
    }

    @Test("the report has a line for each hop, with whoever else answers and the labels below it")
    func report() {
        var table = TraceTable(hops: Self.session.hops)
        table.showsExtensions = true
        #expect(
            table.report(from: "here") { "\($0)" } == """
                HOST: here                        Loss%   Snt   Last   Avg  Best  Wrst StDev
                  1.|-- 198.18.1.2                 0.0%     4    1.0   1.0   1.0   1.0   0.0
                    |  `|-- 198.18.1.3
                  2.|-- 198.18.2.2                 0.0%     4    2.0   2.0   2.0   2.0   0.0
                       [MPLS: Lbl 16 TC 0 S 0 TTL 1]
                       [MPLS: Lbl 17 TC 5 S 1 TTL 64]
                  3.|-- ???                       100.0     4    0.0   0.0   0.0   0.0   0.0
                  4.|-- 198.18.6.2                 0.0%     4    4.0   4.0   4.0   4.0   0.0

                """)
    }

    @Test("autonomous systems have a column of their own, wide enough for all")
    func systems() {
        let systems = [Self.address(0x0103): "AS64501 64502", Self.address(0x0602): "AS64500"]
        let table = TraceTable(hops: Self.session.hops)
        #expect(
            table.report(from: "here", systems: { systems[$0] ?? TraceTable.noSystem }) { "\($0)" } == """
                HOST: here                        Loss%   Snt   Last   Avg  Best  Wrst StDev
                  1. AS???         198.18.1.2      0.0%     4    1.0   1.0   1.0   1.0   0.0
                    |  `|-- AS64501 64502 198.18.1.3
                  2. AS???         198.18.2.2      0.0%     4    2.0   2.0   2.0   2.0   0.0
                  3. AS???         ???            100.0     4    0.0   0.0   0.0   0.0   0.0
                  4. AS64500       198.18.6.2      0.0%     4    4.0   4.0   4.0   4.0   0.0

                """)
    }

    @Test("long names make the column wider")
    func wide() {
        let name = String(repeating: "n", count: 40)
        let lines = TraceTable(hops: Self.session.hops).report(from: "here") { _ in name }.split(separator: "\n")
        #expect(Set(lines.filter { !$0.contains("`|--") }.map(\.count)).count == 1)
    }

    @Test("fields are quoted where they hold commas, and do nothing to a terminal")
    func fields() {
        let text = TraceTable(hops: Self.session.hops).csv(to: "a,\"b\u{1b}", start: 5, systems: { _ in "AS1" }) { _ in
            "x"
        }
        let line = text.split(separator: "\n").first
        #expect(
            line == #"netprobe 0.1.0,5,OK,"a,""b\u{1B}",1,x,AS1,0.00,4,0,1.00,1.00,1.00,1.00,0.00"#, "\(line ?? "")")
    }

    @Test("what was noticed is said in whole sentences")
    func sentences() {
        let session = Self.session
        let sentences = session.findings.map { $0.words(session.configuration) { "\($0)" } }
        #expect(sentences.contains("Hop 2 is a router in an MPLS tunnel."), "\(sentences)")
        #expect(
            sentences.contains { $0.hasPrefix("Several answer at hop 1, 198.18.1.2 and 198.18.1.3") }, "\(sentences)")
        #expect(sentences.allSatisfy { $0.hasSuffix(".") && $0.first?.isUppercase == true })
    }

    @Test("labels, interfaces and what was rewritten are fields of an answer")
    func json() {
        var answer = TraceAnswer(token: 1, from: Self.address(1), .timeExceeded)
        answer.hopLimit = 250
        answer.quotedHopLimit = 1
        answer.rewriting = [.source, .checksum]
        answer.extensions = [
            .mplsLabelStack([Self.labels[1]]),
            .interfaceInformation(ICMPInterfaceInformation(role: .incoming, index: 3, name: "eth\"0", mtu: 1500)),
        ]
        var object = JSONObject()
        object.add(answer)
        #expect(
            object.line == #"""
                {"ttl":250,"return_hops":6,"meaning":"time-exceeded","quoted_ttl":1,"rewritten":["source","checksum"],\#
                "mpls":[{"label":17,"traffic_class":5,"bottom":true,"ttl":64}],\#
                "interfaces":[{"role":"incoming IP interface","index":3,"name":"eth\"0","mtu":1500}]}

                """#)
    }
}
