extension ARPPacket {
    /// What the packet says in one line, as tcpdump prints it.
    ///
    /// - Parameters:
    ///   - length: bytes of the packet and of what fills its frame up.
    func summary(length: Int) -> String {
        let unusual =
            protocolType != .ipv4 || protocolLength != 4 || hardwareLength == 0
            ? "\(hardwareName) (len \(hardwareLength)), \(protocolType) (len \(protocolLength)), " : ""
        return "ARP, \(unusual)\(operationSummary), length \(length)"
    }

    private var operationSummary: String {
        let asked = target.hardwareAddress.allSatisfy { $0 == 0 } ? "" : " (\(target.hardwareText))"
        return switch operation {
        case .request: "Request who-has \(target.protocolText)\(asked) tell \(sender.protocolText)"
        case .reply: "Reply \(sender.protocolText) is-at \(sender.hardwareText)"
        case .reverseRequest: "Reverse Request who-is \(target.hardwareText) tell \(sender.hardwareText)"
        case .reverseReply: "Reverse Reply \(target.hardwareText) at \(target.protocolText)"
        case .inverseRequest: "Inverse Request who-is \(target.hardwareText) tell \(sender.hardwareText)"
        case .inverseReply: "Inverse Reply \(sender.hardwareText) at \(sender.protocolText)"
        default: "Unknown (\(operation.rawValue))"
        }
    }

    private var hardwareName: String { hardwareType == 1 ? "Ethernet" : "Unknown Hardware (\(hardwareType))" }

    /// The packet's fields with their places.
    var fields: [Field] {
        let targetOffset = 8 + hardwareLength + protocolLength
        return [
            .number("Hardware type", hardwareType, 0..<2, meaning: hardwareType == 1 ? "Ethernet" : nil),
            .hexadecimal("Protocol type", protocolType.rawValue, 2..<4, meaning: protocolType.description),
            .number("Hardware address length", hardwareLength, 4..<5),
            .number("Protocol address length", protocolLength, 5..<6),
            .number("Operation", operation.rawValue, 6..<8, meaning: operation.name),
        ] + sender.fields("Sender", at: 8) + target.fields("Target", at: targetOffset)
    }
}

extension ARPPacket.Operation {
    fileprivate var name: String? {
        switch self {
        case .request: "request"
        case .reply: "reply"
        case .reverseRequest: "reverse request"
        case .reverseReply: "reverse reply"
        case .inverseRequest: "inverse request"
        case .inverseReply: "inverse reply"
        default: nil
        }
    }
}

extension ARPPacket.Host {
    fileprivate var hardwareText: String { macAddress?.description ?? hexadecimalText(hardwareAddress) }
    fileprivate var protocolText: String { ipv4Address?.description ?? hexadecimalText(protocolAddress) }

    fileprivate func fields(_ whose: String, at offset: Int) -> [Field] {
        let middle = offset + hardwareAddress.count
        return [
            .text("\(whose) hardware address", hardwareText, offset..<middle),
            .text("\(whose) protocol address", protocolText, middle..<middle + protocolAddress.count),
        ]
    }

    /// Pairs of digits with colons between them, as tcpdump writes addresses that it doesn't know.
    private func hexadecimalText(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined(separator: ":")
    }
}
