import Testing

@Suite("ping on loopback")
struct LoopbackTests {
    @Test(
        "an echo comes back, and the lines have the form of ping(8)",
        arguments: [
            ("127.0.0.1", "PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data."),
            ("::1", "PING ::1 (::1) 56 data bytes"),
        ])
    func echo(host: String, header: String) async throws {
        let outcome = try await Program.ping("-c", "2", "-i", "0.01", host)
        #expect(outcome.status == 0, "\(outcome.errors)")
        try #require(outcome.lines.count == 7)
        #expect(outcome.lines[0] == header)
        for (number, line) in [1, 2].map({ ($0, outcome.lines[$0]) }) {
            #expect(
                line.firstMatch(of: #/^64 bytes from (127\.0\.0\.1|::1): icmp_seq=(\d) ttl=64 time=\d+\.\d{3} ms$/#)?.2
                    == "\(number)", "\(line)")
        }
        #expect(outcome.lines[4] == "--- \(host) ping statistics ---")
        #expect(
            outcome.lines[5].firstMatch(of: #/^2 packets transmitted, 2 received, 0% packet loss, time \d+ms$/#) != nil)
        #expect(
            outcome.lines[6].firstMatch(of: #/^rtt min\/avg\/max\/mdev = [\d.]+\/[\d.]+\/[\d.]+\/[\d.]+ ms$/#) != nil)
    }
}
