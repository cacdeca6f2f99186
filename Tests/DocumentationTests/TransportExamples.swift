import Addresses
import Packets
import Testing

/// The examples of the pages on transports, as they stand there.
@Suite struct TransportExamples {
    private let source = IPv4Address(rawValue: 0xC612_0001)
    private let target = IPv4Address(rawValue: 0xC612_0002)

    @Test("the example of UDP and UDP-Lite covers the first bytes of a datagram")
    func udp() throws {
        func probe(_ target: IPv4Address, port: UInt16, from source: IPv4Address, payload: [UInt8]) -> IPv4Packet {
            let header = UDPHeader(sourcePort: 33_434, destinationPort: port)
            return IPv4Packet(
                IPv4Header(source: source, destination: target, timeToLive: 1), payload: .udp(header, payload: payload))
        }

        func frame(_ samples: [UInt8], importantBytes: UInt16) -> IPPayload {
            let coverage = UInt16(UDPLiteHeader.length) + importantBytes
            return .udpLite(
                UDPLiteHeader(sourcePort: 5_004, destinationPort: 5_004, checksumCoverage: coverage), payload: samples)
        }

        #expect(
            probe(target, port: 33_435, from: source, payload: [1, 2, 3]).description
                == "IP 198.18.0.1.33434 > 198.18.0.2.33435: UDP, length 3")
        let header = IPv4Header(source: source, destination: target)
        var bytes = serialized {
            IPv4Packet(header, payload: frame([1, 2, 3, 4], importantBytes: 2)).serialize(into: &$0)
        }
        bytes[bytes.count - 1] = 0xFF
        let read = try IPv4Packet(parsing: bytes.span.bytes)
        #expect(read.payload == frame([1, 2, 3, 0xFF], importantBytes: 2))
    }

    @Test("the example of TCP asks for a connection and reads the answer")
    func tcp() throws {
        func synchronize(_ target: IPv4Address, port: UInt16, from source: IPv4Address) -> IPv4Packet {
            let header = TCPHeader(
                sourcePort: 40_000, destinationPort: port, sequenceNumber: 0x1234_5678, flags: .syn,
                options: [.maximumSegmentSize(1_460), .selectiveAcknowledgmentPermitted, .noOperation, .windowScale(7)])
            return IPv4Packet(IPv4Header(source: source, destination: target), payload: .tcp(header))
        }

        func describe(_ answer: IPv4Packet) -> String {
            guard case .tcp(let header, _) = answer.payload else { return "no TCP" }
            if header.flags.contains([.syn, .ack]) { return "open" }
            return header.flags.contains(.rst) ? "closed" : "\(header.flags)"
        }

        let packet = synchronize(target, port: 80, from: source)
        #expect(
            packet.description == "IP 198.18.0.1.40000 > 198.18.0.2.80: Flags [S], seq 305419896, win 64240, "
                + "options [mss 1460,sackOK,nop,wscale 7,eol], length 0")
        let refusal = TCPHeader(sourcePort: 80, destinationPort: 40_000, sequenceNumber: 0, flags: [.rst, .ack])
        let answer = IPv4Packet(IPv4Header(source: target, destination: source), payload: .tcp(refusal))
        #expect(describe(answer) == "closed")
        #expect(describe(packet) == "S")
    }

    @Test("the example of SCTP asks for an association and finds the cookie")
    func sctp() throws {
        func initiation(to port: UInt16, tag: UInt32) -> IPPayload {
            let offer = SCTPInitiation(initiateTag: tag, initialTSN: 1, parameters: [.supportedAddressTypes([5, 6])])
            return .sctp(
                SCTPPacket(
                    sourcePort: 40_000, destinationPort: port, verificationTag: 0,
                    chunks: [SCTPChunk(.initiation(offer))]))
        }

        func cookie(in packet: SCTPPacket) -> [UInt8]? {
            for chunk in packet.chunks {
                guard case .initiationAcknowledgment(let offer) = chunk.body else { continue }
                for case .stateCookie(let cookie) in offer.parameters { return cookie }
            }
            return nil
        }

        let packet = IPv4Packet(IPv4Header(source: source, destination: target), payload: initiation(to: 5_001, tag: 7))
        #expect(
            packet.description == "IP 198.18.0.1.40000 > 198.18.0.2.5001: sctp (1) [INIT] [init tag: 7] "
                + "[rwnd: 106496] [OS: 10] [MIS: 65535] [init TSN: 1]")
        let offer = SCTPInitiation(initiateTag: 8, initialTSN: 2, parameters: [.stateCookie([1, 2, 3])])
        let answer = SCTPPacket(
            sourcePort: 5_001, destinationPort: 40_000, verificationTag: 7,
            chunks: [SCTPChunk(.initiationAcknowledgment(offer))])
        let bytes = serialized { answer.serialize(into: &$0) }
        #expect(cookie(in: try SCTPPacket(parsing: bytes.span.bytes)) == [1, 2, 3])
    }

    @Test("the example of DCCP asks for a service and is refused")
    func dccp() {
        func request(_ service: UInt32, at port: UInt16) -> IPPayload {
            .dccp(
                DCCPHeader(
                    sourcePort: 40_000, destinationPort: port, sequenceNumber: 1, .request(serviceCode: service)))
        }

        func refusal(in payload: IPPayload) -> DCCPResetCode? {
            guard case .dccp(let header, _) = payload, case .reset(_, let code, _) = header.body else { return nil }
            return code
        }

        let header = IPv4Header(source: source, destination: target)
        #expect(
            IPv4Packet(header, payload: request(42, at: 5_001)).description
                == "IP 198.18.0.1.40000 > 198.18.0.2.5001: DCCP DCCP-Request (service=42)")
        let reset = DCCPHeader(
            sourcePort: 5_001, destinationPort: 40_000, sequenceNumber: 0,
            .reset(acknowledgmentNumber: 1, .noConnection))
        #expect(refusal(in: .dccp(reset)) == .noConnection)
        #expect(refusal(in: request(42, at: 5_001)) == nil)
    }
}
