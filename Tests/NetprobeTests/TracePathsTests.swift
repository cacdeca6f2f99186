import Foundation
import Testing

@Suite("All paths through real routers")
struct TracePathsTests {
    static let diamond = Network("diamond.lab")

    @Test(
        "both diamonds are found, with all their paths, and each path loses nothing",
        arguments: ["198.18.20.2", "2001:db8:20::2"], ["-U", "-T"])
    func diamonds(host: String, method: String) async throws {
        let outcome = try await Self.diamond.run(
            [Program.netprobe, "trace", "-n", "--paths", "--confidence", "99", method, host])
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let paths = outcome.lines.filter { $0.contains(" 0.0%    10 ") && $0.hasSuffix(" \(host)") }
        #expect(paths.count >= 3, "\(outcome.output)")
        let prefix = host.contains(":") ? "2001:db8:" : "198.18."
        let separator = host.contains(":") ? "::" : "."
        for hop in [2, 3, 6, 7, 8] {
            #expect(paths.contains { $0.contains(" \(prefix)\(hop)\(separator)2 ") }, "hop \(hop): \(outcome.output)")
        }
        // Of a router's addresses IPv6 shows the one by which a probe came: paths that are one again look apart.
        guard !host.contains(":") else { return }
        #expect(outcome.output.contains(", hop 1, load is balanced by flow over up to 2 ways, as far as "))
        #expect(outcome.output.contains(", hop 3, load is balanced by flow over up to 3 ways, as far as "))
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
