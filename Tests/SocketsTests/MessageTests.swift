import Addresses
import Sockets
import SystemPackage
import Testing

@Suite struct MessageTests {
    @Test("datagrams come one by one, with their sender", arguments: Loopback.available)
    func datagrams(loopback: Loopback) throws {
        let receiver = try loopback.boundSocket()
        let sender = try loopback.boundSocket()
        #expect(try sender.send([1, 2, 3], to: receiver.localAddress()) == 3)
        #expect(try sender.send([4], to: receiver.localAddress()) == 1)
        let source = try sender.localAddress()
        #expect(try receiver.receiveFrom(upTo: 100) == ReceivedDatagram(bytes: [1, 2, 3], source: source))
        var buffer = [UInt8](repeating: 9, count: 4)
        var span = buffer.mutableSpan
        var bytes = span.mutableBytes
        let received = try receiver.receiveFrom(into: &bytes)
        #expect(received?.count == 1 && received?.source == source)
        #expect(buffer == [4, 9, 9, 9])
    }

    @Test("an empty datagram is one, and no end", arguments: Loopback.available)
    func emptyDatagram(loopback: Loopback) throws {
        let receiver = try loopback.boundSocket()
        let sender = try loopback.boundSocket()
        for _ in 0..<3 { #expect(try sender.send([UInt8](), to: receiver.localAddress()) == 0) }
        #expect(try receiver.receive(upTo: 10) == [])
        #expect(try receiver.receiveFrom(upTo: 10) == ReceivedDatagram(bytes: [], source: sender.localAddress()))
        #expect(try receiver.receiveMessage(upTo: 10)?.bytes == [])
        try sender.connect(to: receiver.localAddress())
        try sender.sendAll([UInt8]())
        #expect(try receiver.receive(upTo: 10) == [], "sendAll of nothing is an empty datagram")
    }

    @Test("an empty message of a sequenced-packet socket is told apart from the end")
    func emptySequencedPacket() throws {
        let ends = try Socket.pair(.unix, .sequencedPacket)
        for message in [[1], [], [2, 3], []] as [[UInt8]] { _ = try ends.first.send(message) }
        #expect(try ends.second.receive(upTo: 9) == [1])
        #expect(try ends.second.receive(upTo: 9) == [])
        #expect(try ends.second.receiveFrom(upTo: 9)?.bytes == [2, 3])
        #expect(try ends.second.receive(upTo: 9) == [])
        for message in [[], [4]] as [[UInt8]] { _ = try ends.first.send(message) }
        try ends.first.shutdown(.send)
        #expect(try ends.second.receive(upTo: 9) == [], "more follows, although the peer has ended")
        #expect(try ends.second.receive(upTo: 9) == [4])
        #expect(try ends.second.receive(upTo: 9) == nil)
        #expect(try ends.second.receiveMessage(upTo: 9)?.bytes == nil)
    }

    @Test("of a message that is too long its beginning comes, and with MSG_TRUNC its length is told")
    func truncation() throws {
        let ends = try Socket.pair(.unix, .datagram)
        let message = Array(0..<100) as [UInt8]
        for _ in 0..<4 { _ = try ends.first.send(message) }
        #expect(try ends.second.receive(upTo: 10) == Array(0..<10))
        var buffer = [UInt8](repeating: 0, count: 10)
        #expect(try ends.second.receive(into: &buffer, flags: .truncated) == 100)
        #expect(buffer == Array(0..<10))
        #expect(try ends.second.receive(upTo: 10, flags: .truncated) == Array(0..<10))
        let last = try ends.second.nextMessage(upTo: 10)
        #expect(last.flags == .truncated && last.bytes == Array(0..<10))
    }

    @Test("a datagram that is too long to send: EMSGSIZE, with its destination")
    func tooLong() throws {
        let socket = try Loopback.ipv4.boundSocket()
        let address = try socket.localAddress()
        let error = socketError { () throws(SocketError) in
            _ = try socket.send([UInt8](repeating: 0, count: 70_000), to: address)
        }
        #expect(error == .failed(.send, address, .messageTooLong))
    }

    @Test("a connected datagram socket still sends to any address, as Linux lets it; a stream does not: EISCONN")
    func connectedWithAddress() throws {
        let first = try Loopback.ipv4.boundSocket()
        let second = try Loopback.ipv4.boundSocket()
        let socket = try Socket(.ipv4, .datagram)
        try socket.connect(to: first.localAddress())
        #expect(try socket.send("text".utf8, to: second.localAddress()) == 4)
        #expect(try second.receive(upTo: 9) == Array("text".utf8))
        let ends = try Socket.pair()
        let address = try SocketAddress(abstractName: "nobody")
        let error = socketError { () throws(SocketError) in _ = try ends.first.send([1], to: address) }
        #expect(error == .failed(.send, address, .socketIsConnected))
    }

    @Test("an address of another family is an error that names it")
    func otherFamily() throws {
        let unix = try SocketAddress(path: "/nowhere")
        let vsock = SocketAddress.vsock(contextID: 1, port: 2)
        let socket = try Socket(.ipv4, .datagram)
        for address in [unix, vsock, .ipv6(.loopback, port: 9)] {
            let errors = [
                socketError { () throws(SocketError) in try socket.connect(to: address) },
                socketError { () throws(SocketError) in try socket.bind(to: address) },
                socketError { () throws(SocketError) in _ = try socket.send([1], to: address) },
            ]
            for error in errors {
                guard case .failed(_, address?, let errno) = error else {
                    Issue.record("\(address): \(String(describing: error))")
                    continue
                }
                #expect([.addressFamilyNotSupported, .invalidArgument].contains(errno))
            }
        }
    }

    @Test("room for nothing, or for less, is refused before anything is lost")
    func noRoom() throws {
        let ends = try Socket.pair()
        try ends.first.sendAll([1])
        let zero = socketError { () throws(SocketError) in _ = try ends.second.receive(upTo: 0) }
        #expect(zero == .invalidArgument("count", "is 0; it takes room for at least 1 byte to receive"))
        let negative = socketError { () throws(SocketError) in _ = try ends.second.receiveFrom(upTo: -5) }
        #expect(negative == .invalidArgument("count", "is -5; it takes room for at least 1 byte to receive"))
        var empty: [UInt8] = []
        let buffer = socketError { () throws(SocketError) in _ = try ends.second.receive(into: &empty) }
        #expect(buffer == .invalidArgument("buffer", "is 0; it takes room for at least 1 byte to receive"))
        let control = socketError { () throws(SocketError) in
            _ = try ends.second.receiveMessage(upTo: 1, controlSize: -1)
        }
        #expect(control == .invalidArgument("controlSize", "is -1; it can't be negative"))
        #expect(try ends.second.receive(upTo: 9) == [1])
    }

    @Test("a file can't be sent from before its beginning, nor less than nothing of it")
    func badFilePart() throws {
        let ends = try Socket.pair()
        let file = try TemporaryFile([1, 2, 3])
        let offset = #expect(throws: PartialSendError.self) { try ends.first.sendFile(file.descriptor, from: -1) }
        #expect(offset?.description == "offset is -1; it is at least 0")
        let count = #expect(throws: PartialSendError.self) { try ends.first.sendFile(file.descriptor, count: -1) }
        #expect(count?.description == "count is -1; it is at least 0")
    }
}
