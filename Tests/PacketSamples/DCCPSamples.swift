import Packets
import TestSupport

extension PacketFormat {
    static let dccp = PacketFormat("dccp") { random in
        let payload = random.payload()
        let body = random.dccpBody()
        let mayBeShort = (2...4).contains(body.type)
        let isExtended = !mayBeShort || random.below(2) == 0
        let mask: UInt64 = isExtended ? 0xFFFF_FFFF_FFFF : 0xFF_FFFF
        let header = DCCPHeader(
            sourcePort: random.integer(), destinationPort: random.integer(), sequenceNumber: random.integer() & mask,
            isExtended ? body : body.shortened, options: random.dccpOptions(), hasExtendedSequenceNumbers: isExtended,
            congestionControlValue: random.integer() & 0x0F,
            checksumCoverage: UInt8(random.below(min(16, payload.count / 4 + 2))))
        return random.packet(.dccp(header, payload: payload))
    }
}

extension SplitMix64 {
    fileprivate mutating func dccpBody() -> DCCPHeader.Body {
        let number: UInt64 = integer() >> 16
        return switch below(10) {
        case 0: .request(serviceCode: integer())
        case 1: .response(acknowledgmentNumber: number, serviceCode: integer())
        case 2: .data
        case 3: .acknowledgment(acknowledgmentNumber: number)
        case 4: .dataAcknowledgment(acknowledgmentNumber: number)
        case 5: .closeRequest(acknowledgmentNumber: number)
        case 6: .close(acknowledgmentNumber: number)
        case 7:
            .reset(
                acknowledgmentNumber: number, DCCPResetCode(rawValue: UInt8(below(12))), data: integer() & 0xFF_FFFF)
        case 8: .synchronize(acknowledgmentNumber: number)
        default: .synchronizeAcknowledgment(acknowledgmentNumber: number)
        }
    }

    /// Whole words: padding, slow receivers, an elapsed time, and init cookies.
    fileprivate mutating func dccpOptions() -> [UInt8] {
        switch below(4) {
        case 0: [UInt8](repeating: 0, count: 4 * below(3))
        case 1: [2, 0, 0, 0]
        case 2: [43, 4] + bytes(2)
        default: [36, 12] + bytes(10)
        }
    }
}

extension DCCPHeader.Body {
    /// With an acknowledgment number of 24 bits.
    fileprivate var shortened: Self {
        switch self {
        case .acknowledgment(let number): .acknowledgment(acknowledgmentNumber: number & 0xFF_FFFF)
        case .dataAcknowledgment(let number): .dataAcknowledgment(acknowledgmentNumber: number & 0xFF_FFFF)
        default: self
        }
    }
}
