import Addresses
import Packets
import SimulatedNetworks
import Testing

@Suite("Simulated networks: hosts") struct HostTests {
    private static let network = "path prober host\nhost opens udp/53 tcp/80 sctp/80 dccp/80 udplite/53 253"

    private func answer(_ payload: IPPayload, _ family: IPFamily) throws -> Arrived? {
        var network = try SimulatedNetwork(parsing: Self.network)
        let answers = network.answers(to: payload, family)
        #expect(network.malformed.isEmpty)
        if let answer = answers.first {
            #expect(answers.count == 1 && answer.isSound && answer.source == network.address(of: "host", family))
        }
        return answers.first
    }

    @Test("a host sends echo requests back", arguments: IPFamily.allCases)
    func echoes(family: IPFamily) throws {
        switch try answer(echo(family), family)?.payload {
        case .icmp(let message, let payload, _):
            #expect(message == .echoReply(identifier: 7, sequenceNumber: 1) && payload == [1, 2, 3])
        case .icmpv6(let message, let payload, _):
            #expect(message == .echoReply(identifier: 7, sequenceNumber: 1) && payload == [1, 2, 3])
        default: Issue.record("no echo reply")
        }
    }

    @Test("closed UDP ports are unreachable, open ones send datagrams back", arguments: IPFamily.allCases)
    func datagrams(family: IPFamily) throws {
        let unreachable: [UInt8] = family == .v4 ? [3, 3] : [1, 4]
        #expect(try answer(udp(), family)?.payload.icmp.map { [$0.type, $0.code] } == unreachable)
        guard case .udp(let header, let payload)? = try answer(udp(53), family)?.payload else {
            Issue.record("no datagram")
            return
        }
        #expect(header.sourcePort == 53 && header.destinationPort == 40000 && payload.count == 12)
        func lite(_ port: UInt16) -> IPPayload {
            .udpLite(UDPLiteHeader(sourcePort: 9, destinationPort: port, checksumCoverage: 8), payload: [1])
        }
        #expect(try answer(lite(7), family)?.payload.icmp.map { [$0.type, $0.code] } == unreachable)
        guard case .udpLite(let lite, [1])? = try answer(lite(53), family)?.payload else {
            Issue.record("no UDP-Lite datagram")
            return
        }
        #expect(lite.destinationPort == 9)
    }

    @Test("an open TCP port answers SYN with SYN and ACK, a closed one with RST", arguments: IPFamily.allCases)
    func segments(family: IPFamily) throws {
        func header(_ port: UInt16, _ flags: TCPHeader.Flags, payload: [UInt8] = []) throws -> TCPHeader? {
            let probe = TCPHeader(
                sourcePort: 9, destinationPort: port, sequenceNumber: 1000, acknowledgmentNumber: 2000, flags: flags)
            guard case .tcp(let header, _)? = try answer(.tcp(probe, payload: payload), family)?.payload else {
                return nil
            }
            return header
        }
        let open = try header(80, .syn)
        #expect(open?.flags == [.syn, .ack] && open?.acknowledgmentNumber == 1001 && open?.destinationPort == 9)
        let closed = try header(81, .syn, payload: [1, 2])
        #expect(closed?.flags == [.rst, .ack] && closed?.acknowledgmentNumber == 1003 && closed?.sequenceNumber == 0)
        let acknowledgment = try header(80, .ack)
        #expect(acknowledgment?.flags == .rst && acknowledgment?.sequenceNumber == 2000)
    }

    @Test("SCTP and DCCP are accepted where somebody listens, and else refused", arguments: IPFamily.allCases)
    func associations(family: IPFamily) throws {
        func chunk(_ port: UInt16) throws -> SCTPChunk.Body? {
            let chunk = SCTPChunk(.initiation(SCTPInitiation(initiateTag: 5, initialTSN: 6)))
            let probe = SCTPPacket(sourcePort: 9, destinationPort: port, verificationTag: 0, chunks: [chunk])
            guard case .sctp(let reply)? = try answer(.sctp(probe), family)?.payload else { return nil }
            #expect(reply.verificationTag == 5 && reply.destinationPort == 9)
            return reply.chunks.first?.body
        }
        if case .initiationAcknowledgment? = try chunk(80) {} else { Issue.record("not accepted") }
        if case .abort? = try chunk(81) {} else { Issue.record("not refused") }

        func body(_ port: UInt16) throws -> DCCPHeader.Body? {
            let probe = DCCPHeader(sourcePort: 9, destinationPort: port, sequenceNumber: 7, .request(serviceCode: 42))
            guard case .dccp(let reply, _)? = try answer(.dccp(probe), family)?.payload else { return nil }
            return reply.body
        }
        #expect(try body(80) == .response(acknowledgmentNumber: 7, serviceCode: 42))
        #expect(try body(81) == .reset(acknowledgmentNumber: 7, .connectionRefused))
    }

    @Test("protocols that the host does not speak are unreachable", arguments: IPFamily.allCases)
    func otherProtocols(family: IPFamily) throws {
        let unreachable: [UInt8] = family == .v4 ? [3, 2] : [4, 1]
        let refused = try answer(.other(IPProtocol(rawValue: 254), [1, 2, 3]), family)
        #expect(refused?.payload.icmp.map { [$0.type, $0.code] } == unreachable)
        let sentBack = try answer(.other(IPProtocol(rawValue: 253), [1, 2, 3]), family)
        #expect(sentBack?.payload == .other(IPProtocol(rawValue: 253), [1, 2, 3]))
    }
}
