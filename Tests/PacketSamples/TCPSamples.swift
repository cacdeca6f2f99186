import Packets
import TestSupport

extension PacketFormat {
    static let tcp = PacketFormat("tcp") { random in
        let header = TCPHeader(
            sourcePort: random.integer(), destinationPort: random.integer(), sequenceNumber: random.integer(),
            acknowledgmentNumber: random.integer(), flags: TCPHeader.Flags(rawValue: random.integer() & 0x1FF),
            window: random.integer(), urgentPointer: random.integer(), options: random.tcpOptions())
        return random.packet(.tcp(header, payload: random.payload()))
    }
}

extension SplitMix64 {
    /// As many options as there is room for, or fewer.
    fileprivate mutating func tcpOptions() -> [TCPOption] {
        var room = below(2) == 0 ? 40 : below(41)
        var options: [TCPOption] = []
        while room > 0 {
            let option = tcpOption()
            guard option.length <= room else { break }
            options.append(option)
            room -= option.length
        }
        return options
    }

    private mutating func tcpOption() -> TCPOption {
        switch below(12) {
        case 0: .noOperation
        case 1: .maximumSegmentSize(integer())
        case 2: .windowScale(UInt8(below(15)))
        case 3: .selectiveAcknowledgmentPermitted
        case 4:
            .selectiveAcknowledgments((0...below(4)).map { _ in .init(leftEdge: integer(), rightEdge: integer()) })
        case 5: .timestamps(value: integer(), echoReply: integer())
        case 6: .userTimeout(integer() & 0x7FFF, isInMinutes: below(2) == 0)
        case 7: .md5Signature(bytes(16))
        case 8: .authentication(keyID: integer(), receiveNextKeyID: integer(), code: bytes(4 * below(5)))
        case 9: .fastOpenCookie(below(2) == 0 ? [] : bytes(4 + 2 * below(7)))
        case 10: .fastOpenCookie(below(2) == 0 ? [] : bytes(4 + 2 * below(7)), isExperimental: true)
        default: .unknown(kind: UInt8(200 + below(50)), data: bytes(below(8)))
        }
    }
}
