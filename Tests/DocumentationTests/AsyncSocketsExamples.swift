import Addresses
import AsyncSockets
import Sockets
import Testing

/// The example of the page of `AsyncSockets`, as it stands there.
@Suite(.timeLimit(.minutes(1))) struct AsyncSocketsExamples {
    @Test("the example of the documentation does what it says")
    func example() async throws {
        let output = Output()
        func print(_ line: String) { output.lines.append(line) }

        let socket = try Socket(.ipv4, .stream)
        try socket.bind(to: SocketAddress(.v4(.loopback)))
        try socket.listen()
        let listener = AsyncSocket(socket)

        let server = Task {
            try await withThrowingDiscardingTaskGroup { group in
                for try await (connection, _) in listener.connections {
                    group.addTask {
                        while let bytes = try await connection.receive(upTo: 4096) {
                            try await connection.sendAll(bytes)
                        }
                    }
                }
            }
        }

        let client = AsyncSocket(try Socket(.ipv4, .stream))
        try client.setTimeout(.seconds(5))
        try await client.connect(to: try listener.localAddress())
        try await client.sendAll("hello".utf8)
        try client.shutdown(.send)
        let echo = try await client.receive(upTo: 5, flags: .waitAll)
        server.cancel()

        print(echo.map { String(decoding: $0, as: UTF8.self) } ?? "nothing came back")

        #expect(output.lines == ["hello"])
    }
}
