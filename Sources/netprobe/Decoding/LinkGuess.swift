import Packets

extension LinkType {
    /// What bytes begin with of which nobody said it: an IP header that fits them, or else an Ethernet header.
    static func guess(_ bytes: [UInt8]) -> LinkType? {
        let span = bytes.span.bytes
        if let header = try? IPv4Header(parsing: span), header.totalLength == nil || header.checksum == nil {
            return .ipv4
        }
        if let header = try? IPv6Header(parsing: span), header.payloadLength == nil { return .ipv6 }
        if bytes.count >= 14, [0x0800, 0x0806, 0x8100, 0x86DD, 0x88A8].contains(Int(bytes[12]) << 8 | Int(bytes[13])) {
            return .ethernet
        }
        // No header fits: cut short, or damaged. The version is what is left to go by.
        switch bytes.first.map({ $0 >> 4 }) {
        case 4: return .ipv4
        case 6: return .ipv6
        default: return bytes.count >= 14 ? .ethernet : nil
        }
    }
}
