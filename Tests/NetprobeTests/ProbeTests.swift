import Foundation
import Testing

@Suite("netprobe connect --probe")
struct ProbeTests {
    static let tcp = Channel.streams[0]

    private func probe(_ arguments: [String]) async throws -> Outcome {
        try await Program.run([Program.netprobe, "connect", "--probe", "-i", "0.01"] + arguments)
    }

    @Test("a line for each connection, and ping's statistics", arguments: Channel.streams)
    func connected(channel: Channel) async throws {
        let server = try Server(channel, "-k", "--discard")
        let outcome = try await probe(["-c", "3"] + channel.options + server.address)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let line = #/connected to \S+: seq=([123]) time=[\d.]+ ms close=[\d.]+ ms/#
        #expect(
            outcome.lines.compactMap { $0.wholeMatch(of: line).map { String($0.1) } } == ["1", "2", "3"], "\(outcome)")
        #expect(outcome.output.contains("\n3 probes, 3 connected, 0% loss, time "))
        #expect(outcome.lines.last?.wholeMatch(of: #/rtt min\/avg\/max\/mdev = [\d.]+(/[\d.]+){3} ms/#) != nil)
        server.program.send(SIGINT)
        #expect(try server.program.outcome().errors.count(of: "connection from ") == 3)
    }

    @Test("a name's look-up has a time of its own")
    func lookUp() async throws {
        let server = try Server(Self.tcp, "-k", "--discard")
        let outcome = try await probe(["-4", "-c", "1", "localhost", server.address[1]])
        #expect(outcome.output.contains(#/: seq=1 lookup=[\d.]+ ms time=[\d.]+ ms close=/#), "\(outcome)")
    }

    @Test(
        "a refusal is an answer with a time, and the status 1",
        arguments: [["127.0.0.1"], ["-u", "127.0.0.1"], ["::1"]])
    func refused(target: [String]) async throws {
        let outcome = try await probe(["-c", "2"] + target + ["9"])
        #expect(
            outcome.status == 1 && outcome.output.contains(#/refused by \S+:9: seq=2 time=[\d.]+ ms\n/#), "\(outcome)")
        #expect(outcome.output.contains(#/2 probes, 0 (connected|answered), \+2 refused, 0% loss/#), "\(outcome)")
        #expect(outcome.output.contains("rtt min/avg/max/mdev = "))
    }

    @Test("with datagrams one is sent, and the answer counts", arguments: Channel.datagrams)
    func datagrams(channel: Channel) async throws {
        let server = try Server(channel, "--echo")
        let outcome = try await probe(["-c", "3"] + channel.options + server.address)
        #expect(outcome.status == 0 && outcome.output.contains("3 probes, 3 answered, 0% loss"), "\(outcome)")
        #expect(outcome.output.contains(#/answer from \S+: seq=3 time=[\d.]+ ms\n/#), "\(outcome)")
    }

    @Test("what does not answer in time is lost")
    func lost() async throws {
        let server = try Server(Channel.datagrams[0], "--discard")
        let outcome = try await probe(["-u", "-c", "2", "-w", "0.1"] + server.address)
        #expect(outcome.status == 1 && outcome.output.contains("no answer from "), "\(outcome)")
        #expect(outcome.output.contains("2 probes, 0 answered, 100% loss"), "\(outcome)")
        #expect(outcome.duration >= .milliseconds(200))
    }

    @Test("a host that is not there is an error that a router or the neighbourhood tells of")
    func unreachable() async throws {
        let outcome = try await Network.pair.run(
            [Program.netprobe, "connect", "--probe", "-c", "1", "198.18.1.77", "9"])
        #expect(outcome.status == 1 && outcome.output.contains("198.18.1.77:9: No route to host: seq=1"), "\(outcome)")
        #expect(outcome.output.contains("1 probes, 0 connected, +1 errors, 100% loss"), "\(outcome)")
    }

    @Test("a name that can't be resolved is an error of the attempt")
    func unresolved() async throws {
        let outcome = try await probe(["-c", "1", "nosuchhost.invalid", "9"])
        #expect(outcome.status == 1 && outcome.output.contains("nosuchhost.invalid:9: "), "\(outcome)")
        #expect(outcome.output.contains("+1 errors"), "\(outcome)")
    }

    @Test("a signal ends it with statistics")
    func interrupted() async throws {
        let server = try Server(Self.tcp, "-k", "--discard")
        let program = try RunningProgram([Program.netprobe, "connect", "-p", "-i0.05"] + server.address)
        try program.expect("seq=2 ")
        program.send(SIGQUIT)
        try program.expect(" connected, 0% loss\n")
        program.send(SIGINT)
        let outcome = try program.outcome()
        #expect(outcome.status == 0 && outcome.lines.last?.hasPrefix("rtt min/avg/max/mdev") == true, "\(outcome)")
    }

    // MARK: - JSON

    static func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(object, "\(line)")
        }
    }

    @Test("as JSON every line is an object of the schema, with the fields of its type")
    func json() async throws {
        let server = try Server(Self.tcp, "-k", "--discard")
        let objects = try Self.objects(try await probe(["-jc2", "-4", "localhost", server.address[1]]).output)
        let common: Set = ["schema", "type", "time", "endpoint", "transport"]
        #expect(objects.allSatisfy { $0["schema"] as? String == "netprobe.probe/1" })
        #expect(objects.compactMap { $0["type"] as? String } == ["start", "probe", "probe", "statistics"])
        #expect(Set(try #require(objects.first).keys) == common)
        #expect(
            Set(objects[1].keys) == common.union(["sequence", "address", "outcome", "lookup", "rtt", "close"]))
        #expect(objects[1]["outcome"] as? String == "connected")
        let statistics = try #require(objects.last)
        #expect(
            Set(statistics.keys)
                == common.union(["probes", "connected", "refused", "errors", "loss", "duration", "rtt"]))
        #expect(statistics["connected"] as? Int == 2)
    }

    @Test(
        "an outcome has a name, and where it is an error a message",
        arguments: [("127.0.0.1", "refused"), ("nosuchhost.invalid", "unresolved")])
    func jsonOutcomes(host: String, name: String) async throws {
        let objects = try Self.objects(try await probe(["--json", "-c1", host, "9"]).output)
        #expect(objects[1]["outcome"] as? String == name)
        #expect((objects[1]["message"] != nil) == (name == "unresolved"))
    }

    @Test("a conversation tells of itself as JSON where the data is not", arguments: [false, true])
    func conversation(echoes: Bool) async throws {
        let server = try RunningProgram(
            [Program.netprobe, "listen", "--json", "-U"] + (echoes ? ["--echo"] : []) + ["@netprobe-json-\(echoes)"])
        try server.expect("listening")
        let client = try await Program.run(
            [Program.netprobe, "connect", "--json", "-U", "@netprobe-json-\(echoes)"], input: "question")
        let outcome = try server.outcome()
        let events = try Self.objects(echoes ? outcome.output : outcome.errors)
        #expect(events.allSatisfy { $0["schema"] as? String == "netprobe.conversation/1" })
        #expect(events.compactMap { $0["type"] as? String } == ["listening", "accepted", "closed"])
        #expect(events.last?["received"] as? Int == 8)
        #expect(client.output == (echoes ? "question" : "") && outcome.output.contains("question") == !echoes)
        #expect(try Self.objects(client.errors).compactMap { $0["type"] as? String } == ["connected", "closed"])
    }

    @Test("an error is an object too")
    func jsonError() async throws {
        let outcome = try await Program.run([Program.netprobe, "connect", "-j", "127.0.0.1", "9"])
        let object = try #require(try Self.objects(outcome.errors).first)
        #expect(object["type"] as? String == "error" && outcome.status == 1)
        #expect((object["message"] as? String)?.contains("refused") == true)
    }
}
