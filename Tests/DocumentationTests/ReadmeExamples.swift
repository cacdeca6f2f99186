import Packets
import Sockets
import Testing

/// The examples of the README, as they stand there.
@Suite struct ReadmeExamples {
    @Test("the TCP example prints the greeting")
    func tcp() throws {
        let output = Output()
        func print(_ line: String) { output.lines.append(line) }

        let listener = try Socket.server(host: "127.0.0.1", port: 0)
        let port = try listener.localAddress().port ?? 0
        let client = try Socket.connection(toHost: "localhost", port: Int(port), timeout: .seconds(3))

        let connection = try listener.accept()
        try connection.socket.sendAll("220 ready\r\n".utf8)
        try connection.socket.shutdown(.send)

        while let bytes = try client.receive(upTo: 4096) {
            print(String(decoding: bytes, as: UTF8.self))
        }

        #expect(output.lines == ["220 ready\r\n"])
    }

    @Test("the UDP example prints the answer")
    func udp() throws {
        let output = Output()
        func print(_ line: String) { output.lines.append(line) }

        let server = try Socket(.ipv4, .datagram)
        try server.bind(toHost: "127.0.0.1", port: 0)

        var client = try Socket(.ipv4, .datagram)
        try client.setTimeout(.seconds(3))
        try client.connect(to: server.localAddress())
        _ = try client.send("anybody there?".utf8)

        if let request = try server.receiveFrom(upTo: 1500), let source = request.source {
            _ = try server.send(request.bytes.reversed(), to: source)
        }
        print(String(decoding: try client.receive(upTo: 1500) ?? [], as: UTF8.self))

        #expect(output.lines == ["?ereht ydobyna"])
    }

    @Test("the Unix example passes a descriptor and closes it")
    func unix() throws {
        let listener = try Socket(.unix, .sequencedPacket)
        try listener.bind(to: SocketAddress(abstractName: "example"))
        try listener.listen()

        let client = try Socket(.unix, .sequencedPacket)
        try client.connect(to: listener.localAddress())
        _ = try client.sendMessage("write to this".utf8, with: [.descriptors([.standardOutput])])

        let connection = try listener.accept()
        if var message = try connection.socket.receiveMessage(upTo: 100) {
            for descriptor in message.takeDescriptors() { try descriptor.close() }
        }
    }

    @Test("the example of layers prints the packet and its fields")
    func layers() throws {
        let output = Output()
        func print(_ items: Any...) { output.lines.append(items.map { "\($0)" }.joined(separator: " ")) }

        let probe = IPv4Packet(
            IPv4Header(source: .loopback, destination: .loopback, timeToLive: 1),
            payload: .icmp(.echoRequest(identifier: 7, sequenceNumber: 1), payload: Array("netprobe".utf8)))
        let bytes = serialized { probe.serialize(into: &$0) }

        let packet = try IPv4Packet(parsing: bytes.span.bytes)
        print(packet)  // IP 127.0.0.1 > 127.0.0.1: ICMP echo request, id 7, seq 1, length 16
        for layer in packet.layers(of: bytes.span.bytes) {
            for field in layer.fields { print(layer.name, field.name, field.bytes) }
        }

        #expect(output.lines.first == "IP 127.0.0.1 > 127.0.0.1: ICMP echo request, id 7, seq 1, length 16")
        #expect(output.lines.contains("ICMP Sequence number 26..<28"))
    }

    @Test("the raw example says who answers", .enabled(if: Self.canOpenRawSockets, "raw sockets are not allowed here"))
    func raw() throws {
        let output = Output()
        func print(_ line: String) { output.lines.append(line) }

        let socket = try Socket(.ipv4, .raw, .icmp)
        try socket.setOption(.ipv4HeaderIncluded, to: true)
        try socket.setOption(.icmpFilter, to: ICMPFilter(passing: [0]))

        let request = ICMPv4Message(.echoRequest(ICMPEcho(identifier: 4711, sequenceNumber: 1)))
        let header = IPv4Header(source: .loopback, destination: .loopback, protocolNumber: .icmp, timeToLive: 64)
        let packet = serialized {
            header.serialize(into: &$0, payloadLength: request.length)
            request.serialize(into: &$0, payload: RawSpan())
        }
        _ = try socket.send(packet, to: .ipv4(.loopback, port: 0))
        while let reply = try socket.receiveFrom(upTo: 1500), let source = reply.source {
            let bytes = reply.bytes.span.bytes
            let message = try ICMPv4Message(parsing: bytes.extracting(IPv4Header(parsing: bytes).length...))
            guard case .echoReply(let echo) = message.body, echo.identifier == 4711 else { continue }
            print("\(source) answers request \(echo.sequenceNumber)")
            break
        }

        #expect(output.lines == ["127.0.0.1 answers request 1"])
    }

    static let canOpenRawSockets = (try? Socket(.ipv4, .raw, .icmp).close()) != nil
}
