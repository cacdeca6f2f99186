import Testing

@Suite("What ordinary users may ask")
struct OrdinaryUserTests {
    static let refusals = [
        ("-i 0.0019 127.0.0.1", "2 ms"), ("-i 0 127.0.0.1", "2 ms"), ("-f 127.0.0.1", "2 ms"),
        ("-f -i 0.001 127.0.0.1", "2 ms"), ("-A -i 0.001 127.0.0.1", "2 ms"), ("-l 4 127.0.0.1", "greater than 3: 4"),
        ("-b -i 0.5 127.255.255.255", "1000 ms"), ("-I lo -i 0.9 224.0.0.1", "1000 ms"),
        ("-b -M want 127.255.255.255", "does not fragment"),
    ]

    @Test(
        "what would burden a network is refused in one line",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser),
        arguments: refusals)
    func refused(arguments: String, says: String) async throws {
        let outcome = try await AsUser.run(#"user "$netprobe" ping -c 1 \#(arguments)"#, granting: "cap_net_raw=p")
        #expect(outcome.isRefusal(by: "netprobe ping"), "\(outcome)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test(
        "ping(8) of this system refuses the same",
        .enabled(
            if: Requirements.ordinaryUser && Requirements.ping, "needs ping(8), and the real root to become a user"),
        arguments: refusals)
    func refusedByPing(arguments: String, says: String) async throws {
        let outcome = try await AsUser.run("user ping -c 1 \(arguments)", granting: nil)
        #expect(outcome.status == 2, "\(outcome)")
        // In some versions it says 2ms, or how many milliseconds there were instead.
        let words = says.split(separator: " ").filter { $0.first?.isLetter == true && $0 != "ms" }
        #expect(words.allSatisfy { outcome.errors.contains($0) }, "\(outcome.errors)")
    }

    @Test(
        "up to the limits all is allowed", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser),
        arguments: ["-i 0.002", "-f -i 0.002", "-l 3", "-A"])
    func allowed(arguments: String) async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" ping -c 3 \#(arguments) 127.0.0.1"#, granting: "cap_net_raw=p")
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test(
        "the pace of replies is every 2 ms at most", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser),
        arguments: ["-A", "-A -i 0.002"])
    func adaptivePace(pace: String) async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" ping -q -c 26 \#(pace) 127.0.0.1"#, granting: "cap_net_raw=p")
        let time = outcome.output.firstMatch(of: #/26 received, 0% packet loss, time (\d+)ms/#).flatMap { Int($0.1) }
        #expect(try #require(time, "\(outcome)") >= 50)
    }

    @Test(
        "root has no limits",
        arguments: [
            "-c 20 -i 0 127.0.0.1", "-c 20 -f 127.0.0.1", "-c 20 -A 127.0.0.1", "-c 20 -A -i 0.0001 127.0.0.1",
            "-c 100 -l 100 127.0.0.1",
        ])
    func root(arguments: String) async throws {
        let words = arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([Program.netprobe, "ping", "-q"] + words)
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test("root may ask many hosts as fast as it likes", arguments: ["-b -M dont 127.255.255.255", "-I lo 224.0.0.1"])
    func rootToMany(arguments: String) async throws {
        let words = arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([Program.netprobe, "ping", "-c2", "-i0.01", "-W0.01"] + words)
        // Linux does not answer such requests unless it is told to.
        #expect(outcome.status == 1 && outcome.output.contains("2 packets transmitted"), "\(outcome)")
    }
}
