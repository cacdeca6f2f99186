import Testing

/// Every method against who really listens, and against nobody; what this machine's kernel does not have, another has.
@Suite("trace to listeners", .enabled(if: Requirements.python, "needs python3"))
struct TraceListenerTests {
    /// A method, and the socket that listens to it.
    struct Listener: CustomTestStringConvertible, Sendable {
        let options: [String]
        /// Python's type and protocol.
        let socket: String
        /// Whether the kernel has it.
        let isThere: Bool
        /// What a trace in JSON says of who listens, and of who does not.
        let reached: String
        let refused: String

        var testDescription: String { options.joined(separator: " ") }

        static let all = [
            Listener(
                options: ["-U"], socket: "SOCK_DGRAM, 17", isThere: true, reached: #""reply":"datagram""#,
                refused: #""meaning":"error""#),
            Listener(
                options: ["-M", "udplite"], socket: "SOCK_DGRAM, 136", isThere: Requirements.udpLite,
                reached: #""reply":"datagram""#, refused: #""meaning":"error""#),
            Listener(
                options: ["-T"], socket: "SOCK_STREAM, 6", isThere: true, reached: #""tcp_flags":18"#,
                refused: #""tcp_flags":20"#),
            Listener(
                options: ["-M", "sctp"], socket: "SOCK_STREAM, 132", isThere: Requirements.sctp,
                reached: #""accepted":true"#, refused: #""accepted":false"#),
            Listener(
                options: ["-M", "dccp", "-O", "service=42"], socket: "6, 33", isThere: Requirements.dccp,
                reached: #""accepted":true"#, refused: #""accepted":false"#),
        ].filter(\.isThere)
    }

    /// What a trace says of the only hop that there is, and what it has to say besides.
    private func trace(to host: String, port: Int, _ options: [String]) async throws -> (
        answer: String, findings: [String]
    ) {
        let outcome = try await Program.run(
            [Program.netprobe, "trace", "--json", "-n", "-q1", "-m1", "-w5", "-p", "\(port)"] + options + [host])
        #expect(outcome.errors.isEmpty, "\(outcome)")
        let answers = outcome.lines.filter { $0.contains(#""type":"answer""#) }
        return (answers.first ?? "", outcome.lines.filter { $0.contains(#""type":"finding""#) })
    }

    @Test("whoever listens is reached", arguments: Listener.all, ["127.0.0.1", "::1"])
    func listening(listener: Listener, host: String) async throws {
        let script = """
            from socket import *
            from struct import pack
            s = socket(\(host == "::1" ? "AF_INET6" : "AF_INET"), \(listener.socket))
            if s.proto == 33: s.setsockopt(269, 2, pack('!I', 42))
            s.bind(('\(host)', 0))
            if s.type != SOCK_DGRAM: s.listen()
            print(s.getsockname()[1], flush=True)
            while True:
                if s.type == SOCK_DGRAM: s.sendto(*s.recvfrom(2000))
                else: s.accept()
            """
        let server = try RunningProgram(["python3", "-c", script])
        try server.expect("\n")
        let port = Int(server.output.split(separator: "\n").first ?? "") ?? 0
        let (answer, findings) = try await trace(to: host, port: port, listener.options)
        #expect(answer.contains(listener.reached))
        #expect(findings == [])
    }

    @Test("whoever does not is told by its refusal", arguments: Listener.all, ["127.0.0.1", "::1"])
    func refusing(listener: Listener, host: String) async throws {
        let (answer, findings) = try await trace(to: host, port: 9, listener.options)
        #expect(answer.contains(listener.refused))
        #expect(findings == [])
    }
}
