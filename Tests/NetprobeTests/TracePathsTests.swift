import Foundation
import Testing

@Suite("All paths through real routers")
struct TracePathsTests {
    static let diamond = Network("diamond.lab")
    static let nested = Network("nested.lab")
    static let packetwise = Network("packetwise.lab")
    static let hosts = ["198.18.20.2", "2001:db8:20::2"]

    /// Runs `netprobe trace --paths`. That a path is missed by chance happens in one of 10,000 runs.
    private static func paths(in network: Network, _ arguments: String...) async throws -> Outcome {
        try await paths(in: network, arguments)
    }

    private static func paths(in network: Network, _ arguments: [String]) async throws -> Outcome {
        let outcome = try await network.run(
            [Program.netprobe, "trace", "-n", "--paths", "--confidence", "99.99"] + arguments)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        return outcome
    }

    /// The address of the link with this number, at its right end.
    private static func address(_ link: Int, as host: String) -> String {
        host.contains(":") ? "2001:db8:\(link)::2" : "198.18.\(link).2"
    }

    /// The lines of the paths, and of the first of them the percentage that is lost.
    private static func table(_ outcome: Outcome) -> [(loss: Double, hops: [String])] {
        outcome.lines.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 7, words[1].hasSuffix("%"), let loss = Double(words[1].dropLast()) else { return nil }
            return (loss, Array(words.dropFirst(7)))
        }
    }

    @Test(
        "both diamonds are found, with all their routers, and each path loses nothing",
        arguments: hosts, ["-U", "-T"])
    func diamonds(host: String, method: String) async throws {
        let outcome = try await Self.paths(in: Self.diamond, method, host)
        let paths = Self.table(outcome)
        #expect(paths.count >= 3 && paths.allSatisfy { $0.loss == 0 && $0.hops.last == host }, "\(outcome.output)")
        for hop in [2, 3, 6, 7, 8] {
            #expect(paths.contains { $0.hops.contains(Self.address(hop, as: host)) }, "hop \(hop): \(outcome.output)")
        }
        // Of a router's addresses IPv6 shows the one by which a probe came: paths that are one again look apart.
        guard !host.contains(":") else { return }
        #expect(outcome.output.contains(", hop 1, load is balanced by flow over up to 2 ways, as far as "))
        #expect(outcome.output.contains(", hop 3, load is balanced by flow over up to 3 ways, as far as "))
        #expect(
            outcome.output.contains(
                """

                 1                      198.18.1.2
                                +-----------+-----------+
                 2          198.18.2.2              198.18.3.2
                                +-----------+-----------+
                 3                      198.18.4.2
                            +---------------+---------------+
                 4      198.18.6.2      198.18.7.2      198.18.8.2

                """), "\(outcome.output)")
    }

    @Test("what a router's balancing does not look at makes no paths: echo requests have no ports", arguments: hosts)
    func echo(host: String) async throws {
        let paths = Self.table(try await Self.paths(in: Self.diamond, "-I", host))
        #expect(paths.count == 1 && paths.first?.hops.count == 6)
    }

    /// In IPv6 Linux takes the flow label for a part of the addresses.
    @Test("where load is balanced by address, there is one path to a destination", arguments: hosts, ["-U", "-T", "-I"])
    func byAddress(host: String, method: String) async throws {
        let label = host.contains(":") ? ["-l", "7"] : []
        let paths = Self.table(try await Self.paths(in: Self.byAddress.get(), label + [method, host]))
        #expect(paths.count == 1 && paths.first?.hops.count == 6)
    }

    static let byAddress = Result {
        let network = Network("diamond.lab")
        for router in ["r1", "r2"] {
            try network.change(
                "sysctl -qw net.ipv4.fib_multipath_hash_policy=0 net.ipv6.fib_multipath_hash_policy=0", at: router)
        }
        return network
    }

    @Test("a diamond in a diamond is found", arguments: hosts, ["-U", "-T"])
    func nested(host: String, method: String) async throws {
        let outcome = try await Self.paths(in: Self.nested, method, host)
        let links = [[2, 4, 7], [2, 5, host.contains(":") ? 8 : 7], [3, 6, 9]]
        let ways = Set(links.map { $0.map { Self.address($0, as: host) } })
        #expect(Set(Self.table(outcome).map { Array($0.hops[1...3]) }) == ways, "\(outcome.output)")
        let (outer, inner) = (Self.address(1, as: host), Self.address(2, as: host))
        #expect(outcome.output.contains("Behind \(outer), hop 1, load is balanced by flow over up to 3 ways"))
        #expect(outcome.output.contains("Behind \(inner), hop 2, load is balanced by flow over up to 2 ways"))
    }

    @Test(
        "where routers look at whatever tells flows apart, every method finds a diamond of widths 2-4-8-4-2 whole",
        arguments: ["198.18.0.8", "2001:db8::8"], ["-I", "-U", "-UL", "-T", "-D", "-M sctp"])
    func methods(host: String, method: String) async throws {
        let outcome = try await Self.paths(in: Self.simulated, method.split(separator: " ").map { String($0) } + [host])
        let paths = Self.table(outcome)
        #expect(paths.count == 8 && Set(paths.flatMap(\.hops)).count == 23, "\(outcome.output)")
        #expect(paths.allSatisfy { $0.loss == 0 }, "\(outcome.output)")
    }

    static let simulated = Network("diamonds.lab")

    @Test("balancing by packet is told from balancing by flow", arguments: hosts, ["-U", "-T", "-I"])
    func packetwise(host: String, method: String) async throws {
        let outcome = try await Self.paths(in: Self.packetwise, method, host)
        let router = Self.address(1, as: host)
        #expect(
            outcome.output.contains("Behind \(router), hop 1, load is balanced by packet over up to 2 ways"),
            "\(outcome.output)")
        #expect(outcome.output.contains("+====="))
        guard method != "-I", !host.contains(":") else { return }
        #expect(outcome.output.contains("Behind 198.18.4.2, hop 3, load is balanced by flow over up to 2 ways"))
    }

    @Test("of a router that loses packets, only the paths through it lose any", arguments: hosts)
    func loss(host: String) async throws {
        let network = Network("diamond.lab")
        try network.change(
            "nft add table inet x; nft 'add chain inet x f { type filter hook forward priority 0; }'; "
                + "nft add rule inet x f iifname r2 numgen random mod 4 0 drop", at: "b2")
        let outcome = try await Self.paths(in: network, "--rounds", "60", "--interval", "0", host)
        let paths = Self.table(outcome)
        let lossy = Self.address(7, as: host)
        #expect(paths.contains { $0.hops.contains(lossy) } && paths.contains { !$0.hops.contains(lossy) })
        for path in paths {
            #expect(path.hops.contains(lossy) ? (2...60).contains(path.loss) : path.loss == 0, "\(outcome.output)")
        }
        #expect(
            outcome.lines.contains {
                $0.hasPrefix("Only ") && $0.contains(" of the \(paths.count) paths lose")
                    && $0.hasSuffix(" through \(lossy).")
            }, "\(outcome.output)")
    }

    @Test("routers that limit the rate of their answers are no silent ones, and are told of", arguments: hosts)
    func rateLimits(host: String) async throws {
        let network = Network("diamond.lab")
        for router in ["a1", "a2", "r2"] {
            try network.change(
                "nft add table inet x; nft 'add chain inet x o { type filter hook output priority 0; }'; "
                    + "nft add rule inet x o ip protocol icmp limit rate over 10/second drop; "
                    + "nft add rule inet x o icmpv6 type time-exceeded limit rate over 10/second drop", at: router)
        }
        let outcome = try await Self.paths(in: network, host)
        let paths = Self.table(outcome)
        #expect(paths.count >= 3 && paths.allSatisfy { !$0.hops.contains("*") && $0.loss == 0 }, "\(outcome.output)")
        #expect(outcome.output.contains("Hops 2 and 3 answer only some probes: "), "\(outcome.output)")
    }

    @Test("the graph goes to a file for Graphviz, or to standard output instead of all else")
    func dot() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).dot")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(repeating: 0x20, count: 100_000).write(to: file)
        let outcome = try await Network.chain.run([Program.netprobe, "trace", "-n", "--dot", file.path, "198.18.6.2"])
        #expect(outcome.status == 0 && outcome.output.contains("through"))
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.hasPrefix("digraph paths {\n") && text.hasSuffix("}\n"))
        #expect(text.ranges(of: "->").count == 6)
        let alone = try await Network.chain.run([Program.netprobe, "trace", "-n", "--dot", "-", "198.18.6.2"])
        #expect(alone.output.hasPrefix("digraph paths {\n") && alone.output.hasSuffix("}\n"))
    }

    @Test("a file that can't be written is named, before the first probe or behind the text")
    func unwritable() async throws {
        let nowhere = try await Network.chain.run([Program.netprobe, "trace", "--dot", "/nowhere/x", "198.18.6.2"])
        #expect(nowhere.status == 2 && nowhere.output.isEmpty)
        #expect(nowhere.errors == "netprobe trace: /nowhere/x: No such file or directory\n")
        let full = try await Network.chain.run([Program.netprobe, "trace", "-n", "--dot", "/dev/full", "198.18.6.2"])
        #expect(full.status == 2 && full.output.contains("through"))
        #expect(full.errors == "netprobe trace: /dev/full: No space left on device\n")
    }

    @Test("a chain of routers is one path")
    func chain() async throws {
        let outcome = try await Network.chain.run([Program.netprobe, "trace", "-n", "--paths", "198.18.6.2"])
        #expect(outcome.lines.filter { $0.contains("%") && $0.hasSuffix("198.18.5.2 198.18.6.2") }.count == 1)
    }

    @Test("as JSON, vertices, edges, diamonds and paths are told by the numbers of vertices")
    func json() async throws {
        let outcome = try await Self.diamond.run(
            [Program.netprobe, "trace", "-n", "--paths", "--json", "--confidence", "99.9", "198.18.20.2"])
        let objects = try outcome.lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(objects.allSatisfy { $0["schema"] as? String == "netprobe.paths/1" })
        let types = objects.compactMap { $0["type"] as? String }
        #expect(types.first == "start" && types.last == "end")
        #expect(types.filter { $0 == "vertex" }.count == 10)
        #expect(types.filter { $0 == "diamond" }.count == 2)
        let vertices = objects.filter { $0["type"] as? String == "vertex" }.compactMap { $0["vertex"] as? Int }
        for path in objects where path["type"] as? String == "path" {
            let numbers = try #require(path["vertices"] as? [Int])
            #expect(numbers.allSatisfy(vertices.contains) && numbers.first == 0)
        }
    }
}
