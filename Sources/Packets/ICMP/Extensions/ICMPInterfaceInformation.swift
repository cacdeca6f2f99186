import Addresses

/// What a router tells of an interface that the quoted packet had to do with (RFC 5837 section 4).
public struct ICMPInterfaceInformation: Hashable, Sendable {
    /// What the interface has to do with the packet; the numbers are those of the two bits.
    public enum Role: UInt8, Hashable, Sendable {
        /// The packet came in by it.
        case incoming = 0
        /// It is the part below IP of the interface by which the packet came in.
        case incomingBelowIP = 1
        /// The packet would have gone out by it.
        case outgoing = 2
        /// Where the packet would have gone next.
        case nextHop = 3
    }

    /// What the interface has to do with the packet.
    public var role: Role
    /// The interface's index (RFC 2863).
    public var index: UInt32?
    /// An address of the interface, or of the next hop.
    public var address: IPAddress?
    /// The interface's name (RFC 2863), 63 bytes of UTF-8 at most; more are dropped.
    public var name: String?
    /// The longest packet that the interface takes, in bytes.
    public var mtu: UInt32?

    /// What is told, and of which interface.
    public init(
        role: Role, index: UInt32? = nil, address: IPAddress? = nil, name: String? = nil, mtu: UInt32? = nil
    ) {
        self.role = role
        self.index = index
        self.address = address
        self.name = name
        self.mtu = mtu
    }
}

extension ICMPInterfaceInformation {
    private static let hasIndex: UInt8 = 1 << 3
    private static let hasAddress: UInt8 = 1 << 2
    private static let hasName: UInt8 = 1 << 1
    private static let hasMTU: UInt8 = 1 << 0

    /// The object's type: the role, and what is there.
    var type: UInt8 {
        role.rawValue << 6 | (index == nil ? 0 : Self.hasIndex) | (address == nil ? 0 : Self.hasAddress)
            | (name == nil ? 0 : Self.hasName) | (mtu == nil ? 0 : Self.hasMTU)
    }

    /// Bytes of the object's data.
    var length: Int {
        (index == nil ? 0 : 4) + (address.map { 4 + $0.byteCount } ?? 0)
            + (name.map { Self.paddedLength(of: Self.bytes(of: $0)) } ?? 0) + (mtu == nil ? 0 : 4)
    }

    /// `nil` unless what the type says fills the data.
    init?(parsing data: RawSpan, type: UInt8) {
        guard type & 0b0011_0000 == 0, let role = Role(rawValue: type >> 6) else { return nil }
        self.init(role: role)
        var offset = 0
        func has(_ bit: UInt8, _ length: Int) -> Bool { type & bit != 0 && data.byteCount - offset >= length }
        if has(Self.hasIndex, 4) {
            index = data.uint32(at: offset)
            offset += 4
        }
        if has(Self.hasAddress, 8) {
            guard let address = IPAddress(numberedFamilyAt: offset, in: data) else { return nil }
            self.address = address
            offset += 4 + address.byteCount
        }
        if has(Self.hasName, 4) {
            guard let name = Self.name(at: offset, in: data) else { return nil }
            self.name = name
            offset += Int(data.uint8(at: offset))
        }
        if has(Self.hasMTU, 4) {
            mtu = data.uint32(at: offset)
            offset += 4
        }
        guard offset == data.byteCount, self.type == type else { return nil }
    }

    func serialize(into output: inout OutputRawSpan) {
        if let index { output.append(bigEndian: index) }
        if let address { address.serializeWithFamily(into: &output) }
        if let name {
            let bytes = Self.bytes(of: name)
            let length = Self.paddedLength(of: bytes)
            output.append(UInt8(length))
            output.append(contentsOf: bytes.span.bytes)
            output.append(repeating: 0, count: length - 1 - bytes.count, as: UInt8.self)
        }
        if let mtu { output.append(bigEndian: mtu) }
    }

    private static func bytes(of name: String) -> [UInt8] { Array(name.utf8.prefix(63)) }

    /// The length byte, the name, and zeros until they fill 32-bit words.
    private static func paddedLength(of name: [UInt8]) -> Int { (1 + name.count + 3) / 4 * 4 }

    /// `nil` unless it is UTF-8, and padded as it should be.
    private static func name(at offset: Int, in data: RawSpan) -> String? {
        let length = Int(data.uint8(at: offset))
        guard length >= 4, length <= 64, length <= data.byteCount - offset else { return nil }
        let padded = data.extracting(offset + 1..<offset + length).array
        let name = padded.prefix { $0 != 0 }
        guard padded.allSatisfy({ $0 == 0 }) || !name.isEmpty, padded.dropFirst(name.count).allSatisfy({ $0 == 0 }),
            paddedLength(of: Array(name)) == length
        else { return nil }
        return String(validating: name, as: UTF8.self)
    }

    /// What the bits of the object's type say.
    func typeFields(at offset: Int) -> [Field] {
        let byte = offset..<offset + 1
        return [
            .number("Interface role", role.rawValue, byte, meaning: role.description),
            .number("Reserved", type >> 4 & 3, byte),
            .flag("ifIndex", index != nil, byte),
            .flag("IPAddr", address != nil, byte),
            .flag("name", name != nil, byte),
            .flag("MTU", mtu != nil, byte),
        ]
    }

    func fields(at offset: Int) -> [Field] {
        var fields: [Field] = []
        var start = offset
        func add(_ length: Int, _ field: (Range<Int>) -> Field) {
            fields.append(field(start..<start + length))
            start += length
        }
        if let index { add(4) { .number("ifIndex", index, $0) } }
        if let address {
            let (family, name) = address.byteCount == 4 ? (1, "IPv4") : (2, "IPv6")
            add(2) { .number("AFI", family, $0, meaning: name) }
            add(2) { .number("Reserved", 0, $0) }
            add(address.byteCount) { .text("IP address", address, $0) }
        }
        if let name {
            let length = Self.paddedLength(of: Self.bytes(of: name))
            add(1) { .number("Name length", length, $0) }
            add(length - 1) { .text("Interface name", name, $0) }
        }
        if let mtu { add(4) { .number("MTU", mtu, $0) } }
        return fields
    }
}

extension ICMPInterfaceInformation.Role: CustomStringConvertible {
    /// The role in words.
    public var description: String {
        switch self {
        case .incoming: "incoming IP interface"
        case .incomingBelowIP: "sub-IP component of the incoming interface"
        case .outgoing: "outgoing IP interface"
        case .nextHop: "IP next hop"
        }
    }
}

/// Addresses behind the number of their family, as IANA's list of address families has it.
extension IPAddress {
    /// Bytes of the address alone.
    var byteCount: Int {
        switch self {
        case .v4: 4
        case .v6: 16
        }
    }

    /// Family, two reserved bytes, address (RFC 5837 section 4.2).
    init?(numberedFamilyAt offset: Int, in bytes: RawSpan) {
        let rest = bytes.byteCount - offset
        switch bytes.uint32(at: offset) {
        case 1 << 16 where rest >= 8: self = .v4(bytes.ipv4Address(at: offset + 4))
        case 2 << 16 where rest >= 20: self = .v6(bytes.ipv6Address(at: offset + 4))
        default: return nil
        }
    }

    func serializeWithFamily(into output: inout OutputRawSpan) {
        switch self {
        case .v4(let address):
            output.append(bigEndian: 1 << 16 as UInt32)
            output.append(address)
        case .v6(let address):
            output.append(bigEndian: 2 << 16 as UInt32)
            output.append(address)
        }
    }
}
