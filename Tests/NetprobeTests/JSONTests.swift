import Foundation
import Testing

@Suite("ping --json")
struct JSONTests {
    /// The objects of standard output, one a line, and which fields they have.
    private func objects(_ outcome: Outcome) throws -> [[String: Any]] {
        try outcome.lines.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(object, "\(line)")
        }
    }

    private static let common: Set = ["schema", "type", "time"]
    private static let request = common.union(["sequence", "icmp_seq"])
    private static let reply = request.union(["from", "bytes", "ttl", "rtt", "timing", "duplicate", "late"])
    private static let error = request.union(["from", "icmp_type", "icmp_code", "information", "message"])
    private static let start = common.union(["host", "address", "source", "socket", "identifier", "payload_bytes"])
    private static let statistics = common.union([
        "host", "transmitted", "received", "duplicates", "corrupted", "errors", "late", "reordered", "loss",
        "duration", "pipe", "longest_outage",
    ])

    @Test(
        "every line is an object of the schema, with the fields of its type",
        arguments: [
            (["203.0.113.1"], "reply", reply), (["2001:db8:113::1"], "reply", reply),
            (["203.0.113.3"], "rejected", reply.union(["reason"])),
            (["2001:db8:113::6"], "rejected", reply.union(["reason"])),
            (["203.0.113.8"], "reply", reply.union(["damage"])),
            (["203.0.113.12"], "error", error), (["2001:db8:113::12"], "error", error),
            (["203.0.113.16"], "notice", error), (["203.0.113.150"], "timeout", request),
            (["-O", "203.0.113.150"], "outstanding", request),
            (["-R", "198.18.1.2"], "reply", reply.union(["route"])),
            (["-Mdo", "-s4000", "203.0.113.1"], "send_error", request.union(["message", "mtu"])),
            (["-Ihost", "198.18.1.2"], "start", start.union(["interface"])),
        ])
    func schema(arguments: [String], type: String, fields: Set<String>) async throws {
        let outcome = try await Network.hostile.ping(["--json", "-c2", "-i0.05", "-W0.1"] + arguments)
        let objects = try objects(outcome)
        #expect(objects.allSatisfy { $0["schema"] as? String == "netprobe.ping/1" })
        #expect(objects.first?["type"] as? String == "start")
        #expect(objects.last?["type"] as? String == "statistics")
        let found = try #require(objects.first { $0["type"] as? String == type }, "\(outcome.output)")
        #expect(Set(found.keys) == fields)
        let last = Set(try #require(objects.last).keys)
        #expect(last == Self.statistics || last == Self.statistics.union(["rtt"]))
    }

    @Test("the statistics are those of the text")
    func statistics() async throws {
        let outcome = try await Network.hostile.ping("--json", "-c7", "-i0.05", "-W0.2", "203.0.113.11")
        let statistics = try #require(try objects(outcome).last)
        #expect(statistics["transmitted"] as? Int == 7)
        #expect(statistics["received"] as? Int == 5)
        #expect((statistics["loss"] as? Double).map { abs($0 - 2.0 / 7) < 1e-5 } == true)
        let times = try #require(statistics["rtt"] as? [String: Double])
        #expect(
            Set(times.keys) == ["min", "avg", "max", "mdev", "ewma", "jitter", "p50", "p90", "p95", "p99", "p99.9"])
        #expect(times.values.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(outcome.status == 0)
    }

    @Test("-q leaves only the beginning and the end")
    func quiet() async throws {
        let outcome = try await Network.pair.ping("--json", "-qc2", "-i0.01", "198.18.1.2")
        #expect(try objects(outcome).compactMap { $0["type"] as? String } == ["start", "statistics"])
    }

    @Test(
        "round trips are measured from kernel to kernel",
        arguments: ["raw", "datagram"], ["198.18.3.2", "2001:db8:3::2", "127.0.0.1", "::1"])
    func kernelTimes(socket: String, host: String) async throws {
        let outcome = try await Network.pingSockets.ping("--json", "--socket", socket, "-c3", "-i0.01", host)
        let objects = try objects(outcome)
        #expect(objects.first?["socket"] as? String == socket, "\(outcome.errors)")
        #expect(objects.compactMap { $0["timing"] as? String } == ["kernel", "kernel", "kernel"])
    }

    @Test("-U measures from user space to user space", arguments: ["198.18.3.2", "2001:db8:3::2"])
    func userTimes(host: String) async throws {
        let objects = try objects(try await Network.pingSockets.ping("--json", "-U", "-c2", "-i0.01", host))
        #expect(objects.compactMap { $0["timing"] as? String } == ["user", "user"])
    }
}
