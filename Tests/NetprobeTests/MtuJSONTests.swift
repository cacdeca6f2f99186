import Foundation
import Testing

@Suite("The JSON of mtu")
struct MtuJSONTests {
    private func objects(_ network: Network, _ arguments: String...) async throws -> [[String: Any]] {
        let outcome = try await network.run([Program.netprobe, "mtu", "--json", "-n"] + arguments)
        #expect(outcome.errors.isEmpty, "\(outcome)")
        return try outcome.lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    private func kinds(_ objects: [[String: Any]]) -> [String] { objects.compactMap { $0["type"] as? String } }

    @Test("hops and smaller links come in the order of the way", arguments: ["198.18.4.2", "2001:db8:4::2"])
    func whole(host: String) async throws {
        let objects = try await objects(.mtuStep, host)
        #expect(
            kinds(objects) == [
                "start", "link", "hop", "limit", "hop", "limit", "hop", "hop", "finding", "finding", "end",
            ])
        #expect(
            objects.allSatisfy { $0["schema"] as? String == "netprobe.mtu/1" && $0["address"] as? String == host })
        #expect(objects[1]["mtu"] as? Int == 1500)
        let hops = objects.filter { $0["type"] as? String == "hop" }
        #expect(hops.map { $0["mtu"] as? Int } == [1500, 1400, 1280, 1280])
        #expect(hops.map { $0["hop"] as? Int } == [1, 2, 3, 4])
        #expect(hops.map { $0["last"] as? Bool } == [false, false, false, true])
        #expect(hops.allSatisfy { ($0["rtt"] as? Double ?? -1) >= 0 && $0["from"] is String })
        let limit = objects[3]
        #expect(limit["evidence"] as? String == "told" && limit["from"] as? String == hops[0]["from"] as? String)
        #expect(limit["mtu"] as? Int == 1400 && limit["previous_mtu"] as? Int == 1500)
        #expect(limit["after_hop"] as? Int == 1 && limit["before_hop"] as? Int == 2)
        let end = try #require(objects.last)
        #expect(end["mtu"] as? Int == 1280 && end["reached"] as? Bool == true && end["complete"] as? Bool == true)
        #expect(end["destination_hop"] as? Int == 4)
    }

    @Test("a black hole is evidence of its own", .enabled(if: Program.isInstalled("nft"), "nft is not installed"))
    func blackHole() async throws {
        let objects = try await objects(MtuTests.blackHole, "198.18.4.2")
        let limit = try #require(objects.first { $0["type"] as? String == "limit" })
        #expect(limit["evidence"] as? String == "black_hole" && limit["from"] == nil && limit["mtu"] as? Int == 1400)
        let findings = objects.filter { $0["type"] as? String == "finding" }
        #expect(findings.map { $0["finding"] as? String } == ["black_hole", "told", "advice"])
        #expect(findings.allSatisfy { $0["message"] is String })
    }

    @Test("what is not known has no field", .enabled(if: Program.isInstalled("nft"), "nft is not installed"))
    func unknown() async throws {
        let objects = try await objects(.refusals, "-m", "2", "-w", "0.1", "203.0.113.200")
        let hops = objects.filter { $0["type"] as? String == "hop" }
        #expect(hops.count == 2 && hops.allSatisfy { $0["from"] == nil && $0["mtu"] == nil && $0["rtt"] == nil })
        #expect(objects.last?["mtu"] == nil && objects.last?["reached"] as? Bool == false)
    }
}
