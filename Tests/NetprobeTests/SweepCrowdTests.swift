import Testing

/// 65,536 hosts behind one wire.
@Suite("Sweeps of very many hosts", .serialized)
struct SweepCrowdTests {
    static let crowd = Network("crowd.lab")

    @Test("a slow reader loses nothing, and what waits for him stays small")
    func slowReader() async throws {
        let script = """
            import resource, subprocess, sys, time
            sweep = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
            time.sleep(1)
            lines, read = set(), 0
            for line in sweep.stdout:
                lines.add(line)
                read += 1
                if read % 8192 == 0: time.sleep(0.05)
            status = sweep.wait()
            print(len(lines), read, status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
            """
        let outcome = try await Self.crowd.run(
            ["python3", "-c", script, Program.netprobe, "sweep", "-i", "0", "-r", "0", "-t", "3000", "198.19.0.0/16"])
        let numbers = outcome.output.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
        try #require(numbers.count == 4, "\(outcome)")
        #expect(numbers[0] == 65_534 && numbers[1] == 65_534 && numbers[2] == 0)
        #expect(numbers[3] <= 48, "MiB")
    }

    @Test("an interruption ends with the summary and the exit status")
    func interruption() async throws {
        let outcome = try await Self.crowd.run(
            ["timeout", "-s", "INT", "0.6", Program.netprobe, "sweep", "-q", "-s", "-i", "1", "198.19.0.0/16"])
        // timeout(1) tells that it was needed.
        #expect(outcome.status == 124 && outcome.errors.contains(" targets\n"), "\(outcome)")
        #expect(outcome.errors.contains(" ICMP Echos sent\n"), "\(outcome)")
    }

    @Test("shards are disjoint and complete, and every address is asked once")
    func shards() async throws {
        var found: [String] = []
        for shard in 1...3 {
            let outcome = try await Self.crowd.run(
                [
                    Program.netprobe, "sweep", "--scan", "-a", "--rate", "0", "-t", "300", "--seed", "7", "--shard",
                    "\(shard)/3", "198.19.0.0/16",
                ])
            #expect(outcome.status == 0 && outcome.lines.count >= 21_845, "\(outcome.errors)")
            found += outcome.lines
        }
        #expect(found.count == 65_536 && Set(found).count == 65_536)
    }

    @Test("an interrupted scan goes on where it was")
    func resumption() async throws {
        let scan = [Program.netprobe, "sweep", "--scan", "-a", "-t", "200", "--rate", "40000"]
        let first = try await Self.crowd.run(["timeout", "-s", "INT", "0.7"] + scan + ["198.19.0.0/16"])
        let seed = try #require(first.errors.firstMatch(of: #/--seed (\d+:\d+)/#)?.1, "\(first.errors)")
        let second = try await Self.crowd.run(scan + ["--seed", String(seed), "198.19.0.0/16"])
        let found = first.lines + second.lines
        // Answers that were under way when it was interrupted nobody has waited for.
        #expect(first.lines.count > 1000 && Set(found).count == found.count)
        #expect(found.count >= 65_536 - 100 && found.count <= 65_536)
    }

    @Test("who is dead is known, and nobody else")
    func dead() async throws {
        let crowd = Network("crowd.lab")
        try crowd.change("ip route add blackhole 198.19.3.0/24; ip route add blackhole 198.19.200.0/22", at: "host")
        let outcome = try await crowd.run(
            [Program.netprobe, "sweep", "-u", "-i", "0", "-r", "1", "-t", "300", "198.19.0.0/16"])
        let dead = outcome.lines
        #expect(dead.count == 5 * 256 && outcome.status == 1)
        #expect(dead.allSatisfy { $0.hasPrefix("198.19.3.") || $0.hasPrefix("198.19.20") })
    }

    @Test("who answers twice, who sends an ICMP error and who is dead is told apart", arguments: ["0", "50000"])
    func mixture(rate: String) async throws {
        let crowd = Network("crowd.lab")
        try crowd.change(
            """
            ip route add blackhole 198.19.3.0/24
            nft 'add table ip x; add chain ip x input { type filter hook input priority 0; }'
            nft 'add chain ip x output { type filter hook output priority 0; }'
            nft 'add rule ip x output ip saddr 198.19.5.0/24 dup to 198.18.1.1'
            nft 'add rule ip x input ip daddr 198.19.7.0/24 reject with icmp host-prohibited'
            """, at: "host")
        let scan = try await crowd.run(
            [Program.netprobe, "sweep", "--scan", "-s", "-a", "--rate", rate, "-t", "300", "198.19.0.0/16"])
        #expect(scan.errorLines.dropFirst().first == "65024 alive, 256 duplicate replies, 256 ICMP errors")
        #expect(scan.lines.count == 65_024 && Set(scan.lines).count == 65_024 && scan.status == 0)
        #expect(!scan.lines.contains { $0.hasPrefix("198.19.3.") || $0.hasPrefix("198.19.7.") })
        guard rate == "0" else { return }

        let sweep = try await crowd.run(
            [Program.netprobe, "sweep", "-a", "-i", "0", "-r", "0", "-t", "300", "198.19.0.0/16"])
        #expect(sweep.lines.count == 65_022 && sweep.status == 1)
        #expect(sweep.errorLines.count { $0.contains(" : duplicate for [0], ") && $0.hasPrefix("198.19.5.") } == 256)
        let errors = sweep.errorLines.filter { $0.hasPrefix("ICMP Unreachable (Communication with Host Prohibited) ") }
        #expect(errors.count == 256 && errors.allSatisfy { $0.contains(" for ICMP Echo sent to 198.19.7.") })
    }

    @Test("a pipe that never ends is read as it comes")
    func dripping() async throws {
        let script = #"(echo 198.19.0.1; sleep 0.4; echo 198.19.0.2; sleep 5) | timeout -s INT 1 "$0" sweep"#
        let outcome = try await Self.crowd.run(["bash", "-c", script, Program.netprobe])
        #expect(outcome.lines == ["198.19.0.1 is alive", "198.19.0.2 is alive"])
    }

    @Test("JSON and CSV have a line for each answer, and a summary")
    func forms() async throws {
        let json = try await Self.crowd.run([Program.netprobe, "sweep", "--json", "-i", "0", "198.19.0.0/22"])
        #expect(json.lines.count == 1 + 1022 + 1)
        #expect(json.lines.allSatisfy { $0.hasPrefix(#"{"schema":"netprobe.sweep/1","type":""#) && $0.hasSuffix("}") })
        #expect(json.lines.last?.contains(#""targets":1022,"alive":1022"#) ?? false)
        let csv = try await Self.crowd.run([Program.netprobe, "sweep", "--csv", "-i", "0", "198.19.0.0/22"])
        let rows = csv.output.split(separator: "\r\n")
        #expect(rows.count == 1 + 1022 && rows.allSatisfy { $0.filter { $0 == "," }.count == 9 })
    }
}
