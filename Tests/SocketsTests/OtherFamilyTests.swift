import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

@Suite struct OtherFamilyTests {
    // rtnetlink(7): a header of 16 bytes and a struct rtgenmsg ask for all links.
    @Test("the kernel answers on a netlink socket, from port 0")
    func netlink() throws {
        let socket = try Socket(.netlink, .raw, SocketProtocol(rawValue: 0))
        try socket.bind(to: .netlink(portID: 0))
        guard case .netlink(let portID, groups: 0) = try socket.localAddress(), portID != 0 else {
            Issue.record("the kernel has chosen no port")
            return
        }
        let getLink: [UInt8] = [17, 0, 0, 0, 18, 0, 1, 3, 7, 0, 0, 0, 0, 0, 0, 0, 0]
        _ = try socket.send(getLink, to: .netlink(portID: 0))
        let answer = try socket.receiveFrom(upTo: 65_536)
        #expect(answer?.source == .netlink(portID: 0))
        // RTM_NEWLINK, with the sequence number of the request.
        #expect(answer?.bytes[4] == 16)
        #expect(answer?.bytes[8] == 7)
    }

    @Test("a packet socket sees the frames of an interface", .enabled(if: Machine.opensRawSockets))
    func packet() throws {
        let index = try #require(NetworkInterface.index(name: "lo"))
        // ETH_P_ALL: only then those too that leave.
        let socket = try Socket(.packet, .raw, .etherType(3))
        try socket.bind(to: .packet(PacketAddress(interfaceIndex: index, etherType: 3)))
        let receiver = try Loopback.ipv4.boundSocket()
        let payload = Array("seen on the wire".utf8)
        _ = try receiver.send(payload, to: receiver.localAddress())
        var seen: [PacketAddress.Destination] = []
        while seen.count < 2 {
            try socket.waitUntil(.readable)
            guard let frame = try socket.receiveFrom(upTo: 65_536), frame.bytes.suffix(payload.count) == payload[...]
            else { continue }
            guard case .packet(let source) = frame.source else {
                Issue.record("\(String(describing: frame.source))")
                return
            }
            // ARPHRD_LOOPBACK, and an Ethernet header in front.
            #expect(source.interfaceIndex == index && source.etherType == 0x0800 && source.hardwareType == 772)
            #expect(source.hardwareAddress == [0, 0, 0, 0, 0, 0])
            #expect(source.description == "00:00:00:00:00:00%lo")
            seen.append(source.destination)
        }
        #expect(seen == [.outgoing, .host])
    }

    @Test("a packet socket fills a batch", .enabled(if: Machine.opensRawSockets), arguments: [1, 4])
    func packets(capacity: Int) throws {
        let index = try #require(NetworkInterface.index(name: "lo"))
        let socket = try Socket(.packet, .datagram, .etherType(3))
        try socket.bind(to: .packet(PacketAddress(interfaceIndex: index, etherType: 3)))
        let receiver = try Loopback.ipv4.boundSocket()
        let payload = Array("seen in a batch".utf8)
        _ = try receiver.send(payload, to: receiver.localAddress())
        var batch = ReceiveBatch(capacity: capacity, messageSize: 2048)
        var found = false
        while !found {
            for index in 0..<(try socket.receive(into: &batch)) {
                found = found || batch[index].bytes.withUnsafeBytes { $0.suffix(payload.count).elementsEqual(payload) }
            }
        }
        #expect(found)
    }

    @Test("a hardware address of more than 32 bytes is none")
    func hardwareAddress() throws {
        let error = socketError { () throws(SocketError) in
            _ = try PacketAddress(interfaceIndex: 1, etherType: 3, hardwareAddress: [UInt8](repeating: 0, count: 33))
        }
        #expect(error == .invalidArgument("hardwareAddress", "has 33 bytes; 32 are the most"))
    }

    @Test(
        "what the kernel does not know is named, with the module that it lacks",
        arguments: [
            (
                .failed(.open(.tipc, .reliableDatagram, .unspecified), nil, .addressFamilyNotSupported),
                "SOCK_RDM with AF_TIPC: not supported by this kernel; module tipc"
            ),
            (
                .failed(.open(.ipv4, .sequencedPacket, .sctp), nil, .socketTypeNotSupported),
                "SOCK_SEQPACKET with AF_INET and IPPROTO_SCTP: not supported by this kernel; module sctp"
            ),
            (
                .failed(.open(.vsock, .datagram, .unspecified), nil, Errno(rawValue: 19)),
                "SOCK_DGRAM with AF_VSOCK: not supported by this kernel; module vsock"
            ),
            (
                .failed(.pair(.tipc, .stream, .unspecified), nil, .addressFamilyNotSupported),
                "SOCK_STREAM with AF_TIPC: not supported by this kernel; module tipc"
            ),
            (
                .failed(.open(.unix, .reliableDatagram, .unspecified), nil, .socketTypeNotSupported),
                "SOCK_RDM with AF_UNIX: not supported by this kernel"
            ),
        ] as [(SocketError, String)])
    func missing(error: SocketError, text: String) {
        #expect(error.description == text)
    }

    @Test("a type that a family does not have")
    func typeWithoutFamily() throws {
        let error = socketError { () throws(SocketError) in _ = try Socket(.unix, .reliableDatagram) }
        #expect(error == .failed(.open(.unix, .reliableDatagram, .unspecified), nil, .socketTypeNotSupported))
    }

    @Test(
        "raw sockets of any protocol, with the kernel's header or with one's own", .enabled(if: Machine.opensRawSockets)
    )
    func raw() throws {
        // 253 is for experiments (RFC 3692).
        let number = SocketProtocol(rawValue: 253)
        let receiver = try Socket(.ipv4, .raw, number)
        try receiver.bind(to: Loopback.ipv4.address())
        let sender = try Socket(.ipv4, .raw, number)
        #expect(try sender.send([1, 2, 3], to: Loopback.ipv4.address()) == 3)
        let packet = try #require(try receiver.receive(upTo: 100))
        #expect(packet.count == 23 && packet[9] == 253 && packet.suffix(3) == [1, 2, 3])

        let own = try Socket(.ipv4, .raw, .raw)
        try own.setOption(.ipv4HeaderIncluded, to: true)
        var header = packet
        header[8] = 99
        #expect(try own.send(header, to: Loopback.ipv4.address()) == 23)
        #expect(try receiver.receive(upTo: 100)?[8] == 99, "the TTL of our own")
        #expect(try Socket(.ipv4, .raw, .igmp).type == .raw)
        #expect(try Socket(.ipv6, .raw, .icmpv6).type == .raw)
    }

    @Test(
        "addresses are shown as the tools of their family show them",
        arguments: [
            (.tipc(TIPCAddress(.service(type: 70, instance: 7))), "70:7"),
            (.tipc(TIPCAddress(.serviceRange(type: 70, 1...9))), "70:1-9"),
            (.tipc(TIPCAddress(.socket(node: 0x1001, reference: 5))), "1001:5"),
            (.vsock(contextID: 1, port: 70_000), "1:70000"), (.netlink(portID: 9), "netlink port 9"),
        ] as [(SocketAddress, String)])
    func text(address: SocketAddress, text: String) {
        #expect(address.description == text)
    }
}
