import Testing

/// What `responder.py` does to requests whose destination ends in this number.
@Suite("ping among liars")
struct HostileTests {
    private static let networks = ["203.0.113.", "2001:db8:113::"]

    private func ping(_ network: String, _ number: Int, _ arguments: String...) async throws -> Outcome {
        let outcome = try await Network.hostile.ping(arguments + ["-i0.05", "\(network)\(number)"])
        #expect(outcome.signal == nil)
        return outcome
    }

    @Test(
        "what is no answer is never counted",
        arguments: networks, [3, 4, 5, 6, 7, 13, 14])
    func notCounted(network: String, number: Int) async throws {
        let outcome = try await ping(network, number, "-c2", "-W0.2")
        #expect(outcome.status == 1, "\(outcome.output)")
        #expect(outcome.counts?.hasPrefix("2 packets transmitted, 0 received") == true)
        #expect(outcome.counts?.contains(" 100% packet loss") == true)
        #expect(!outcome.output.contains("rtt "))
        #expect(outcome.errors == "")
    }

    @Test("a bad checksum is told of where this program checks it: in IPv4")
    func badChecksum() async throws {
        let outcome = try await ping("203.0.113.", 3, "-c1", "-W0.2")
        #expect(outcome.replies.first?.hasSuffix(" ms (BAD CHECKSUM!)") == true)
        #expect(outcome.counts?.hasPrefix("1 packets transmitted, 0 received, +1 corrupted, 100% packet loss") == true)
    }

    @Test("an answer from another address is told of", arguments: networks)
    func otherSource(network: String) async throws {
        let outcome = try await ping(network, 6, "-c1", "-W0.2")
        #expect(outcome.replies.first?.hasPrefix("64 bytes from \(network)206: icmp_seq=1 ") == true)
        #expect(outcome.replies.first?.hasSuffix(" ms (DIFFERENT ADDRESS!)") == true)
    }

    @Test("an answer that comes twice counts once", arguments: networks)
    func duplicates(network: String) async throws {
        let outcome = try await ping(network, 2, "-c2")
        #expect(outcome.replies.prefix(3).map { $0.hasSuffix(" (DUP!)") } == [false, true, false])
        #expect(
            outcome.counts?.firstMatch(of: #/^2 packets transmitted, 2 received, \+[12] duplicates, 0% packet loss/#)
                != nil)
        #expect(outcome.status == 0)
    }

    @Test("a payload that is not the one sent is shown", arguments: networks)
    func otherPayload(network: String) async throws {
        let outcome = try await ping(network, 8, "-c1")
        #expect(outcome.lines[2] == "wrong data byte #55 should be 0x37 but was 0xc8")
        #expect(outcome.lines[3].hasPrefix("#16\t10 11 12 13 "))
        #expect(outcome.lines[4].hasPrefix("#48\t30 31 32 33 34 35 36 c8 "))
        #expect(outcome.counts?.hasPrefix("1 packets transmitted, 1 received, 0% packet loss") == true)
        #expect(outcome.status == 0)
    }

    @Test("a late answer is waited for, and its time is true", arguments: networks)
    func late(network: String) async throws {
        let outcome = try await ping(network, 9, "-c1")
        let time = outcome.replies.first?.firstMatch(of: #/time=(\d+) ms$/#)?.1
        #expect((300...600).contains(Int(time ?? "") ?? 0), "\(outcome.output)")
    }

    @Test("answers in another order all count", arguments: networks)
    func reordered(network: String) async throws {
        let outcome = try await ping(network, 10, "-c4", "--percentiles")
        #expect(
            outcome.replies.compactMap { $0.firstMatch(of: #/icmp_seq=(\d)/#)?.1 } == ["2", "1", "4", "3"])
        #expect(outcome.output.contains("reordered 2, late 0,"))
    }

    @Test("every third is lost", arguments: networks)
    func loss(network: String) async throws {
        let outcome = try await ping(network, 11, "-c7", "-W0.2")
        #expect(outcome.counts?.hasPrefix("7 packets transmitted, 5 received, 28.5714% packet loss") == true)
        #expect(outcome.status == 0)
    }

    @Test("odd options do no harm", arguments: networks, [17, 18])
    func oddOptions(network: String, number: Int) async throws {
        let outcome = try await ping(network, number, "-c1")
        #expect(outcome.counts?.hasPrefix("1 packets transmitted, 1 received, 0% packet loss") == true)
        #expect(outcome.errors == "")
    }

    @Test("a redirect is told of, and does not end the request")
    func redirect() async throws {
        let outcome = try await ping("203.0.113.", 15, "-c1")
        #expect(
            outcome.lines.dropFirst().first
                == "From 203.0.113.254: icmp_seq=1 Redirect Host(New nexthop: 203.0.113.254)")
        #expect(outcome.status == 0)
    }

    @Test("a source quench is told of, and does not end the request")
    func sourceQuench() async throws {
        let outcome = try await ping("203.0.113.", 16, "-c1", "-W0.2")
        #expect(outcome.lines.dropFirst().first == "From 203.0.113.254: icmp_seq=1 Source Quench")
        #expect(outcome.status == 1)
    }
}
