import Foundation
import Testing

@Suite("The JSON of traces")
struct TraceJSONTests {
    private func objects(_ network: Network, _ arguments: String...) async throws -> [[String: Any]] {
        let outcome = try await network.run([Program.netprobe, "trace", "--json", "-n"] + arguments)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        return try outcome.lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    private func kinds(_ objects: [[String: Any]]) -> [String] { objects.compactMap { $0["type"] as? String } }

    @Test("each answer is an object, and each hop one at the end", arguments: ["198.18.6.2", "2001:db8:6::2"])
    func whole(host: String) async throws {
        let objects = try await objects(.chain, "-q", "2", host)
        let kinds = kinds(objects)
        #expect(kinds.first == "start" && kinds.last == "end")
        #expect(kinds.filter { $0 == "answer" }.count == 12 && kinds.filter { $0 == "hop" }.count == 6)
        for object in objects {
            #expect(object["schema"] as? String == "netprobe.trace/1" && object["address"] as? String == host)
        }
        let answers = objects.filter { $0["type"] as? String == "answer" }
        #expect(answers.allSatisfy { ($0["rtt"] as? Double ?? -1) >= 0 && $0["ttl"] is Int && $0["hop"] is Int })
        let hop = try #require(objects.first { $0["type"] as? String == "hop" })
        let responder = try #require((hop["responders"] as? [[String: Any]])?.first)
        #expect(hop["sent"] as? Int == 2 && hop["loss"] as? Double == 0 && responder["received"] as? Int == 2)
        let times = try #require(hop["rtt"] as? [String: Any])
        for name in ["last", "min", "avg", "max", "mdev", "p50", "p95"] { #expect(times[name] is Double, "\(name)") }
        #expect(objects.last?["destination_hop"] as? Int == 6)
    }

    @Test("silence, refusals and what was noticed are objects too")
    func others() async throws {
        let silent = try await objects(.refusals, "-q1", "-m3", "-w0.1", "203.0.113.200")
        #expect(kinds(silent).filter { $0 == "timeout" }.count > 0)
        #expect(silent.contains { $0["finding"] as? String == "destination_silent" })
        let refused = try await objects(.refusals, "-q1", "203.0.113.13")
        let answer = try #require(refused.last { $0["type"] as? String == "answer" })
        #expect(answer["mark"] as? String == "!X" && answer["icmp_code"] as? Int == 13)
        let finding = try #require(refused.first { $0["finding"] as? String == "filtered" })
        #expect(finding["from"] as? String == "198.18.1.2" && finding["message"] is String)
    }
}
