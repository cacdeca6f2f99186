import Addresses
import Packets
import Probing

/// Every method, most with a port that nothing answers at.
let allTraceMethods: [TraceMethod] = [
    .icmp, .udp(port: 33434), .udpLite(port: 33434, coverage: nil), .udpLite(port: 33434, coverage: 16),
    .udpLite(port: 33434, coverage: 8), .tcp(port: 80, TCPProbe()), .sctp(port: 80),
    .dccp(port: 33434, serviceCode: 42),
    .ip(IPProtocol(rawValue: 253)),
]

extension IPFamily {
    /// What a translator makes of our address.
    var translated: IPAddress {
        switch self {
        case .v4: .v4(IPv4Address(rawValue: 0xCB00_7109))
        case .v6: .v6(IPv6Address(rawValue: 0x2001_0db8_0009 << 80 | 9))
        }
    }

    var headerLength: Int { self == .v4 ? 20 : 40 }
}

extension TraceProbeFormat {
    /// A format of the tests: from the stranger's address to the target's.
    static func probing(
        _ method: TraceMethod, _ family: IPFamily, key: UInt16 = 0x1D07, packetLength: Int? = nil,
        _ change: (inout TraceProbeFormat) -> Void = { _ in }
    ) -> TraceProbeFormat {
        var format = TraceProbeFormat(
            method, from: family.stranger, to: family.target, key: key, packetLength: packetLength)
        change(&format)
        return format
    }

    var family: IPFamily { destination.family }

    /// The whole packet of a probe.
    func written(_ probe: TraceProbe) -> [UInt8] {
        serialized(capacity: length(of: probe)) { write(probe, into: &$0) }
    }

    /// What it is that an ICMP message answers.
    func answer(toICMP message: [UInt8]) -> TraceAnswer? {
        answer(toICMP: message.span.bytes, from: family.router, hopLimit: 61)
    }

    func answer(inSegment segment: [UInt8], from source: IPAddress? = nil) -> TraceAnswer? {
        answer(inSegment: segment.span.bytes, from: source ?? destination, hopLimit: 60)
    }

    func answer(to error: ICMPError, quoting quote: [UInt8]) -> TraceAnswer? {
        answer(to: error, from: family.router, quoting: quote.span.bytes)
    }
}

/// The ICMP message of a router that drops a packet for its hop limit.
func timeExceeded(
    _ family: IPFamily, quoting packet: [UInt8], originalDatagramWords: UInt8? = nil, behind: [UInt8] = []
) -> [UInt8] {
    let payload = packet + behind
    return serialized(capacity: 8 + payload.count) {
        switch family {
        case .v4:
            ICMPv4Message(.timeExceeded(.inTransit, originalDatagramWords: originalDatagramWords))
                .serialize(into: &$0, payload: payload.span.bytes)
        case .v6:
            ICMPv6Message(.timeExceeded(.inTransit, originalDatagramWords: originalDatagramWords))
                .serialize(into: &$0, payload: payload.span.bytes)
        }
    }
}

/// What routers do to a packet.
extension [UInt8] {
    func word(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

    mutating func set(_ word: UInt16, at offset: Int) {
        self[offset] = UInt8(word >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: word)
    }

    /// Replaces a word that a checksum covers, and mends that, as a translator does (RFC 1624).
    mutating func translate(_ word: UInt16, at offset: Int, checksumAt checksum: Int?) {
        if let checksum {
            set(
                InternetChecksum.updating(self.word(at: checksum), replacing: self.word(at: offset), with: word),
                at: checksum)
        }
        set(word, at: offset)
    }

    /// Replaces the source address of a packet.
    mutating func translate(source: IPAddress, checksumAt checksum: Int?) {
        let bytes: [UInt8]
        let offset: Int
        switch source {
        case .v4(let address): (bytes, offset) = (words(UInt128(address.rawValue), 4), 12)
        case .v6(let address): (bytes, offset) = (words(address.rawValue, 16), 8)
        }
        for index in stride(from: 0, to: bytes.count, by: 2) {
            translate(bytes.word(at: index), at: offset + index, checksumAt: checksum)
        }
    }

    private func words(_ value: UInt128, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt128(8 * (count - 1 - $0))) }
    }
}
