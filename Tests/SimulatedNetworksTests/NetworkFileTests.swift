import Addresses
import Foundation
import SimulatedNetworks
import Testing

@Suite("Simulated networks: files") struct NetworkFileTests {
    @Test(
        "what is wrong in a file is said with its line",
        arguments: [
            ("path prober r1\nr2 silent", 2, "no path leads to r2"),
            ("path prober r1\n# r1\n\nr1 sings", 4, "a node does not know how to sings"),
            ("path prober r1\nr1 marks 256", 2, "256 is no number of 0...255"),
            ("links delay 4", 1, "4 has no unit of time"),
            ("path prober r1\nlink prober r1 delay", 2, "something is missing at the end"),
            ("path prober r1\nlink prober r1 colour", 2, "a link has no colour"),
            ("path prober r1\nr1 limits 5 burst 1", 2, "5 is no rate"),
            ("path prober r1\nr1 balances cards", 2, "cards is none of flows, destinations, packets"),
            ("path prober r1\nr1 drops quic", 2, "quic is no number of 0...255"),
            ("path prober r1\nr1 forwards zero indeed", 2, "what is indeed for?"),
            ("at 5s route r1", 1, "path is missing"),
        ])
    func errors(text: String, line: Int, reason: String) {
        let error = #expect(throws: NetworkFileError.self) { try SimulatedNetwork(parsing: text) }
        #expect(error?.line == line && error?.reason == reason)
    }

    @Test("every file can be read, and says at its top what it shows")
    func files() throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "SimulatedNetworks/Networks")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".net") }
        #expect(!names.isEmpty)
        for name in names {
            let name = String(name.dropLast(4))
            #expect(throws: Never.self, "\(name)") { try SimulatedNetwork(named: name) }
            let text = try String(contentsOf: directory.appending(path: "\(name).net"), encoding: .utf8)
            #expect(text.hasPrefix("# "), "\(name)")
        }
    }
}
