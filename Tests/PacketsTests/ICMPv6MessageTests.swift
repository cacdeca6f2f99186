import Addresses
import Packets
import Testing

@Suite struct ICMPv6MessageTests {
    @Test(
        "the kernel's and ping's messages mean what they were made for",
        arguments: [
            (CapturedIPv6.echoRequest, .echoRequest(ICMPEcho(identifier: 0x288e, sequenceNumber: 1))),
            (CapturedIPv6.echoReply, .echoReply(ICMPEcho(identifier: 0x288e, sequenceNumber: 1))),
            (CapturedIPv6.timeExceeded, .timeExceeded(.inTransit)),
            (CapturedIPv6.prohibited, .destinationUnreachable(.prohibited)),
            (CapturedIPv6.noRoute, .destinationUnreachable(.noRoute)),
            (CapturedIPv6.addressUnreachable, .destinationUnreachable(.address)),
            (CapturedIPv6.portUnreachable, .destinationUnreachable(.port)),
            (CapturedIPv6.unknownNextHeader, .parameterProblem(.nextHeader, pointer: 6)),
            (CapturedIPv6.unknownOption, .parameterProblem(.option, pointer: 42)),
            (
                CapturedIPv6.neighborSolicitation,
                .neighborSolicitation(
                    target: v6(1, 2), options: [.sourceLinkLayerAddress([0xb6, 0xd4, 0x44, 0x91, 0x3c, 0xa3])])
            ),
        ] as [([UInt8], ICMPv6Message.Body)])
    func captured(packet: [UInt8], body: ICMPv6Message.Body) throws {
        let header = try IPv6Header(of: packet)
        let message = try ICMPv6Message(
            of: packet.after(40), in: .v6(source: header.source, destination: header.destination))
        #expect(message == ICMPv6Message(body))
    }

    @Test("captured messages come out as they went in", arguments: CapturedIPv6.all)
    func capturedRoundTrip(_ packet: [UInt8]) throws {
        let header = try IPv6Header(of: packet)
        let bytes = packet.after(40)
        let message = try ICMPv6Message(
            of: bytes, in: .v6(source: header.source, destination: header.destination),
            verifyingChecksum: false)
        let ends = PseudoHeader.v6(source: header.source, destination: header.destination)
        #expect(message.bytes(payload: bytes.after(message.length), in: ends) == bytes)
    }

    @Test(
        "scapy's messages mean the same here, both ways",
        arguments: [
            // IPv6(src="2001:db8:2::2", dst="2001:db8:1::1")/ICMPv6PacketTooBig(mtu=1280)/b"quoted", and so on
            (
                "8000e2e4123456786e657470726f626521",
                .echoRequest(ICMPEcho(identifier: 0x1234, sequenceNumber: 0x5678))
            ),
            ("020056f10000050071756f746564", .packetTooBig(mtu: 1280)),
            ("040159c80000002871756f746564", .parameterProblem(.nextHeader, pointer: 40)),
            ("030129ef1000000071756f74656421", .timeExceeded(.reassembly, originalDatagramWords: 16)),
            ("01043bec0000000071756f74656421", .destinationUnreachable(.port)),
            (
                "8200fc1d27100000ff020000000000000000000000010003",
                .multicastListenerQuery(
                    maximumResponseDelay: 10_000, group: IPv6Address(rawValue: 0xFF02 << 112 | 0x10003))
            ),
        ] as [(String, ICMPv6Message.Body)])
    func scapy(hexadecimal: String, body: ICMPv6Message.Body) throws {
        let bytes = bytes(hexadecimal)
        let message = try ICMPv6Message(of: bytes, in: .v6(source: v6(2, 2), destination: v6(1, 1)))
        #expect(message == ICMPv6Message(body))
        #expect(
            message.bytes(payload: bytes.after(message.length), in: .v6(source: v6(2, 2), destination: v6(1, 1)))
                == bytes)
    }

    @Test("the length of the quoted packet is counted in 64-bit words")
    func originalDatagramLength() {
        let message = ICMPv6Message(.destinationUnreachable(.noRoute, originalDatagramWords: 16))
        #expect(message.originalDatagramLength == 128)
    }

    @Test("a type that has no codes is another message with one", arguments: [2, 128, 129] as [UInt8])
    func unknownCode(type: UInt8) throws {
        let message = ICMPv6Message(.other(type: type, code: 9, restOfHeader: 0x0001_0002))
        let written = message.bytes(in: .v6(source: v6(2, 2), destination: v6(1, 1)))
        #expect(try ICMPv6Message(of: written, in: .v6(source: v6(2, 2), destination: v6(1, 1))) == message)
    }

    @Test("the checksum covers the addresses")
    func wrongAddress() {
        let bytes = bytes("020056f10000050071756f746564")
        let error = parseError { () throws(ParseError) in
            _ = try ICMPv6Message(of: bytes, in: .v6(source: v6(2, 3), destination: v6(1, 1)))
        }
        #expect(error == ParseError(.icmpv6, .badChecksum(expected: 0x56f0, found: 0x56f1), at: 2))
    }

    @Test("without addresses the checksum is left to the kernel")
    func kernelChecksum() {
        let request = ICMPv6Message(.echoRequest(ICMPEcho(identifier: 1, sequenceNumber: 2)))
        let written = serialized { request.serialize(into: &$0, payload: [UInt8]().span.bytes) }
        #expect(written == bytes("8000000000010002"))
    }

    @Test("without addresses the checksum is kept as it is")
    func unverifiedChecksum() throws {
        let bytes = bytes("020056f10000050071756f746564")
        #expect(try ICMPv6Message(of: bytes).checksum == 0x56f1)
    }

    @Test("seven bytes are no message")
    func truncated() {
        let bytes = bytes("80000000000100")
        let error = parseError { () throws(ParseError) in _ = try ICMPv6Message(of: bytes) }
        #expect(error == ParseError(.icmpv6, .truncated(needed: 8, available: 7), at: 7))
    }
}
