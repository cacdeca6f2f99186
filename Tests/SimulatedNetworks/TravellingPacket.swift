import Addresses
import Packets

/// A whole IP packet on its way: what routers look at in it, and change.
struct TravellingPacket: Sendable {
    private(set) var bytes: [UInt8]
    /// What is in it that matters on the way.
    private var fields: QuotedPacket

    /// A packet that leaves the prober; `nil` if it is not what its own headers say.
    init?(sent bytes: [UInt8]) {
        let error: ParseError?
        do throws(ParseError) {
            switch bytes.first.map({ $0 >> 4 }) {
            case 4: error = try IPv4Packet(parsing: bytes.span.bytes).error
            case 6: error = try IPv6Packet(parsing: bytes.span.bytes).error
            default: return nil
            }
        } catch { return nil }
        guard error == nil, let fields = try? QuotedPacket(parsing: bytes.span.bytes) else { return nil }
        guard fields.totalLength == bytes.count else { return nil }
        if bytes[0] >> 4 == 4 {
            guard InternetChecksum.of(bytes.span.bytes.extracting(..<Self.headerLength(bytes))) == 0 else { return nil }
        }
        (self.bytes, self.fields) = (bytes, fields)
    }

    var family: IPFamily { fields.source.family }
    var source: IPAddress { fields.source }
    var destination: IPAddress { fields.destination }
    var protocolNumber: IPProtocol { fields.protocolNumber }
    var ports: (source: UInt16, destination: UInt16)? { fields.ports }
    /// Bytes in front of the transport header.
    var transportOffset: Int { fields.transportOffset }
    /// Whether routers must drop it rather than cut it.
    var isIndivisible: Bool { family == .v6 || bytes[6] & 0x40 != 0 }

    /// Reads and writes the TTL or hop limit.
    var hopLimit: UInt8 {
        get { fields.timeToLive }
        set { change { $0.setHopLimit(newValue) } }
    }

    /// Writes the type of service or traffic class.
    mutating func mark(_ services: UInt8) { change { $0.setServices(services) } }

    /// What balancers by flows look at.
    var flow: [UInt8] {
        let label = family == .v6 ? [bytes[1] & 0x0F, bytes[2], bytes[3]] : []
        let head = bytes[transportOffset..<min(transportOffset + 4, bytes.count)]
        return endpoints + [protocolNumber.rawValue] + label + head
    }

    /// What balancers by destinations look at.
    var endpoints: [UInt8] { source.bytes + destination.bytes }

    /// What it carries.
    var payload: IPPayload? {
        switch family {
        case .v4: (try? IPv4Packet(parsing: bytes.span.bytes))?.payload
        case .v6: (try? IPv6Packet(parsing: bytes.span.bytes))?.payload
        }
    }

    /// The same with other ends, another identification (IPv4), and another payload, all checksums right.
    func with(
        source: IPAddress? = nil, destination: IPAddress? = nil, identification: UInt16? = nil, _ payload: IPPayload
    ) -> Self {
        var packet = self
        if var new = try? IPv4Packet(parsing: bytes.span.bytes) {
            if case .v4(let address)? = source { new.header.source = address }
            if case .v4(let address)? = destination { new.header.destination = address }
            if let identification { new.header.identification = identification }
            new.payload = payload
            packet.bytes = serialized { new.serialize(into: &$0) }
        } else if var new = try? IPv6Packet(parsing: bytes.span.bytes) {
            if case .v6(let address)? = source { new.header.source = address }
            if case .v6(let address)? = destination { new.header.destination = address }
            new.payload = payload
            packet.bytes = serialized { new.serialize(into: &$0) }
        }
        packet.read()
        return packet
    }

    private mutating func change(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
        read()
    }

    private mutating func read() {
        if let fields = try? QuotedPacket(parsing: bytes.span.bytes) { self.fields = fields }
    }

    fileprivate static func headerLength(_ bytes: [UInt8]) -> Int {
        min(max(IPv4Header.minimumLength, Int(bytes[0] & 0x0F) * 4), bytes.count)
    }
}

/// A whole packet or the beginning of one, at least its fixed IP header.
extension [UInt8] {
    mutating func setHopLimit(_ hopLimit: UInt8) {
        guard self[0] >> 4 == 4 else { return self[7] = hopLimit }
        self[8] = hopLimit
        mendHeaderChecksum()
    }

    mutating func setServices(_ services: UInt8) {
        guard self[0] >> 4 == 4 else {
            self[0] = 0x60 | services >> 4
            self[1] = services << 4 | self[1] & 0x0F
            return
        }
        self[1] = services
        mendHeaderChecksum()
    }

    mutating func mendHeaderChecksum() {
        guard self[0] >> 4 == 4 else { return }
        (self[10], self[11]) = (0, 0)
        let sum = InternetChecksum.of(span.bytes.extracting(..<TravellingPacket.headerLength(self)))
        (self[10], self[11]) = (UInt8(sum >> 8), UInt8(truncatingIfNeeded: sum))
    }
}
