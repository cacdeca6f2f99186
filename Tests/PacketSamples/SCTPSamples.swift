import Packets
import TestSupport

extension PacketFormat {
    static let sctp = PacketFormat("sctp") { random in
        let packet = SCTPPacket(
            sourcePort: random.integer(), destinationPort: random.integer(), verificationTag: random.integer(),
            chunks: (0..<random.below(4)).map { _ in random.sctpChunk() })
        return random.packet(.sctp(packet))
    }
}

extension SplitMix64 {
    fileprivate mutating func sctpChunk() -> SCTPChunk {
        switch below(14) {
        case 0:
            SCTPChunk(
                .data(
                    transmissionSequenceNumber: integer(), streamIdentifier: integer(), streamSequenceNumber: integer(),
                    payloadProtocolIdentifier: integer(), userData: bytes(1 + below(40))),
                flags: SCTPChunk.Flags(rawValue: integer() & 0x0F))
        case 1: SCTPChunk(.initiation(sctpInitiation()))
        case 2: SCTPChunk(.initiationAcknowledgment(sctpInitiation()))
        case 3:
            SCTPChunk(
                .selectiveAcknowledgment(
                    SCTPSelectiveAcknowledgment(
                        cumulativeTSNAck: integer(), advertisedReceiverWindowCredit: integer(),
                        gapBlocks: (0..<below(4)).map { _ in .init(start: integer(), end: integer()) },
                        duplicateTSNs: (0..<below(4)).map { _ in integer() })))
        case 4: SCTPChunk(.heartbeat([.heartbeatInformation(payload(upTo: 20))]))
        case 5: SCTPChunk(.heartbeatAcknowledgment([.heartbeatInformation(payload(upTo: 20))]))
        case 6: SCTPChunk(.abort(errorCauses: sctpCauses()), flags: below(2) == 0 ? [] : .reflectedTag)
        case 7: SCTPChunk(.shutdown(cumulativeTSNAck: integer()))
        case 8: SCTPChunk(.shutdownAcknowledgment)
        case 9: SCTPChunk(.error(errorCauses: [0, 3, 0, 8] + bytes(4)))
        case 10: SCTPChunk(.cookieEcho(payload(upTo: 30)))
        case 11: SCTPChunk(.cookieAcknowledgment)
        case 12: SCTPChunk(.shutdownComplete, flags: below(2) == 0 ? [] : .reflectedTag)
        default: SCTPChunk(.unknown(type: 0xE0 + UInt8(below(16)), value: payload(upTo: 20)))
        }
    }

    /// None, or that the user wanted it.
    fileprivate mutating func sctpCauses() -> [UInt8] {
        let reason = bytes(4 * below(4))
        return below(2) == 0 ? [] : [0, 12, 0, UInt8(4 + reason.count)] + reason
    }

    fileprivate mutating func sctpInitiation() -> SCTPInitiation {
        SCTPInitiation(
            initiateTag: integer(), advertisedReceiverWindowCredit: integer(), outboundStreams: integer(),
            inboundStreams: integer(), initialTSN: integer(), parameters: (0..<below(5)).map { _ in sctpParameter() })
    }

    fileprivate mutating func sctpParameter() -> SCTPParameter {
        switch below(8) {
        case 0: .ipv4Address(ipv4Address())
        case 1: .ipv6Address(ipv6Address())
        case 2: .stateCookie(bytes(1 + below(40)))
        case 3: .cookiePreservative(integer())
        case 4: .supportedAddressTypes((0...below(2)).map { _ in below(2) == 0 ? 5 : 6 })
        case 5: .ecnCapable
        case 6: .forwardTSNSupported
        default: .unknown(type: 0xC100 + UInt16(below(100)), value: payload(upTo: 12))
        }
    }
}
