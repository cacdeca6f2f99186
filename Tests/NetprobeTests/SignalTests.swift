import Glibc
import Testing

@Suite("Signals to ping")
struct SignalTests {
    @Test("SIGINT and SIGTERM end it with statistics", arguments: [SIGINT, SIGTERM])
    func ends(signal: Int32) async throws {
        let outcome = try await Network.pair.ping("-i0.05", "198.18.1.2") { running in
            try running.expect("icmp_seq=2 ")
            running.send(signal)
        }
        #expect(outcome.status == 0)
        #expect(outcome.counts?.contains(" 0% packet loss") == true)
        #expect(outcome.lines.last?.hasPrefix("rtt min/avg/max/mdev") == true)
    }

    @Test("ended without an answer, the exit status is 1", arguments: [SIGINT, SIGTERM])
    func endsUnanswered(signal: Int32) async throws {
        let outcome = try await Network.hostile.ping("-O", "-i0.05", "203.0.113.150") { running in
            try running.expect("no answer yet")
            running.send(signal)
        }
        #expect(outcome.status == 1)
        #expect(outcome.counts?.contains(" 0 received, 100% packet loss") == true)
    }

    @Test("SIGQUIT says how things stand on standard error, and it goes on")
    func status() async throws {
        let outcome = try await Network.pair.ping("-c6", "-i0.1", "198.18.1.2") { running in
            try running.expect("icmp_seq=2 ")
            running.send(SIGQUIT)
        }
        let line = #/\r[23]/[23] packets, 0% loss, min/avg/ewma/max = \d+\.\d{3}(/\d+\.\d{3}){3} ms\n/#
        #expect(outcome.errors.wholeMatch(of: line) != nil, "\(outcome.errors)")
        #expect(outcome.replies.count == 6)
        #expect(outcome.status == 0)
    }

    @Test("nobody reading any more ends it without a word")
    func closedPipe() async throws {
        let outcome = try await Network.pair.run(
            ["sh", "-c", "\(Program.netprobe) ping -c50 -i0.01 198.18.1.2 | head -1"])
        #expect(outcome.lines.count == 1)
        #expect(outcome.errors == "")
        #expect(outcome.duration < .seconds(3))
    }

    @Test("a full disk is an error")
    func fullDisk() async throws {
        let outcome = try await Network.pair.run(
            ["sh", "-c", "exec \(Program.netprobe) ping -c1 198.18.1.2 >/dev/full"])
        #expect(outcome.status == 2)
        #expect(outcome.errors == "netprobe ping: write error: No space left on device\n")
    }
}
