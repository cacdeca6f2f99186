import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

@Suite struct AncillaryTests {
    @Test(
        "python receives the descriptors that are sent, and sends others",
        .enabled(if: Machine.hasPython))
    func pythonDescriptors() throws {
        let directory = try TemporaryDirectory()
        let listener = try Socket(.unix, .stream)
        try listener.bind(to: SocketAddress(path: directory.path + "/s"))
        try listener.listen()
        let peer = try #require(
            PythonPeer(
                """
                import os
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                data, descriptors, flags, address = socket.recv_fds(s, 10, 4)
                print(data, [os.pread(d, 9, 0) for d in descriptors], flush=True)
                r, w = os.pipe()
                os.write(w, b'through the pipe')
                socket.send_fds(s, [b'x'], [r])
                """, directory.path + "/s"))
        let connection = try listener.accept()
        let files = [try TemporaryFile([65, 66]), try TemporaryFile([67])]
        let descriptors = OutgoingControlMessage.descriptors(files.map(\.descriptor))
        #expect(try connection.socket.sendMessage("two".utf8, with: [descriptors]) == 3)
        #expect(peer.line() == "b'two' [b'AB', b'C']")
        var message = try connection.socket.nextMessage(upTo: 10)
        #expect(message.bytes == [UInt8(ascii: "x")])
        let received = message.takeDescriptors()
        #expect(received.count == 1 && message.takeDescriptors().isEmpty)
        let pipe = try #require(received.first)
        var bytes = [UInt8](repeating: 0, count: 16)
        #expect(try bytes.withUnsafeMutableBytes { try pipe.read(into: $0) } == 16)
        #expect(String(decoding: bytes, as: UTF8.self) == "through the pipe")
        #expect(fcntl(pipe.rawValue, F_GETFD) & FD_CLOEXEC != 0, "not for programs that are executed")
        try pipe.close()
    }

    @Test("descriptors that nobody takes are closed: of a message, of a batch, and of a receive without room for them")
    func notTaken() async {
        await #expect(processExitsWith: .success) {
            let ends = try Socket.pair(.unix, .datagram)
            let file = try TemporaryFile([1])
            let sent = [OutgoingControlMessage.descriptors([file.descriptor, file.descriptor])]
            let open = { Descriptors.count(of: file.descriptor) }
            for _ in 0..<50 {
                for _ in 0..<4 { _ = try ends.first.sendMessage([1], with: sent) }
                _ = try ends.second.receiveMessage(upTo: 9)
                _ = try ends.second.receiveMessage(upTo: 9, controlSize: 20)
                _ = try ends.second.receive(upTo: 9)
                _ = try ends.second.receiveFrom(upTo: 9)
            }
            #expect(open() == 1)
            do {
                var batch = ReceiveBatch(capacity: 2, messageSize: 9)
                for _ in 0..<50 {
                    for _ in 0..<2 { _ = try ends.first.sendMessage([1], with: sent) }
                    #expect(try ends.second.receive(into: &batch) == 2)
                }
                #expect(open() == 5)
                let taken = batch.takeDescriptors(at: 1)
                #expect(taken.count == 2 && batch.takeDescriptors(at: 1).isEmpty)
                for descriptor in taken { try descriptor.close() }
            }
            #expect(open() == 1)
        }
    }

    @Test("what does not fit is flagged")
    func controlTruncated() throws {
        let ends = try Socket.pair(.unix, .datagram)
        let descriptor = ends.first.fileDescriptor
        _ = try ends.first.sendMessage([1], with: [.descriptors([descriptor, descriptor, descriptor])])
        let message = try ends.second.nextMessage(upTo: 9, controlSize: 24)
        #expect(message.flags.contains(.controlTruncated))
        #expect(message.controlMessages.count == 1)
    }

    @Test("a stream takes ancillary data with a byte at least; a datagram needs none")
    func nothingToSendItWith() throws {
        let stream = try Socket.pair()
        let control = [OutgoingControlMessage.descriptors([stream.first.fileDescriptor])]
        let error = socketError { () throws(SocketError) in _ = try stream.first.sendMessage([UInt8](), with: control) }
        #expect(error?.description == "bytes are none; a stream carries ancillary data beside at least 1")
        let datagram = try Socket.pair(.unix, .datagram)
        #expect(try datagram.first.sendMessage([UInt8](), with: control) == 0)
        let message = try datagram.second.nextMessage(upTo: 9)
        guard case .descriptors(1) = message.controlMessages.first else {
            Issue.record("\(message.controlMessages)")
            return
        }
    }

    @Test("a descriptor that is not open can't be sent: EBADF")
    func notOpen() throws {
        let ends = try Socket.pair()
        let control = [OutgoingControlMessage.descriptors([FileDescriptor(rawValue: 99_999)])]
        let error = socketError { () throws(SocketError) in _ = try ends.first.sendMessage([1], with: control) }
        #expect(error == .failed(.send, nil, .badFileDescriptor))
    }

    @Test("the kernel vouches for the sender's credentials")
    func credentials() throws {
        let ends = try Socket.pair(.unix, .sequencedPacket)
        // SO_PASSCRED, unix(7).
        try ends.second.setOption(
            SocketOption<Bool>(level: SOL_SOCKET, number: SO_PASSCRED, name: "SO_PASSCRED"), to: true)
        _ = try ends.first.sendMessage([1], with: [.credentials(.current)])
        _ = try ends.first.send([2])
        for _ in 0..<2 {
            let message = try ends.second.nextMessage(upTo: 9)
            guard case .credentials(.current) = message.controlMessages.first else {
                Issue.record("\(message.controlMessages)")
                return
            }
        }
    }

    @Test(
        "a packet tells the interface, its destination, TTL and traffic class, as they were sent",
        arguments: Loopback.available)
    func packet(loopback: Loopback) throws {
        let receiver = try loopback.boundSocket()
        let isIPv4 = loopback == .ipv4
        let level = Int32(isIPv4 ? IPPROTO_IP : IPPROTO_IPV6)
        // ip(7) and ipv6(7).
        let options: [(Int32, String)] =
            isIPv4
            ? [(8, "IP_PKTINFO"), (12, "IP_RECVTTL"), (13, "IP_RECVTOS")]
            : [(49, "IPV6_RECVPKTINFO"), (51, "IPV6_RECVHOPLIMIT"), (66, "IPV6_RECVTCLASS")]
        for (number, name) in options {
            try receiver.setOption(SocketOption<Bool>(level: level, number: number, name: name), to: true)
        }
        let sender = try Socket(loopback.family, .datagram)
        let index = try #require(NetworkInterface.index(name: "lo"))
        let source = try #require(loopback.address().ipAddress)
        let control: [OutgoingControlMessage] = [
            .packetInfo(interfaceIndex: index, source: source), isIPv4 ? .ipv4TimeToLive(77) : .ipv6HopLimit(77),
            isIPv4 ? .ipv4TypeOfService(0xB8) : .ipv6TrafficClass(0xB8),
        ]
        _ = try sender.sendMessage([5], with: control, to: receiver.localAddress())
        let message = try receiver.nextMessage(upTo: 9)
        #expect(message.source?.ipAddress == source)
        var seen: [String] = []
        for control in message.controlMessages {
            switch control {
            case .packetInfo(index, destination: source): seen.append("interface")
            case .hopLimit(77): seen.append("hop limit")
            case .trafficClass(0xB8): seen.append("traffic class")
            default: seen.append("\(control)")
            }
        }
        #expect(seen.sorted() == ["hop limit", "interface", "traffic class"])
    }

    @Test("a batch sends each message with its own ancillary data")
    func batch() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        try receiver.setOption(.ipv4ReceiveTimeToLive, to: true)
        let sender = try Socket(.ipv4, .datagram)
        try sender.connect(to: receiver.localAddress())
        let size = OutgoingControlMessage.ipv4TimeToLive(1).size
        var outgoing = SendBatch(capacity: 3, messageSize: 8, controlSize: size)
        outgoing.append(to: nil, with: [.ipv4TimeToLive(11)]) { $0.append(1) }
        outgoing.append(to: nil) { $0.append(2) }
        outgoing.append(to: nil, with: [.ipv4TimeToLive(13)]) { $0.append(3) }
        #expect(try sender.send(outgoing) == 3)
        let messages = try receiver.messages(3)
        #expect(messages.map(\.bytes) == [[1], [2], [3]])
        let usual = Int(try sender.option(.ipv4TimeToLive))
        #expect(messages.map(\.hopLimit) == [11, usual, 13])
    }

    @Test("the time of arrival comes by SO_TIMESTAMPNS and by SO_TIMESTAMP", arguments: [35, 29] as [Int32])
    func timestamp(option: Int32) throws {
        let before = Machine.wallClock
        let receiver = try Loopback.ipv4.boundSocket()
        try receiver.setOption(SocketOption<Bool>(level: SOL_SOCKET, number: option, name: "timestamp"), to: true)
        _ = try receiver.send([1], to: receiver.localAddress())
        let message = try receiver.nextMessage(upTo: 9)
        guard case .timestamp(let time) = message.controlMessages.first else {
            Issue.record("\(message.controlMessages)")
            return
        }
        #expect(time > before - 1_000_000_000 && time <= Machine.wallClock)
    }
}

/// The descriptors of this process.
enum Descriptors {
    /// How many there are for the same file; others come and go with the threads of the runtime.
    static func count(of file: FileDescriptor) -> Int {
        var wanted = stat()
        fstat(file.rawValue, &wanted)
        return (0..<Int32(512)).count { descriptor in
            var found = stat()
            return fstat(descriptor, &found) == 0 && found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino
        }
    }
}
