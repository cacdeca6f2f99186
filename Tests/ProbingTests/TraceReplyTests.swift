import Addresses
import Packets
import Probing
import Testing

@Suite("What the destination answers to probes")
struct TraceReplyTests {
    private static let probe = TraceProbe(token: 300, hopLimit: 4, flow: 2)

    private func segment(_ header: some PayloadHeader, payload: [UInt8] = []) -> [UInt8] {
        serialized(capacity: 2000) { header.serialize(into: &$0, payload: payload.span.bytes, in: nil) }
    }

    @Test("An echo reply answers its request", arguments: IPFamily.allCases)
    func echo(family: IPFamily) {
        let format = TraceProbeFormat.probing(.icmp, family)
        var reply = Array(format.written(Self.probe).dropFirst(family.headerLength))
        reply[0] = family == .v4 ? 0 : 129
        if family == .v4 {
            reply.set(0, at: 2)
            reply.set(InternetChecksum.of(reply.span.bytes), at: 2)
        }
        let answer = format.answer(toICMP: reply)
        #expect(answer?.token == 300 && answer?.meaning == .reply(.echo) && answer?.quotedHopLimit == nil)
        #expect(TraceProbeFormat.probing(.icmp, family, key: 3).answer(toICMP: reply) == nil)
        #expect(TraceProbeFormat.probing(.udp(port: 33434), family).answer(toICMP: reply) == nil)
        // Another's payload behind our identifier; an untouched request is no reply.
        reply[0] = family == .v4 ? 8 : 128
        #expect(format.answer(toICMP: reply) == nil)
    }

    @Test(
        "A TCP port answers, open or closed, with and without a payload in the probe",
        arguments: [
            (.syn, nil), (.syn, 90), (.fin, nil), ([.syn, .fin], 90), (.ack, nil), ([], 90),
        ] as [(TCPHeader.Flags, Int?)])
    func tcp(flags: TCPHeader.Flags, packetLength: Int?) throws {
        var tcp = TCPProbe()
        tcp.flags = flags
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(.tcp(port: 80, tcp), family, packetLength: packetLength)
            let ports = try #require(format.ports(of: 2))
            let bytes = Array(format.written(Self.probe).dropFirst(family.headerLength))
            let sent = try TCPHeader(parsing: bytes.span.bytes)
            let taken = UInt32(
                (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0) + bytes.count - sent.length)
            func answer(_ flags: TCPHeader.Flags, _ sequence: UInt32, _ acknowledged: UInt32) -> TraceAnswer? {
                format.answer(
                    inSegment: segment(
                        TCPHeader(
                            sourcePort: ports.destination, destinationPort: ports.source, sequenceNumber: sequence,
                            acknowledgmentNumber: acknowledged, flags: flags)))
            }
            // RFC 9293 section 3.10.7.1.
            let reset =
                flags.contains(.ack)
                ? answer(.rst, sent.acknowledgmentNumber, 0) : answer([.rst, .ack], 0, sent.sequenceNumber &+ taken)
            #expect(reset?.token == 300)
            #expect(reset?.meaning == .reply(.tcp(flags.contains(.ack) ? .rst : [.rst, .ack])))
            if flags == .syn {
                let accepted = answer([.syn, .ack], 77, sent.sequenceNumber &+ 1)
                #expect(accepted?.token == 300 && accepted?.meaning == .reply(.tcp([.syn, .ack])))
            }
            #expect(answer([.rst, .ack], 0, sent.sequenceNumber ^ 0x4000_0000) == nil)
            #expect(answer(.syn, 0, 0) == nil)
        }
    }

    @Test("A segment from another address or port is none", arguments: IPFamily.allCases)
    func otherEnds(family: IPFamily) throws {
        let format = TraceProbeFormat.probing(.tcp(port: 80, TCPProbe()), family)
        let sent = try TCPHeader(parsing: format.written(Self.probe).span.bytes.extracting(family.headerLength...))
        var header = TCPHeader(
            sourcePort: 80, destinationPort: sent.sourcePort, sequenceNumber: 1,
            acknowledgmentNumber: sent.sequenceNumber &+ 1, flags: [.syn, .ack])
        #expect(format.answer(inSegment: segment(header)) != nil)
        #expect(format.answer(inSegment: segment(header), from: family.router) == nil)
        header.sourcePort = 81
        #expect(format.answer(inSegment: segment(header)) == nil)
    }

    @Test("SCTP answers with our initiate tag")
    func sctp() throws {
        let format = TraceProbeFormat.probing(.sctp(port: 80), .v4)
        let sent = try SCTPPacket(parsing: format.written(Self.probe).span.bytes.extracting(20...))
        guard case .initiation(let initiation)? = sent.chunks.first?.body else {
            throw ParseError(.sctp, .badLength(0), at: 0)
        }
        func answer(_ chunk: SCTPChunk.Body, tag: UInt32) -> TraceAnswer? {
            format.answer(
                inSegment: segment(
                    SCTPPacket(
                        sourcePort: 80, destinationPort: sent.sourcePort, verificationTag: tag,
                        chunks: [SCTPChunk(chunk)])))
        }
        let acknowledgment = SCTPChunk.Body.initiationAcknowledgment(SCTPInitiation(initiateTag: 9, initialTSN: 9))
        let accepted = answer(acknowledgment, tag: initiation.initiateTag)
        #expect(accepted?.token == 300 && accepted?.meaning == .reply(.association(accepted: true)))
        let refused = answer(.abort(errorCauses: []), tag: initiation.initiateTag)
        #expect(refused?.token == 300 && refused?.meaning == .reply(.association(accepted: false)))
        #expect(answer(.abort(errorCauses: []), tag: 0) == nil)
        #expect(answer(.shutdownComplete, tag: initiation.initiateTag) == nil)
    }

    @Test("DCCP answers what it acknowledges")
    func dccp() throws {
        let format = TraceProbeFormat.probing(.dccp(port: 33434, serviceCode: 42), .v4)
        let sent = try DCCPHeader(parsing: format.written(Self.probe).span.bytes.extracting(20...))
        func answer(_ body: DCCPHeader.Body) -> TraceAnswer? {
            format.answer(
                inSegment: segment(
                    DCCPHeader(
                        sourcePort: 33434, destinationPort: sent.sourcePort, sequenceNumber: 5, body)))
        }
        let accepted = answer(.response(acknowledgmentNumber: sent.sequenceNumber, serviceCode: 42))
        #expect(accepted?.token == 300 && accepted?.meaning == .reply(.association(accepted: true)))
        let refused = answer(.reset(acknowledgmentNumber: sent.sequenceNumber, .connectionRefused))
        #expect(refused?.token == 300 && refused?.meaning == .reply(.association(accepted: false)))
        #expect(answer(.reset(acknowledgmentNumber: sent.sequenceNumber ^ 1 << 40, .connectionRefused)) == nil)
        #expect(answer(.acknowledgment(acknowledgmentNumber: sent.sequenceNumber)) == nil)
    }

    @Test(
        "A datagram that brings our payload back is an answer, and no other is",
        arguments: [
            TraceMethod.udp(port: 7), .udpLite(port: 7, coverage: nil), .ip(IPProtocol(rawValue: 253)),
        ])
    func datagrams(method: TraceMethod) {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            var bytes = Array(format.written(Self.probe).dropFirst(family.headerLength))
            if method.port != nil {
                let source = bytes.word(at: 0)
                bytes.set(bytes.word(at: 2), at: 0)
                bytes.set(source, at: 2)
            }
            let answer = format.answer(inSegment: bytes)
            #expect(answer?.token == 300 && answer?.meaning == .reply(.datagram) && answer?.hopLimit == 60)
            let start = method.port == nil ? 0 : 8
            bytes[start] ^= 1
            #expect(format.answer(inSegment: bytes) == nil)
            #expect(format.answer(inSegment: Array(bytes.prefix(start))) == nil)
        }
    }

    @Test(
        "The error queue of a datagram socket quotes what the kernel was given",
        arguments: [
            TraceMethod.icmp, .udp(port: 33434), .udpLite(port: 33434, coverage: nil),
        ])
    func errorQueue(method: TraceMethod) throws {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family, packetLength: 200)
            let error = ICMPError(family: family, type: family == .v4 ? 11 : 3, code: 0)
            let sent = serialized(capacity: 200) { format.writePayload(of: Self.probe, into: &$0) }
            let answer = format.answer(to: error, quoting: sent)
            #expect(answer == TraceAnswer(token: 300, from: family.router, .timeExceeded))
            #expect(format.answer(to: error, quoting: Array(sent.prefix(5))) == nil)
            var other = sent
            other[method == .icmp ? 4 : 0] ^= 1
            #expect(format.answer(to: error, quoting: other) == nil)
            // Behind 128 bytes of the packet, of which the kernel has kept the headers.
            let labels: [ICMPExtensionObject] = [
                .mplsLabelStack([MPLSLabel(label: 24_001, isBottomOfStack: true, timeToLive: 1)])
            ]
            let quoted = sent.prefix(128 - family.headerLength - (method == .icmp ? 0 : 8))
            let structure = serialized(capacity: 64) { ICMPExtensions(labels).serialize(into: &$0) }
            #expect(format.answer(to: error, quoting: quoted + structure)?.extensions == labels)
            #expect(
                format.answer(to: ICMPError(family: family, type: 5, code: 0), quoting: sent) == nil || family == .v6)
        }
    }
}
