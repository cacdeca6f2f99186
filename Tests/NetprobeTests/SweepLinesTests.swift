import Addresses
import Testing

@testable import Probing
@testable import netprobe

@Suite("The lines of a sweep")
struct SweepLinesTests {
    static let address = IPAddress.v4(IPv4Address(rawValue: 0xC612_0001))
    static let other = IPAddress.v4(IPv4Address(rawValue: 0xC612_0002))

    static func label(_ text: String? = nil, _ address: IPAddress = address) -> SweepLabel {
        let names = SweepNames()
        names.add(0, address, called: text)
        return SweepLabel(address, number: 0, names)
    }

    static func reply(
        after microseconds: Int64 = 50, index: Int = 0, with change: (inout SweepReply) -> Void = { _ in }
    ) -> SweepReply {
        var reply = SweepReply(
            number: 0, address: address, source: address, index: index, roundTrip: .microseconds(microseconds),
            timing: .kernel, isClosed: false, isFirst: true, wallClock: 1_700_000_000_123_456_789, byteCount: 64,
            hopLimit: nil, trafficClass: nil, destination: nil, timestamps: nil)
        change(&reply)
        return reply
    }

    static func display(_ change: (inout SweepDisplay) -> Void = { _ in }) -> SweepDisplay {
        var display = SweepDisplay(programName: "fping")
        change(&display)
        return display
    }

    static func counts(_ sent: Int, _ received: Int, _ minimum: Int64 = 0, _ total: Int64 = 0, _ maximum: Int64 = 0)
        -> SweepTarget.Counts
    {
        var counts = SweepTarget.Counts()
        counts.sent = sent
        counts.received = received
        counts.minimum = minimum
        counts.total = total
        counts.maximum = maximum
        return counts
    }

    static func text(_ append: (inout [UInt8]) -> Void) -> String {
        var text: [UInt8] = []
        append(&text)
        return String(decoding: text, as: UTF8.self)
    }

    static func alive(
        _ reply: SweepReply = reply(), _ name: String? = nil, _ change: (inout SweepDisplay) -> Void = { _ in }
    ) -> String {
        text { SweepLines(display(change)).alive(reply, label(name), to: &$0) }
    }

    // MARK: - Who is alive

    @Test("a target that answers is alive")
    func isAlive() {
        #expect(Self.alive() == "198.18.0.1 is alive\n")
        #expect(Self.alive { $0.isVerbose = false } == "198.18.0.1\n")
        #expect(Self.alive { $0.showsElapsed = true } == "198.18.0.1 is alive (0.050 ms)\n")
        #expect(Self.alive(Self.reply(), "router") == "router is alive\n")
    }

    @Test("a name can't do anything to a terminal")
    func escapedName() { #expect(Self.alive(Self.reply(), "a\u{1B}[2Jb") == "a\\u{1B}[2Jb is alive\n") }

    @Test("another address that answers is shown, by fping on standard error")
    func otherSource() {
        let reply = Self.reply { $0.source = Self.other }
        #expect(Self.alive(reply) == "198.18.0.1 is alive [<- 198.18.0.2]\n")
        #expect(Self.alive(reply) { $0.isFping = true } == "198.18.0.1 is alive\n")
    }

    @Test("what was asked for of the IP header is shown, or that it is unknown")
    func header() {
        let known = Self.reply {
            $0.hopLimit = 63
            $0.trafficClass = 184
            $0.destination = Self.other
        }
        let change = { (display: inout SweepDisplay) in
            display.showsHopLimit = true
            display.showsTrafficClass = true
            display.showsReplyDestination = true
            display.showsElapsed = true
        }
        #expect(
            Self.alive(known, nil, change) == "198.18.0.1 is alive (SRC 198.18.0.2) (TOS 184) (TTL 63) (0.050 ms)\n")
        #expect(
            Self.alive(Self.reply(), nil, change)
                == "198.18.0.1 is alive (SRC unknown) (TOS unknown) (TTL unknown) (0.050 ms)\n")
    }

    @Test("the times of a timestamp reply are shown, and when it arrived by the same measure")
    func timestamps() {
        let reply = Self.reply { $0.timestamps = SweepTimestamps(originate: 1, receive: 4_294_967_295, transmit: 3) }
        let times = " timestamps: Originate=1 Receive=4294967295 Transmit=3 Localreceive=80000123\n"
        #expect(Self.alive(reply) == "198.18.0.1 is alive," + times)
        #expect(
            Self.alive(reply) {
                $0.isVerbose = false
                $0.showsAlive = true
            } == "198.18.0.1" + times)
    }

    @Test("a target that does not answer is unreachable")
    func unreachable() {
        #expect(
            Self.text { SweepLines(Self.display()).unreachable(Self.label("host"), to: &$0) }
                == "host is unreachable\n")
        let list = Self.display { $0.isVerbose = false }
        #expect(Self.text { SweepLines(list).unreachable(Self.label(), to: &$0) } == "198.18.0.1\n")
    }

    @Test("a duplicate is told of with its number, its size and its time")
    func duplicate() {
        let reply = Self.reply(after: 1234, index: 2) { $0.source = Self.other }
        #expect(
            Self.text { SweepLines(Self.display()).duplicate(reply, Self.label(), to: &$0) }
                == "198.18.0.1 : duplicate for [2], 64 bytes, 1.23 ms [<- 198.18.0.2]\n")
    }

    // MARK: - Each probe

    static func each(_ reply: SweepReply, _ counts: SweepTarget.Counts, received: Int? = nil, columns: Int = 0)
        -> String
    {
        text {
            SweepLines(display()).each(
                reply, label(), columns: columns, counts, received: received ?? counts.received, to: &$0)
        }
    }

    @Test("each answer has its time, the average and the loss up to now")
    func eachReply() {
        #expect(
            Self.each(Self.reply(index: 2), Self.counts(3, 2, 50_000, 150_000, 100_000), columns: 12)
                == "198.18.0.1   : [2], 64 bytes, 0.050 ms (0.075 avg, 33% loss)\n")
        #expect(
            Self.each(Self.reply(), Self.counts(2, 2, 1, 100_000, 2), received: 3)
                == "198.18.0.1 : [0], 64 bytes, 0.050 ms (0.050 avg, 150% return)\n")
    }

    @Test("a port that is closed is refused, and lost")
    func refused() {
        #expect(
            Self.each(Self.reply { $0.isClosed = true }, Self.counts(1, 0))
                == "198.18.0.1 : [0], refused, 0.050 ms (NaN avg, 100% loss)\n")
    }

    @Test("a time-out has no average before the first answer")
    func timedOut() {
        func line(_ counts: SweepTarget.Counts) -> String {
            Self.text {
                SweepLines(Self.display()).timeout(
                    7, Self.label(), columns: 0, counts, received: counts.received, to: &$0)
            }
        }
        #expect(line(Self.counts(1, 0)) == "198.18.0.1 : [7], timed out (NaN avg, 100% loss)\n")
        #expect(line(Self.counts(8, 7, 1, 7_000_000, 1)) == "198.18.0.1 : [7], timed out (1.00 avg, 12% loss)\n")
        #expect(line(Self.counts(0, 0)) == "198.18.0.1 : [7], timed out (NaN avg, 0% loss)\n")
    }
}
