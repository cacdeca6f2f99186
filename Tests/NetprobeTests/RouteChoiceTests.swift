import Testing

@Suite("ping chooses its way")
struct RouteChoiceTests {
    @Test(
        "-I takes an interface or an address of this host, or both, and -B keeps the address; the first line says so",
        arguments: [
            (["-I", "r1", "198.18.6.2"], "from 198.18.1.1 r1: 56(84) bytes of data."),
            (["-I", "198.18.1.1", "198.18.6.2"], "from 198.18.1.1 : 56(84) bytes of data."),
            (["-I", "2001:db8:1::1", "2001:db8:6::2"], "from 2001:db8:1::1 : 56 data bytes"),
            (["-I", "r1", "-I", "2001:db8:1::1", "2001:db8:6::2"], "from 2001:db8:1::1 r1: 56 data bytes"),
            (["-B", "198.18.6.2"], "from 198.18.1.1 : 56(84) bytes of data."),
        ])
    func source(arguments: [String], words: String) async throws {
        let outcome = try await Network.chain.ping(["-c1"] + arguments)
        #expect(outcome.lines.first?.hasSuffix(words) == true, "\(outcome.output)")
        #expect(outcome.status == 0)
    }

    @Test(
        "what can't be a source is refused",
        arguments: [
            (
                ["-I", "198.18.1.9", "198.18.6.2"],
                "bind: Cannot assign requested address: 198.18.1.9 is no address of this host"
            ),
            (["-I", "nodevice", "198.18.6.2"], "unknown iface: nodevice"),
            (["-I", "lo", "2001:db8:6::2"], "connect: Network is unreachable"),
            (["-I", "198.18.1.1", "2001:db8:6::2"], "2001:db8:6::2: Address family for hostname not supported"),
        ])
    func refusedSource(arguments: [String], words: String) async throws {
        let outcome = try await Network.chain.ping(["-c1"] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors == "netprobe ping: \(words)\n")
    }

    @Test("-r reaches attached networks only", arguments: [("198.18.1.2", 0), ("198.18.6.2", 2)])
    func bypassedRouting(host: String, status: Int32) async throws {
        #expect(try await Network.chain.ping("-c1", "-r", host).status == status)
    }

    @Test("-C, -d and -S change nothing that one sees", arguments: ["198.18.6.2", "2001:db8:6::2"])
    func socketOptions(host: String) async throws {
        let outcome = try await Network.chain.ping("-c1", "-C", "-d", "-S65536", host)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
    }

    @Test(
        "-m marks each request", .enabled(if: Program.isInstalled("nft"), "nft is not installed"),
        arguments: ["198.18.1.2", "2001:db8:1::2"])
    func mark(host: String) async throws {
        let network = Network("pair.lab")
        try network.change(
            """
            nft add table inet marks
            nft 'add chain inet marks out { type filter hook output priority 0; }'
            nft add rule inet marks out meta mark 4711 counter
            """)
        let outcome = try await network.ping("-c3", "-i0.01", "-m4711", host)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        let rules = try await network.run(["nft", "list", "table", "inet", "marks"])
        #expect(rules.output.contains("counter packets 3 "))
    }

    @Test(
        "a family that was asked for rules out addresses of the other", arguments: [("-4", "::1"), ("-6", "127.0.0.1")])
    func otherFamily(option: String, host: String) async throws {
        let outcome = try await Program.ping("-c1", option, host)
        #expect(outcome.status == 2)
        #expect(outcome.errors == "netprobe ping: \(host): Address family for hostname not supported\n")
    }
}
