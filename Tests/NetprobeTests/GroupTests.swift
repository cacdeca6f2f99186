import Testing

@Suite("ping asks many at once")
struct GroupTests {
    @Test(
        "a broadcast address is refused without -b, with a word on what to do",
        arguments: ["198.18.1.255", "255.255.255.255"])
    func refusedBroadcast(host: String) async throws {
        let outcome = try await Network.broadcast.ping("-c1", host)
        #expect(outcome.status == 2)
        #expect(
            outcome.errors
                == "netprobe ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n")
    }

    @Test("-b warns on standard error, and all answer", arguments: ["198.18.1.255", "255.255.255.255"])
    func broadcast(host: String) async throws {
        let outcome = try await Network.broadcast.ping("-b", "-c2", "-i0.05", host)
        #expect(outcome.errors == "WARNING: pinging broadcast address\n")
        #expect(
            Set(outcome.replies.compactMap { $0.firstMatch(of: #/from ([\d.]+):/#)?.1 }) == [
                "198.18.1.1", "198.18.1.2",
            ])
        #expect(outcome.status == 0)
    }

    @Test(
        "a group's further answers are duplicates, of which -v speaks",
        arguments: ["224.0.0.1", "ff02::1%host"], [false, true])
    func group(host: String, isVerbose: Bool) async throws {
        let outcome = try await Network.broadcast.ping((isVerbose ? ["-v"] : []) + ["-c2", "-i0.05", host])
        #expect(outcome.replies.count >= 3)
        #expect(outcome.counts?.contains(" duplicates, 0% packet loss") == true)
        #expect(outcome.output.contains("(DUP!)") == isVerbose)
        #expect(outcome.status == 0)
    }

    @Test("-L does not hear this host itself", arguments: ["224.0.0.1", "ff02::1"])
    func withoutLoopback(host: String) async throws {
        let outcome = try await Network.broadcast.ping("-L", "-Ihost", "-c2", "-i0.05", host)
        #expect(outcome.replies.count == 2)
        #expect(!outcome.output.contains("duplicates"))
    }
}
