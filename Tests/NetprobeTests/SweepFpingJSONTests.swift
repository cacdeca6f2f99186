import Addresses
import Foundation
import Probing
import Testing

@testable import netprobe

@Suite("fping's JSON objects, and Netdata's charts")
struct SweepFpingJSONTests {
    typealias Lines = SweepLinesTests

    /// What a JSON parser makes of one line.
    static func value(_ line: String) throws -> NSDictionary? {
        #expect(line.hasSuffix("\n") && line.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        return try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary
    }

    static func json(
        _ change: (inout SweepDisplay) -> Void = { _ in }, _ append: (SweepFpingJSON, inout [UInt8]) -> Void
    ) -> String {
        Lines.text { append(SweepFpingJSON(Lines.display(change)), &$0) }
    }

    @Test("an answer is an object in fping's spacing, and so is a time-out")
    func reply() {
        #expect(
            Self.json { $0.reply(Lines.reply(index: 1), Lines.label(), nil, to: &$1) }
                == #"{"resp": {"host": "198.18.0.1", "seq": 1, "size": 64, "rtt": 0.050}}"# + "\n")
        #expect(
            Self.json { $0.timeout(4, Lines.label(), "12.50000", to: &$1) }
                == #"{"timeout": {"timestamp": "12.50000", "host": "198.18.0.1", "seq": 4}}"# + "\n")
    }

    @Test("whatever a target is called, the object can be parsed")
    func hostileName() throws {
        let name = "a\"b\\c\u{1B}\n\u{2028}é"
        let line = Self.json { $0.timeout(0, Lines.label(name), nil, to: &$1) }
        #expect(try Self.value(line) == ["timeout": ["host": name, "seq": 0]])
        let warning = Self.json { $0.unknown(name, "Name or service not known", to: &$1) }
        #expect(
            try Self.value(warning) == ["warning": ["host": name, "message": "Name or service not known"]])
    }

    @Test("an answer with all that can be asked for")
    func everything() throws {
        let reply = Lines.reply {
            $0.timestamps = SweepTimestamps(originate: 1, receive: 2, transmit: 3)
            $0.trafficClass = 4
            $0.destination = Lines.other
        }
        let line = Self.json {
            $0.showsTrafficClass = true
            $0.showsHopLimit = true
            $0.showsReplyDestination = true
        } _: {
            $0.reply(reply, Lines.label(), "now", to: &$1)
        }
        let times = ["originate": 1, "receive": 2, "transmit": 3, "localreceive": 80_000_123]
        let fields: NSDictionary = [
            "timestamp": "now", "host": "198.18.0.1", "seq": 0, "size": 64, "rtt": 0.05, "timestamps": times,
            "replyDst": "198.18.0.2", "tos": 4, "ttl": -1,
        ]
        #expect(try Self.value(line) == ["resp": fields])
    }

    @Test("summaries of a target: with its shares, its interval, or each of its round trips")
    func summaries() {
        let counts = Lines.counts(4, 3, 10_000, 60_000, 30_000)
        #expect(
            Self.json { $0.target(counts, received: 3, Lines.label(), to: &$1) }
                == #"{"summary": {"host": "198.18.0.1", "xmt": 4, "rcv": 3, "loss": 25, "#
                + #""rttMin": 0.010, "rttAvg": 0.020, "rttMax": 0.030}}"# + "\n")
        #expect(
            Self.json {
                $0.showsOutage = true
            } _: {
                $0.target(Lines.counts(1, 0), received: 0, Lines.label(), time: 9, to: &$1)
            }
                == #"{"intSum": {"time": 9,"host": "198.18.0.1", "xmt": 1, "rcv": 0, "loss": 100, "#
                + #""outage(ms)": 1000}}"# + "\n")
        #expect(
            Self.json { $0.target([10_000, nil], Lines.label(), to: &$1) }
                == #"{"vSum": {"host": "198.18.0.1", "values": [0.010, null]}}"# + "\n")
    }

    @Test("the statistics have fping's names")
    func statistics() throws {
        let summary = SweepSummary(elapsed: .milliseconds(1500), unknownNames: 3)
        let line = Self.json { $0.statistics(SweepSummaryLinesTests.totals, summary, to: &$1) }
        let fields: NSDictionary = [
            "targets": 12, "alive": 10, "unreachable": 2, "unknownAddresses": 3, "timeouts": 8, "icmpEchosSent": 20,
            "icmpEchoRepliesReceived": 11, "otherIcmpReceived": 2, "rttMin": 1.0, "rttAvg": 5.5, "rttMax": 10,
            "elapsed": 1.5,
        ]
        #expect(try Self.value(line) == ["stats": fields])
    }

    // MARK: - Netdata

    @Test("a chart is defined once, and then has values for each interval")
    func netdata() {
        var netdata = SweepNetdata(every: .seconds(5))
        let counts = Lines.counts(4, 3, 10_000, 60_000, 30_000)
        let first = Lines.text { netdata.target(counts, Lines.label("a.b"), to: &$0) }.split(separator: "\n")
        netdata.endInterval()
        let second = Lines.text { netdata.target(Lines.counts(1, 0), Lines.label("a.b"), to: &$0) }
        #expect(first.first == "CHART fping.a_b_packets '' 'FPing Packets' packets 'a.b' fping.packets line 110020 5")
        #expect(first.count { $0.hasPrefix("CHART") } == 3)
        #expect(
            first.filter { $0.hasPrefix("SET") }.map { String($0) } == [
                "SET xmt = 4", "SET rcv = 3", "SET returned = 75", "SET min = 10000", "SET avg = 20000",
                "SET max = 30000",
            ])
        #expect(
            second == """
                BEGIN fping.a_b_packets
                SET xmt = 1
                SET rcv = 0
                END
                BEGIN fping.a_b_quality
                SET returned = 0
                END
                BEGIN fping.a_b_latency
                END

                """)
    }

    // MARK: - Times of day

    @Test("seconds have five decimals, rounded")
    func unixTime() {
        func text(_ nanoseconds: Int64) -> String {
            var timestamp = SweepTimestamp(.unix)
            return Lines.text { timestamp.append(nanoseconds, to: &$0) }
        }
        #expect(text(1_700_000_000_123_456_789) == "1700000000.12346")
        #expect(text(1_700_000_000_999_999_999) == "1700000001.00000")
        #expect(text(.min) == "0.00000")
        #expect(text(.max) == "9223372036.85478")
    }

    @Test("the other formats have the local time, a new one each second")
    func localTime() {
        let patterns: [(SweepDisplay.Timestamps, Regex<Substring>)] = [
            (.ctime, /[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d 2023/),
            (.iso, /2023-11-1\dT\d\d:\d\d:\d\d[+-]\d{4}/), (.rfc3339, /2023-11-1\d \d\d:\d\d:\d\d/),
        ]
        for (format, pattern) in patterns {
            var timestamp = SweepTimestamp(format)
            let texts = [0, 999_999_999, 1_000_000_000].map { after in
                Lines.text { timestamp.append(1_700_000_000_000_000_000 + after, to: &$0) }
            }
            #expect(texts[0].wholeMatch(of: pattern) != nil)
            #expect(texts[0] == texts[1])
            #expect(texts[1] != texts[2])
        }
    }
}
