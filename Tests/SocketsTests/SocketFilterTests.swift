import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

/// `SO_ATTACH_FILTER`. A filter of a UDP socket sees the UDP header, one of a raw IPv4 socket the IP header.
@Suite struct SocketFilterTests {
    @Test("a filter keeps what it accepts and drops what it does not", arguments: Loopback.available)
    func keepsAndDrops(loopback: Loopback) throws {
        let socket = try loopback.boundSocket()
        // The byte after the eight of the UDP header.
        try socket.attachFilter([
            .loadIndex(8), .loadByte(atIndexPlus: 0), .jumpIfEqual(7, then: 0, otherwise: 1), .accept, .drop,
        ])
        try socket.send([[6], [7], [8], [7, 7]], to: try socket.localAddress())
        #expect(try socket.messages(2).map(\.bytes) == [[7], [7, 7]])
    }

    @Test("a half word is read in network order")
    func halfWord() throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.attachFilter([
            .loadIndex(8), .loadHalfWord(atIndexPlus: 1), .jumpIfEqual(0x1234, then: 0, otherwise: 1), .accept, .drop,
        ])
        try socket.send([[0, 0x34, 0x12], [0, 0x12, 0x34]], to: try socket.localAddress())
        #expect(try socket.messages(1).map(\.bytes) == [[0, 0x12, 0x34]])
    }

    @Test("a packet too short for what a filter reads is dropped")
    func tooShort() throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.attachFilter([.loadIndex(8), .loadByte(atIndexPlus: 3), .accept])
        try socket.send([[], [1, 2, 3], [1, 2, 3, 4]], to: try socket.localAddress())
        #expect(try socket.messages(1).map(\.bytes) == [[1, 2, 3, 4]])
    }

    // RFC 792: echo requests (type 8, code 0) with identifiers 0x1111 and 0x2222, sequence number 1, checksums by hand.
    @Test(
        "of the kernel's echo replies, a raw socket gets the one whose identifier its filter names",
        .enabled(if: Machine.opensRawSockets, "raw sockets need CAP_NET_RAW"))
    func echoReplies() throws {
        let socket = try Socket(.ipv4, .raw, .icmp)
        try socket.attachFilter([
            .loadHeaderLength(at: 0), .loadByte(atIndexPlus: 0), .jumpIfEqual(0, then: 0, otherwise: 3),
            .loadHalfWord(atIndexPlus: 4), .jumpIfEqual(0x2222, then: 0, otherwise: 1), .accept, .drop,
        ])
        try socket.send(
            [[8, 0, 0xE6, 0xED, 0x11, 0x11, 0, 1], [8, 0, 0xD5, 0xDC, 0x22, 0x22, 0, 1]], to: Loopback.ipv4.address())
        // Others on this machine may use the same identifier towards other addresses.
        var reply = try socket.messages(1)[0]
        while reply.source != Loopback.ipv4.address() { reply = try socket.messages(1)[0] }
        // The checksum of the reply is that of the request and the difference of the types.
        #expect(reply.bytes.suffix(8) == [0, 0, 0xDD, 0xDC, 0x22, 0x22, 0, 1])
    }

    struct Program: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let instructions: [FilterInstruction]
    }

    @Test(
        "a program that the kernel does not take: EINVAL",
        arguments: [
            Program(testDescription: "an empty one", instructions: []),
            Program(testDescription: "one without an end", instructions: [.loadIndex(8)]),
            Program(
                testDescription: "one that jumps past its end",
                instructions: [
                    .jumpIfEqual(1, then: 9, otherwise: 0), .drop,
                ]),
            Program(testDescription: "4097 instructions", instructions: Array(repeating: .drop, count: 4097)),
            Program(
                testDescription: "1 instruction, modulo 65,536", instructions: Array(repeating: .drop, count: 65_537)),
        ])
    func refused(program: Program) throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in try socket.attachFilter(program.instructions) }
        #expect(error == .failed(.setOption("SO_ATTACH_FILTER"), nil, .invalidArgument))
    }
}
