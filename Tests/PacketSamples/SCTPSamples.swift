import Packets
import TestSupport

extension PacketFormat {
    static let sctp = PacketFormat("sctp") { random in
        // scapy reads no further than the first chunk that it doesn't know: such a one is the last.
        let chunks = (0..<random.below(4)).map { _ in random.sctpChunk() }
        let unknown = SCTPChunk(.unknown(type: 0xE0 + UInt8(random.below(16)), value: random.payload(upTo: 20)))
        let packet = SCTPPacket(
            sourcePort: random.integer(), destinationPort: random.integer(), verificationTag: random.integer(),
            chunks: random.below(4) == 0 ? chunks + [unknown] : chunks)
        return random.packet(.sctp(packet))
    }
}

extension SplitMix64 {
    fileprivate mutating func sctpChunk() -> SCTPChunk {
        switch below(13) {
        case 0:
            SCTPChunk(
                .data(
                    transmissionSequenceNumber: integer(), streamIdentifier: integer(), streamSequenceNumber: integer(),
                    payloadProtocolIdentifier: integer(), userData: bytes(1 + below(40))),
                flags: SCTPChunk.Flags(rawValue: integer() & 0x0F))
        case 1: SCTPChunk(.initiation(sctpInitiation()))
        case 2: SCTPChunk(.initiationAcknowledgment(sctpInitiation()))
        case 3: SCTPChunk(.selectiveAcknowledgment(sctpAcknowledgment()))
        case 4: SCTPChunk(.heartbeat([.heartbeatInformation(bytes(4 * below(6)))]))
        case 5: SCTPChunk(.heartbeatAcknowledgment([.heartbeatInformation(bytes(4 * below(6)))]))
        case 6: SCTPChunk(.abort(errorCauses: sctpCauses()), flags: below(2) == 0 ? [] : .reflectedTag)
        case 7: SCTPChunk(.shutdown(cumulativeTSNAck: integer()))
        case 8: SCTPChunk(.shutdownAcknowledgment)
        case 9: SCTPChunk(.error(errorCauses: [0, 3, 0, 8] + bytes(4)))
        case 10: SCTPChunk(.cookieEcho(bytes(1 + below(30))))
        case 11: SCTPChunk(.cookieAcknowledgment)
        default: SCTPChunk(.shutdownComplete, flags: below(2) == 0 ? [] : .reflectedTag)
        }
    }

    /// Gaps and blocks in turn, as they come when packets are lost.
    private mutating func sctpAcknowledgment() -> SCTPSelectiveAcknowledgment {
        var blocks: [SCTPSelectiveAcknowledgment.GapBlock] = []
        var last: UInt16 = 0
        for _ in 0..<below(4) {
            let start = last + 2 + UInt16(below(20_000))
            last = start + UInt16(below(20))
            blocks.append(.init(start: start, end: last))
        }
        return SCTPSelectiveAcknowledgment(
            cumulativeTSNAck: integer(), advertisedReceiverWindowCredit: integer(), gapBlocks: blocks,
            duplicateTSNs: (0..<below(4)).map { _ in integer() })
    }

    /// None, or that the user wanted it.
    private mutating func sctpCauses() -> [UInt8] {
        let reason = bytes(4 * below(4))
        return below(2) == 0 ? [] : [0, 12, 0, UInt8(4 + reason.count)] + reason
    }

    /// To scapy the padding of the last parameter, unlike all the others', is a chunk: here it has none.
    private mutating func sctpInitiation() -> SCTPInitiation {
        let parameters = (0..<below(5)).map { _ in sctpParameter() }
        return SCTPInitiation(
            initiateTag: integer(), advertisedReceiverWindowCredit: integer(), outboundStreams: integer(),
            inboundStreams: integer(), initialTSN: integer(),
            parameters: parameters.isEmpty ? [] : parameters + [.ecnCapable])
    }

    private mutating func sctpParameter() -> SCTPParameter {
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
