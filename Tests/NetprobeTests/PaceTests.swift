import Testing

@Suite("The pace of ping")
struct PaceTests {
    /// Milliseconds from the first request to the last, as the statistics say.
    private func sendingTime(_ outcome: Outcome) -> Int? {
        outcome.counts?.firstMatch(of: #/, time (\d+)ms$/#).flatMap { Int($0.1) }
    }

    @Test("-i is the time between two requests")
    func interval() async throws {
        let outcome = try await Network.pair.ping("-c6", "-i0.05", "198.18.1.2")
        #expect((250...400).contains(sendingTime(outcome) ?? 0))
    }

    @Test("-l sends so many at once, and the statistics call them a pipe")
    func preload() async throws {
        let outcome = try await Network.pair.ping("-c5", "-l5", "198.18.1.2")
        #expect((sendingTime(outcome) ?? .max) < 500)
        #expect(outcome.lines.last?.hasSuffix(", pipe 5") == true)
    }

    @Test("-f prints a dot for each request and takes it back for each reply")
    func flood() async throws {
        let outcome = try await Network.pair.ping("-f", "-c3", "198.18.1.2")
        #expect(outcome.lines.dropFirst().first?.filter { $0 == "." }.count == 3)
        #expect(outcome.output.count(of: "\u{8} \u{8}") == 3)
        #expect(outcome.lines.last?.firstMatch(of: #/ ms, ipg\/ewma \d+\.\d{3}\/\d+\.\d{3} ms$/#) != nil)
        #expect(outcome.status == 0)
    }

    @Test("the dots of a flood that nobody answers stay")
    func unansweredFlood() async throws {
        let outcome = try await Network.hostile.ping("-f", "-c3", "-W0.1", "203.0.113.150")
        #expect(outcome.lines.dropFirst().first == "...")
        #expect(outcome.status == 1)
    }

    @Test("-A follows the round-trip time")
    func adaptive() async throws {
        let outcome = try await Network.pair.ping("-A", "-c50", "198.18.1.2")
        #expect((sendingTime(outcome) ?? .max) < 2000)
        #expect(outcome.lines.last?.contains(", ipg/ewma ") == true)
    }

    @Test("-W ends the wait for the last reply")
    func timeout() async throws {
        let outcome = try await Network.hostile.ping("-c1", "-W0.3", "203.0.113.150")
        #expect(outcome.duration >= .milliseconds(300) && outcome.duration < .seconds(2))
        #expect(outcome.status == 1)
    }

    @Test("-w ends it all")
    func deadline() async throws {
        let outcome = try await Network.pair.ping("-w0.3", "-i0.1", "198.18.1.2")
        #expect(outcome.counts?.firstMatch(of: #/^[34] packets transmitted, [34] received, 0% packet loss/#) != nil)
        #expect(outcome.status == 0)
    }

    @Test("with -w, -c counts replies")
    func deadlineAndCount() async throws {
        // This host does not answer 3, 6, 9…
        let outcome = try await Network.hostile.ping("-w20", "-c8", "-i0.05", "203.0.113.11")
        #expect(outcome.counts?.hasPrefix("11 packets transmitted, 8 received") == true)
        #expect(outcome.status == 0)
    }

    @Test("with -w, fewer replies than -c make the exit status 1")
    func deadlineBeforeCount() async throws {
        let outcome = try await Network.pair.ping("-w0.2", "-c80", "-i0.05", "198.18.1.2")
        #expect(!outcome.replies.isEmpty)
        #expect(outcome.status == 1)
    }

    @Test("an ICMP error ends a ping with a deadline")
    func deadlineAndError() async throws {
        let outcome = try await Network.chain.ping("-w20", "-t1", "198.18.6.2")
        #expect(outcome.counts?.hasPrefix("1 packets transmitted, 0 received, +1 errors") == true)
        #expect(outcome.status == 1)
    }

    @Test("-O says what has no answer when the next request goes")
    func outstanding() async throws {
        let outcome = try await Network.hostile.ping("-O", "-c4", "-i0.1", "203.0.113.11")
        #expect(outcome.lines.filter { $0.hasPrefix("no answer") } == ["no answer yet for icmp_seq=3"])
    }

    @Test("-D begins lines with the time of day, -3 gives all microseconds, -a rings, -q is silent")
    func display() async throws {
        let outcome = try await Network.pair.ping("-D3a", "-c1", "198.18.1.2")
        #expect(
            outcome.replies.first?.wholeMatch(
                of: #/\[\d{10}\.\d{6}\] 64 bytes from 198\.18\.1\.2: icmp_seq=1 ttl=64 time=\d+\.\d{3} ms\x07/#) != nil)
        #expect(try await Network.pair.ping("-qc1", "198.18.1.2").lines.count == 5)
    }

    @Test("-v tells the identifier")
    func verbose() async throws {
        let outcome = try await Network.pair.ping("-v", "-e77", "-c1", "198.18.1.2")
        #expect(outcome.replies.first?.contains(": icmp_seq=1 ident=77 ttl=64 ") == true)
    }
}
