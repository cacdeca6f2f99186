/// Which headers a packet has, and where: as far as its bytes go and can be understood.
struct PacketLayout {
    struct Header {
        let kind: WireLayer.Header
        let start: Int
        /// Bytes until what it carries begins.
        let length: Int
        var end: Int { start + length }
    }

    private(set) var headers: [Header] = []

    /// Deeper than any network nests them.
    private static let most = 32

    /// - Parameter bytes: from an IP header on.
    init(_ bytes: [UInt8]) {
        var next = Self.internet(at: 0, in: bytes)
        var start = 0
        while let kind = next, headers.count < Self.most, let length = Self.length(of: kind, at: start, in: bytes) {
            headers.append(Header(kind: kind, start: start, length: length))
            next = Self.next(after: kind, at: start, length, in: bytes)
            start += length
        }
    }

    private static func internet(at start: Int, in bytes: [UInt8]) -> WireLayer.Header? {
        guard start < bytes.count else { return nil }
        return switch bytes[start] >> 4 {
        case 4: .ipv4
        case 6: .ipv6
        default: nil
        }
    }

    /// `nil` where the bytes end before the header does.
    private static func length(of kind: WireLayer.Header, at start: Int, in bytes: [UInt8]) -> Int? {
        let available = bytes.count - start
        func byte(_ offset: Int) -> Int { Int(bytes[start + offset]) }
        let least = kind == .ipv6 ? 40 : kind == .ipv4 || kind == .tcp ? 20 : kind == .gre ? 4 : kind == .sctp ? 12 : 8
        guard available >= least else { return nil }
        let length: Int
        switch kind {
        case .ipv4: length = max(20, (byte(0) & 0x0F) * 4)
        case .tcp: length = max(20, (byte(12) >> 4) * 4)
        case .dccp: length = max(12, byte(4) * 4)
        case .hopByHop, .destinationOptions: length = (byte(1) + 1) * 8
        case .gre:
            let flags = byte(0)
            length = 4 + (flags & 0x80 != 0 ? 4 : 0) + (flags & 0x20 != 0 ? 4 : 0) + (flags & 0x10 != 0 ? 4 : 0)
        case .icmp:
            switch byte(0) {
            case 13, 14, 30: length = 20
            case 17, 18: length = 12
            default: length = 8
            }
        case .icmpv6: length = byte(0) == 137 ? 40 : 8
        case .ipv6, .fragment, .igmp, .udp, .udpLite, .sctp: length = least
        }
        return length <= available ? length : nil
    }

    private static func next(
        after kind: WireLayer.Header, at start: Int, _ length: Int, in bytes: [UInt8]
    ) -> WireLayer.Header? {
        let end = start + length
        func carried(_ offset: Int, _ fragmentOffset: Int) -> WireLayer.Header? {
            // What a later fragment begins with is no header.
            fragmentOffset == 0 ? WireLayer.Header(IPProtocol(rawValue: bytes[start + offset])) : nil
        }
        switch kind {
        case .ipv4: return carried(9, (Int(bytes[start + 6]) & 0x1F) << 8 | Int(bytes[start + 7]))
        case .ipv6: return carried(6, 0)
        case .hopByHop, .destinationOptions: return carried(0, 0)
        case .fragment: return carried(0, Int(bytes[start + 2]) << 5 | Int(bytes[start + 3]) >> 3)
        case .icmp: return [3, 4, 5, 11, 12].contains(bytes[start]) ? internet(at: end, in: bytes) : nil
        case .icmpv6: return [1, 2, 3, 4].contains(bytes[start]) ? internet(at: end, in: bytes) : nil
        case .gre:
            switch Int(bytes[start + 2]) << 8 | Int(bytes[start + 3]) {
            case 0x0800: return .ipv4
            case 0x86DD: return .ipv6
            default: return nil
            }
        case .igmp, .udp, .udpLite, .tcp, .sctp, .dccp: return nil
        }
    }
}
