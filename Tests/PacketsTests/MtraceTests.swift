import Addresses
import PacketSamples
import Packets
import TestSupport
import Testing

@Suite struct MtraceTests {
    /// After draft-ietf-idmr-traceroute-ipm-07 section 5, with a checksum by scapy: a response with one block.
    static let response = bytes(
        """
        1e20 36c2 ef01 0203 c612 0001 c612 0202 c612 0202 4001 0203
        1234 5678 c612 0102 c612 0201 c612 0101 0000 03e8 0000 0384 ffff ffff 0301 5881
        """)

    @Test("a response tells what its router did")
    func router() throws {
        let message = try IGMPMessage(of: Self.response)
        let block = MtraceResponseBlock(
            queryArrivalTime: 0x1234_5678, incomingAddress: v4(198, 18, 1, 2), outgoingAddress: v4(198, 18, 2, 1),
            previousHop: v4(198, 18, 1, 1), inputPackets: 1000, outputPackets: 900, routingProtocol: .pim,
            countsNetwork: true, sourceMask: 24, forwardingCode: .noSpace)
        let trace = MtraceMessage(
            hops: 32, group: v4(239, 1, 2, 3), source: v4(198, 18, 0, 1), destination: v4(198, 18, 2, 2),
            responseAddress: v4(198, 18, 2, 2), responseTTL: 64, queryID: 0x01_0203, blocks: [block])
        #expect(message == IGMPMessage(.tracerouteResponse(trace)))
        #expect(message.bytes() == Self.response)
        #expect(block.forwardingCode.isFatal)
    }

    @Test("bytes that fill no block are payload", arguments: [0, 1, 31])
    func rest(count: Int) throws {
        let query = IGMPMessage(.tracerouteQuery(try #require(trace)))
        #expect(try IGMPMessage(of: query.bytes(payload: [UInt8](repeating: 0, count: count))) == query)
    }

    @Test("bits that a field has no room for are dropped")
    func room() throws {
        var trace = try #require(trace)
        trace.queryID = 0xFF00_0001
        let written = IGMPMessage(.tracerouteQuery(trace)).bytes()
        #expect(written[20...23] == [64, 0, 0, 1])
    }

    private var trace: MtraceMessage? {
        guard case .tracerouteResponse(var trace) = try? IGMPMessage(of: Self.response).body else { return nil }
        trace.blocks = []
        return trace
    }
}

@Suite struct Mtrace2MessageTests {
    /// After RFC 8487 sections 3.2.2, 3.2.4 and 3.2.6: a request with a standard and an augmented response block.
    static let request = bytes(
        """
        0200 1420 ef01 0203 c612 0001 c612 0202 1234 9c40
        0400 3400 1234 5678 c612 0102 c612 0201 c612 0101 0000 0000 0000 03e8 0000 0000 0000 0384 0000 0000 0000 0352
        000d 0008 0100 9800 0500 0800 0001 0002
        """)

    private static let query = Array(request.prefix(20))

    @Test("a request tells what the routers so far did")
    func routers() throws {
        let block = Mtrace2ResponseBlock(
            queryArrivalTime: 0x1234_5678,
            place: .v4(
                incoming: v4(198, 18, 1, 2), outgoing: v4(198, 18, 2, 1), upstream: v4(198, 18, 1, 1),
                forwardingTTL: 1),
            inputPackets: 1000, outputPackets: 900, forwardedPackets: 850, routingProtocol: 13,
            multicastRoutingProtocol: 8, countsNetwork: true, sourcePrefixLength: 24)
        let message = Mtrace2Message(
            .request, trace: .v4(group: v4(239, 1, 2, 3), source: v4(198, 18, 0, 1), client: v4(198, 18, 2, 2)),
            queryID: 0x1234, clientPort: 40_000,
            blocks: [.standardResponse(block), .augmentedResponse(type: 1, value: [0, 2])])
        #expect(try Mtrace2Message(of: Self.request) == message)
        #expect(message.bytes() == Self.request)
    }

    @Test("random messages of both families are read as they were written")
    func random() throws {
        var random = SplitMix64(seed: 41)
        for _ in 0..<1_000 {
            let message = random.mtrace2Message()
            #expect(message.bytes().count == message.length)
            #expect(try Mtrace2Message(of: message.bytes()) == message)
        }
    }

    @Test(
        "what no message can be is refused where it is wrong",
        arguments: [
            ([], .truncated(needed: 3, available: 0), 0),
            ([4] + query.dropFirst(), .badOption(type: 4), 0),
            ([1, 0, 3, 0], .badLength(3), 1),
            ([1, 0, 4, 0], .badLength(4), 1),
            (Array(query.dropLast()), .truncated(needed: 20, available: 19), 19),
            (query + [4], .truncated(needed: 23, available: 21), 21),
            (query + [4, 0, 3, 0], .badLength(3), 21),
            (query + [4, 0, 4, 0], .badLength(4), 21),
            (query + [5, 0, 5, 0, 0], .badLength(5), 21),
            (query + [9, 255, 255, 0], .truncated(needed: 20 + 65_535, available: 24), 24),
        ] as [([UInt8], ParseError.Reason, Int)])
    func refused(bytes: [UInt8], reason: ParseError.Reason, offset: Int) {
        let error = parseError { () throws(ParseError) in _ = try Mtrace2Message(of: bytes) }
        #expect(error == ParseError(.mtrace2, reason, at: offset))
    }

    @Test("a block that nobody knows is kept, with a byte at least behind its length")
    func unknown() throws {
        var message = try Mtrace2Message(of: Self.query)
        message.blocks = [.unknown(type: 9, value: [])]
        #expect(message.bytes() == Self.query + [9, 0, 4, 0])
        #expect(try Mtrace2Message(of: message.bytes()).blocks == [.unknown(type: 9, value: [0])])
    }

    @Test(
        "a datagram from or to the protocol's port is a multicast traceroute if its payload is one",
        arguments: [
            (33_435, 40_000, request, "Mtrace2"), (40_000, 33_435, request, "Mtrace2"),
            (40_000, 33_434, request, "Payload"), (40_000, 33_435, [1, 2, 3], "Payload"),
        ] as [(UInt16, UInt16, [UInt8], String)])
    func port(source: UInt16, destination: UInt16, payload: [UInt8], layer: String) throws {
        let header = IPv4Header(source: v4(198, 18, 2, 2), destination: v4(198, 18, 2, 1))
        let packet = IPv4Packet(
            header, payload: .udp(UDPHeader(sourcePort: source, destinationPort: destination), payload: payload))
        let bytes = serialized { packet.serialize(into: &$0) }
        let last = try #require(packet.layers(of: bytes.span.bytes).last)
        #expect(last.name == layer)
        #expect(last.bytes == 28..<bytes.count)
    }
}
