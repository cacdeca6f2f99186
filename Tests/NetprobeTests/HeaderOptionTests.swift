import Testing

@Suite("ping with IPv4 options")
struct HeaderOptionTests {
    /// The lines after the reply's, up to the statistics.
    private func recorded(_ outcome: Outcome) -> [String] {
        Array(outcome.lines.drop { !$0.contains(" bytes from ") }.dropFirst().prefix { !$0.hasPrefix("---") })
    }

    @Test("-R prints the way there and back, and says when it is the same again")
    func recordRoute() async throws {
        let outcome = try await Network.chain.ping("-c2", "-i0.05", "-R", "198.18.6.2")
        #expect(outcome.lines.first == "PING 198.18.6.2 (198.18.6.2) 56(124) bytes of data.")
        let way = (1...6).map { "198.18.\($0).1" } + ["198.18.6.2", "198.18.6.2", "198.18.5.2"]
        #expect(recorded(outcome).prefix(10).joined(separator: "\n") == "RR: " + way.map { "\t\($0)\n" }.joined())
        #expect(outcome.replies.last?.hasSuffix(" ms\t(same route)") == true)
        #expect(outcome.status == 0)
    }

    @Test("-T tsonly prints nine times, and how many routers found no room")
    func timestamps() async throws {
        let lines = recorded(try await Network.chain.ping("-c1", "-T", "tsonly", "198.18.6.2"))
        #expect(lines.first?.wholeMatch(of: #/TS: \t\d+ absolute/#) != nil)
        #expect(lines.dropFirst().prefix(8).allSatisfy { $0.wholeMatch(of: #/\t-?\d+/#) != nil })
        #expect(lines.dropFirst(9).first == "Unrecorded hops: 5")
    }

    @Test("-T tsandaddr prints four routers with their times")
    func timestampsAndAddresses() async throws {
        let lines = recorded(try await Network.chain.ping("-c1", "-T", "tsandaddr", "198.18.6.2"))
        #expect(lines.first?.wholeMatch(of: #/TS: \t198\.18\.1\.1\t\d+ absolute/#) != nil)
        #expect(
            lines.dropFirst().prefix(3).compactMap { $0.wholeMatch(of: #/\t([\d.]+)\t-?\d+/#)?.1 }
                == ["198.18.1.2", "198.18.2.2", "198.18.3.2"])
        #expect(lines.dropFirst(4).first == "Unrecorded hops: 9")
    }

    @Test("-T tsprespec prints the times of the routers that were named")
    func prespecified() async throws {
        let outcome = try await Network.chain.ping(
            "-c1", "-T", "tsprespec", "198.18.1.2", "198.18.2.2", "198.18.6.2")
        let lines = recorded(outcome)
        #expect(lines.first?.wholeMatch(of: #/TS: \t198\.18\.1\.2\t\d+ absolute/#) != nil)
        #expect(lines.dropFirst().first?.wholeMatch(of: #/\t198\.18\.2\.2\t-?\d+/#) != nil)
        #expect(outcome.status == 0)
    }

    @Test(
        "intermediate hops are a source route, with -r a strict one",
        arguments: [
            (["198.18.2.2"], ["LSRR: \t198.18.2.2"]),
            (["198.18.1.2", "198.18.2.2"], ["LSRR: \t198.18.2.2", "\t198.18.1.2"]),
            (["-r", "198.18.1.2", "198.18.2.2"], ["SSRR: \t198.18.2.2", "\t198.18.1.2"]),
        ])
    func sourceRoute(hops: [String], lines: [String]) async throws {
        let outcome = try await Network.sourceRoute.ping(["-c1"] + hops + ["198.18.3.2"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(recorded(outcome).starts(with: lines))
    }
}
