import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

@Suite struct BatchTests {
    private static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }
    }

    // 65,507 bytes is the most that a UDP datagram over IPv4 holds.
    @Test(
        "datagrams of every size go to python and back, in order",
        .enabled(if: Machine.hasPython, "python3 is not installed"), arguments: Loopback.available)
    func echoed(loopback: Loopback) throws {
        let messages = [1, 0, 7, 1472, 0, 9000, 65_507].map(Self.bytes)
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(int(sys.argv[1]), socket.SOCK_DGRAM)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
                s.bind((sys.argv[2], 0))
                print(s.getsockname()[1], flush=True)
                for _ in range(int(sys.argv[3])): s.sendto(*s.recvfrom(65536))
                """, "\(loopback.family.rawValue)", "\(loopback.address())", "\(messages.count)"))
        let address = loopback.address(port: peer.number())
        let socket = try loopback.boundSocket()
        try socket.setOption(.receiveBufferSize, to: 1 << 20)
        try socket.send(messages, to: address)
        let answers = try socket.messages(messages.count)
        #expect(answers.map(\.bytes) == messages)
        #expect(answers.allSatisfy { $0.source == address })
    }

    @Test("a longer message is cut to the room for it, and says so")
    func truncated() throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.send([[1, 2, 3, 4], [1, 2, 3, 4, 5]], to: try socket.localAddress())
        let messages = try socket.messages(2, size: 4)
        #expect(messages.map(\.bytes) == [[1, 2, 3, 4], [1, 2, 3, 4]])
        #expect(messages.map { $0.flags.contains(.truncated) } == [false, true])
    }

    @Test("asked for the whole length, a message still gives only the bytes that there is room for")
    func truncationAskedFor() throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.send([Self.bytes(5000)], to: try socket.localAddress())
        let messages = try socket.messages(1, size: 4, flags: .truncated)
        #expect(messages.map(\.bytes) == [Array(Self.bytes(5000).prefix(4))])
    }

    @Test(
        "with dontWait an empty socket gives 0, and nothing of what was there before",
        arguments: [[], .errorQueue] as [MessageFlags])
    func nothing(queue: MessageFlags) throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.send([[1]], to: try socket.localAddress())
        try socket.waitUntil(.readable)
        var batch = ReceiveBatch(capacity: 4, messageSize: 16)
        #expect(try socket.receive(into: &batch) == 1)
        #expect(try socket.receive(into: &batch, flags: queue.union(.dontWait)) == 0)
        let count = batch.count
        #expect(count == 0)
    }

    @Test("an empty error queue gives 0 without being told not to wait")
    func emptyErrorQueue() throws {
        let socket = try Loopback.ipv4.boundSocket()
        var batch = ReceiveBatch(capacity: 1, messageSize: 16)
        #expect(try socket.receive(into: &batch, flags: .errorQueue) == 0)
    }

    @Test("a full batch leaves the rest for the next call")
    func leavesTheRest() throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.send([[1], [2], [3]], to: try socket.localAddress())
        var seen: [UInt8] = []
        var batch = ReceiveBatch(capacity: 2, messageSize: 1)
        while seen.count < 3 {
            try socket.waitUntil(.readable)
            let count = try socket.receive(into: &batch, flags: .dontWait)
            #expect(count <= 2)
            for index in 0..<count { seen += BatchMessage(batch[index]).bytes }
        }
        #expect(seen == [1, 2, 3])
    }

    @Test("a message that can't be sent ends the call, which says how many went; from there on, why")
    func partial() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        let address = try receiver.localAddress()
        let socket = try Socket(.ipv4, .datagram)
        var batch = SendBatch(capacity: 4, messageSize: 8)
        batch.append([1], to: address)
        batch.append([2], to: address)
        batch.append([3], to: SocketAddress(.v6(.loopback), port: 7))
        batch.append([4], to: address)
        #expect(try socket.send(batch) == 2)
        #expect(socketError { () throws(SocketError) in _ = try socket.send(batch, from: 2) }?.operation == .send)
        #expect(try socket.send(batch, from: 3) == 1)
        #expect(try receiver.messages(3).map(\.bytes) == [[1], [2], [4]])
    }

    @Test("the error of a send names the address of the message")
    func namesAddress() throws {
        let address = SocketAddress(.v6(.loopback), port: 7)
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in try socket.send([[1]], to: address) }
        #expect(error == .failed(.send, address, .addressFamilyNotSupported))
    }

    @Test("a datagram larger than UDP has room for: EMSGSIZE")
    func tooLarge() throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in
            try socket.send([Self.bytes(65_508)], to: Loopback.ipv4.nobody)
        }
        #expect(error == .failed(.send, Loopback.ipv4.nobody, .messageTooLong))
    }

    // UIO_MAXIOV, 1024.
    @Test("a batch larger than the kernel takes at once goes in two")
    func largerThanTheKernelTakes() throws {
        let socket = try Loopback.ipv4.boundSocket()
        let address = try socket.localAddress()
        var batch = SendBatch(capacity: 1500, messageSize: 1)
        for _ in 0..<1500 { batch.append([1], to: address) }
        #expect(try socket.send(batch) == 1024)
        #expect(try socket.send(batch, from: 1024) == 476)
        var room = ReceiveBatch(capacity: 1500, messageSize: 1)
        try socket.waitUntil(.readable)
        #expect((1...1024).contains(try socket.receive(into: &room)))
    }

    @Test("a batch is used again from its beginning")
    func usedAgain() throws {
        let socket = try Loopback.ipv4.boundSocket()
        let address = try socket.localAddress()
        var batch = SendBatch(capacity: 1, messageSize: 4)
        batch.append([1, 2, 3, 4], to: Loopback.ipv4.nobody)
        batch.removeAll()
        batch.append([5], to: address)
        let isFull = batch.isFull
        #expect(isFull)
        _ = try socket.send(batch)
        #expect(try socket.messages(1).map(\.bytes) == [[5]])
    }

    @Test("a message whose bytes can't be written is not in the batch", arguments: [true, false])
    func unwritten(isFirst: Bool) throws {
        struct Unwritten: Error {}
        let socket = try Loopback.ipv4.boundSocket()
        let address = try socket.localAddress()
        var batch = SendBatch(capacity: 2, messageSize: 1)
        if !isFirst { batch.append([1], to: address) }
        do throws(Unwritten) {
            try batch.append(to: address) { output throws(Unwritten) in
                output.append(2)
                throw Unwritten()
            }
        } catch {}
        batch.append([3], to: address)
        let count = batch.count
        #expect(try socket.send(batch) == count)
        #expect(try socket.messages(count).map(\.bytes) == (isFirst ? [[3]] : [[1], [3]]))
    }

    @Test("a closed stream is an error to tell of, not a signal that ends the process")
    func closedStream() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_DFL)
            let stream = SocketType(rawValue: Int32(SOCK_STREAM.rawValue))
            let server = try Socket(.ipv4, stream)
            try server.bind(to: Loopback.ipv4.address())
            listen(server.fileDescriptor.rawValue, 1)
            let address = try server.localAddress()
            let client = try Socket(.ipv4, stream)
            try client.connect(to: address)
            shutdown(client.fileDescriptor.rawValue, Int32(SHUT_WR))
            let error = socketError { () throws(SocketError) in try client.send([[1]], to: address) }
            #expect(error?.errno == .brokenPipe)
        }
    }
}
