import Addresses
import Sockets
import Testing

/// The example of the page of `Sockets`, as it stands there.
@Suite struct SocketsExamples {
    @Test("the example of the documentation does what it says")
    func example() throws {
        let output = Output()
        func print(_ line: String) { output.lines.append(line) }

        let server = try Socket(.ipv4, .datagram)
        try server.bind(to: SocketAddress(.v4(.loopback)))
        try server.setOption(.ipv4ReceiveTimeToLive, to: true)

        let client = try Socket(.ipv4, .datagram)
        var outgoing = SendBatch(capacity: 2, messageSize: 512)
        for byte in [1, 2] as [UInt8] {
            outgoing.append(to: try server.localAddress()) { $0.append(byte) }
        }
        var sent = 0
        while sent < outgoing.count { sent += try client.send(outgoing, from: sent) }

        var waiting = PollSet()
        _ = waiting.add(server.fileDescriptor, for: .readable)
        _ = try waiting.wait(timeout: .seconds(1))

        var incoming = ReceiveBatch(capacity: 16, messageSize: 512)
        for index in 0..<(try server.receive(into: &incoming, flags: .dontWait)) {
            let message = incoming[index]
            var controlMessages = message.controlMessages
            while let control = controlMessages.next() {
                guard case .hopLimit(let timeToLive) = control, let source = message.source else { continue }
                print("\(message.bytes.byteCount) bytes from \(source), TTL \(timeToLive)")
            }
        }

        let source = SocketAddress(.v4(.loopback), port: try client.localAddress().port ?? 0)
        #expect(output.lines.first?.hasPrefix("1 bytes from \(source), TTL ") == true)
    }
}
