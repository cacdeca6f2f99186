import Addresses
import Packets

extension Node {
    /// What a host says to a packet that has reached it; `nil` for nothing.
    func reply(to packet: TravellingPacket) -> Answer.Content? {
        guard let payload = packet.payload else { return nil }
        let isOpen = answering.open.contains { $0.matches(packet) }
        if let reply = payload.reply(isOpen: isOpen) { return .payload(reply) }
        switch payload {
        case .udp, .udpLite: return error(.unreachable(.port), about: packet)
        case .icmp, .icmpv6, .tcp, .sctp, .dccp: return nil
        default: return error(.unreachable(.protocol), about: packet)
        }
    }

    func error(_ reason: ErrorReason, about packet: TravellingPacket) -> Answer.Content {
        .error(reason, quote: answering.quote(of: packet), answering)
    }
}

extension IPPayload {
    /// What a host's own protocols answer; `nil` where it is no concern of theirs.
    fileprivate func reply(isOpen: Bool) -> IPPayload? {
        switch self {
        case .icmp(let message, let payload, _):
            guard case .echoRequest(let echo) = message.body else { return nil }
            return .icmp(ICMPv4Message(.echoReply(echo)), payload: payload)
        case .icmpv6(let message, let payload, _):
            guard case .echoRequest(let echo) = message.body else { return nil }
            return .icmpv6(ICMPv6Message(.echoReply(echo)), payload: payload)
        case .udp(let header, let payload) where isOpen:
            let back = UDPHeader(sourcePort: header.destinationPort, destinationPort: header.sourcePort)
            return .udp(back, payload: payload)
        case .udpLite(let header, let payload) where isOpen:
            let back = UDPLiteHeader(sourcePort: header.destinationPort, destinationPort: header.sourcePort)
            return .udpLite(back, payload: payload)
        case .tcp(let header, let payload): return .tcp(header.reply(isOpen: isOpen, payloadLength: payload.count))
        case .sctp(let packet): return packet.reply(isOpen: isOpen).map { .sctp($0) }
        case .dccp(let header, _): return .dccp(header.reply(isOpen: isOpen))
        case .other(let number, let bytes) where isOpen: return .other(number, bytes)
        default: return nil
        }
    }
}

extension TCPHeader {
    /// RFC 9293 sections 3.10.7.1 and 3.10.7.2.
    fileprivate func reply(isOpen: Bool, payloadLength: Int) -> TCPHeader {
        let taken = UInt32(payloadLength) + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
        let isAcknowledgment = flags.contains(.ack)
        let accepts = isOpen && flags.contains(.syn) && !isAcknowledgment
        return TCPHeader(
            sourcePort: destinationPort, destinationPort: sourcePort,
            sequenceNumber: accepts ? 0x5EED_0000 : isAcknowledgment ? acknowledgmentNumber : 0,
            acknowledgmentNumber: isAcknowledgment ? 0 : sequenceNumber &+ (accepts ? 1 : taken),
            flags: accepts ? [.syn, .ack] : isAcknowledgment ? .rst : [.rst, .ack])
    }
}

extension SCTPPacket {
    /// RFC 9260 sections 5.1 and 8.4.
    fileprivate func reply(isOpen: Bool) -> SCTPPacket? {
        guard case .initiation(let initiation)? = chunks.first?.body else { return nil }
        let acknowledgment = SCTPInitiation(
            initiateTag: 0x5EED_0001, initialTSN: 0x5EED_0001,
            parameters: [.stateCookie([UInt8](repeating: 0xC0, count: 32))])
        return SCTPPacket(
            sourcePort: destinationPort, destinationPort: sourcePort, verificationTag: initiation.initiateTag,
            chunks: [SCTPChunk(isOpen ? .initiationAcknowledgment(acknowledgment) : .abort(errorCauses: []))])
    }
}

extension DCCPHeader {
    /// RFC 4340 sections 8.1.3 and 8.3.1.
    fileprivate func reply(isOpen: Bool) -> DCCPHeader {
        let body: Body
        if isOpen, case .request(let serviceCode) = self.body {
            body = .response(acknowledgmentNumber: sequenceNumber, serviceCode: serviceCode)
        } else {
            body = .reset(acknowledgmentNumber: sequenceNumber, isOpen ? .packetError : .connectionRefused)
        }
        return DCCPHeader(
            sourcePort: destinationPort, destinationPort: sourcePort, sequenceNumber: 0x5EED_0000, body)
    }
}
