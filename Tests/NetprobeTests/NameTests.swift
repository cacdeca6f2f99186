import Foundation
import Testing

@Suite("Names in ping")
struct NameTests {
    /// A network of its own: what the resolver sends is answered with errors, of which routers send only so many.
    private let network = Network("chain.lab")

    /// Runs ping at a client that has a hosts file of its own.
    private func ping(hosts: String, _ arguments: String...) async throws -> Outcome {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("netprobe-hosts-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try hosts.write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        let script = "mount --bind \(file.path) /etc/hosts; exec \"$@\""
        return try await network.run(
            ["unshare", "-m", "sh", "-c", script, "sh", Program.netprobe, "ping"] + arguments)
    }

    private let hosts = "198.18.6.2 far\n2001:db8:6::2 far6\n198.18.3.2 third\n127.0.0.1 localhost\n"

    @Test("a name is looked up, and so is who answers")
    func name() async throws {
        let outcome = try await ping(hosts: hosts, "-c1", "far")
        #expect(outcome.lines.first == "PING far (198.18.6.2) 56(84) bytes of data.")
        #expect(outcome.replies.first?.hasPrefix("64 bytes from far (198.18.6.2): icmp_seq=1 ttl=59") == true)
        #expect(outcome.output.contains("--- far ping statistics ---"))
    }

    @Test("an IPv6 name is looked up, and so is who answers")
    func nameIPv6() async throws {
        let outcome = try await ping(hosts: hosts, "-c1", "far6")
        #expect(outcome.lines.first == "PING far6 (2001:db8:6::2) 56 data bytes")
        #expect(outcome.replies.first?.hasPrefix("64 bytes from far6 (2001:db8:6::2): icmp_seq=1 ttl=59") == true)
    }

    @Test("-n looks nobody up")
    func numeric() async throws {
        let outcome = try await ping(hosts: hosts, "-n", "-c1", "far")
        #expect(outcome.replies.first?.hasPrefix("64 bytes from 198.18.6.2: icmp_seq=1 ") == true)
    }

    @Test("the router of an error has a name too")
    func routerName() async throws {
        let outcome = try await ping(hosts: hosts, "-t3", "-c1", "far")
        #expect(outcome.lines.dropFirst().first == "From third (198.18.3.2) icmp_seq=1 Time to live exceeded")
    }

    @Test("an address is not looked up, but with -H it is")
    func resolve() async throws {
        #expect(try await ping(hosts: hosts, "-c1", "198.18.6.2").replies.first?.contains("far") == false)
        let outcome = try await ping(hosts: hosts, "-H", "-c1", "198.18.6.2")
        #expect(outcome.replies.first?.hasPrefix("64 bytes from far (198.18.6.2): ") == true)
    }

    @Test("what a name could do to a terminal is escaped")
    func hostileName() async throws {
        let outcome = try await ping(hosts: "198.18.6.2 ev\u{1B}[31mil\u{7}\u{9B}2J\n", "-H", "-c1", "198.18.6.2")
        #expect(
            outcome.replies.first?.hasPrefix("64 bytes from ev\\u{1B}[31mil\\u{07}\\u{009B}2J (198.18.6.2): ") == true,
            "\(outcome.replies)")
    }

    @Test("a name that nobody knows is an error")
    func unknown() async throws {
        let outcome = try await ping(hosts: hosts, "-c1", "nobody.invalid")
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("netprobe ping: nobody.invalid: "))
        #expect(outcome.output == "")
    }
}
