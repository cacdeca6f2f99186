import Foundation
import Testing

@Suite("What ping puts on the wire")
struct WireTests {
    /// A network of its own, where no other test's packets pass.
    private let network = Network("pair.lab")

    private func request(_ host: String, _ arguments: String...) async throws -> [UInt8] {
        let packets = try await network.packets(1, on: "host", of: arguments + ["-c1", host])
        return try #require(packets.first)
    }

    @Test("an IPv4 request may not be fragmented, has TTL 64, and its header's checksum is right")
    func ipv4Header() async throws {
        let packet = try await request("198.18.1.2")
        #expect(packet.count == 84)
        #expect(packet[0] == 0x45 && packet[1] == 0)
        #expect(packet[6...7] == [0x40, 0])
        #expect(packet[8] == 64 && packet[9] == 1)
        #expect(packet[12..<20] == [198, 18, 1, 1, 198, 18, 1, 2])
        let sum = stride(from: 0, to: 20, by: 2).reduce(0) { $0 + Int(packet[$1]) << 8 + Int(packet[$1 + 1]) }
        #expect(sum % 0xFFFF == 0)
    }

    @Test("-M dont lets routers fragment")
    func mayBeFragmented() async throws {
        #expect(try await request("198.18.1.2", "-Mdont")[6...7] == [0, 0])
    }

    @Test("an IPv6 request has hop limit 64")
    func ipv6Header() async throws {
        let packet = try await request("2001:db8:1::2")
        #expect(packet[4...7] == [0, 64, 58, 64])
    }

    @Test("-Q is the DS field", arguments: ["184", "0xb8"])
    func trafficClass(value: String) async throws {
        #expect(try await request("198.18.1.2", "-Q\(value)")[1] == 0xB8)
        // What follows is the flow label, of the kernel's choice.
        let packet = try await request("2001:db8:1::2", "-Q\(value)")
        #expect(packet[0] == 0x6B && packet[1] & 0xF0 == 0x80)
    }

    @Test("-F is the flow label, and the first line shows it")
    func flowLabel() async throws {
        #expect(try await request("2001:db8:1::2", "-F0x12345")[1...3] == [0x01, 0x23, 0x45])
        let outcome = try await network.ping("-c1", "-F0x12345", "2001:db8:1::2")
        #expect(outcome.lines.first == "PING 2001:db8:1::2 (2001:db8:1::2) , flow 0x12345, 56 data bytes")
    }

    @Test("-e is the identifier", arguments: [("198.18.1.2", 20), ("2001:db8:1::2", 40)])
    func identifier(host: String, start: Int) async throws {
        #expect(try await request(host, "-e4711")[(start + 4)..<(start + 8)] == [0x12, 0x67, 0, 1])
    }

    @Test("-p fills the payload after the time of day", arguments: [("198.18.1.2", 20), ("2001:db8:1::2", 40)])
    func pattern(host: String, start: Int) async throws {
        let payload = try await request(host, "-pdeadbe", "-s23").dropFirst(start + 8)
        #expect(payload.dropFirst(16) == [0xAD, 0xBE, 0xDE, 0xAD, 0xBE, 0xDE, 0xAD])
    }

    @Test("without -p the payload counts up", arguments: [("198.18.1.2", 20), ("2001:db8:1::2", 40)])
    func payload(host: String, start: Int) async throws {
        #expect(Array(try await request(host).dropFirst(start + 8 + 16)) == Array(16..<56))
    }

    @Test("-t is the TTL", arguments: [("198.18.1.2", 8), ("2001:db8:1::2", 7)])
    func timeToLive(host: String, index: Int) async throws {
        #expect(try await request(host, "-t9")[index] == 9)
    }

    @Test("tshark finds nothing to object to", .enabled(if: Program.isInstalled("tshark"), "tshark is not installed"))
    func noObjections() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("netprobe-\(UUID().uuidString).pcap")
        defer { try? FileManager.default.removeItem(at: file) }
        for (host, count) in [("198.18.1.2", 4), ("2001:db8:1::2", 4)] {
            _ = try await network.packets(count, on: "host", in: file.path, of: ["-c2", "-i0.01", "-Q0x48", host])
            // ICMP checksums are checked in any case.
            let checks = ["ip.check_checksum:TRUE"]
            let found = try await Program.run(
                ["tshark", "-r", file.path, "-T", "fields", "-E", "separator=,"]
                    + checks.flatMap { ["-o", $0] }
                    + ["ip.checksum.status", "icmp.checksum.status", "icmpv6.checksum.status", "_ws.expert.message"]
                    .flatMap { ["-e", $0] })
            // 1 is "good"; an expert's word would stand at the end.
            let expected = host.contains(":") ? ",,1," : "1,1,,"
            #expect(found.lines == Array(repeating: expected, count: count), "\(found.errors)")
        }
    }
}
