extension ParseError.Layer {
    /// The link header that Linux makes up.
    public static var linuxCooked: Self { Self(rawValue: "Linux cooked") }
}

/// A packet as `tcpdump -i any` records it: Linux leaves out the header of whatever link it came by, and puts one of its
/// own there (LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2 of the registry, `packet(7)`).
public struct LinuxCookedPacket: Hashable, Sendable {
    /// Which of the two headers it is.
    public enum Version: Hashable, Sendable {
        /// 16 bytes.
        case v1
        /// 20 bytes: the number of the interface, too.
        case v2(interfaceIndex: UInt32)
    }

    /// Which way the packet went.
    public struct Direction: RawRepresentable, Hashable, Sendable {
        /// The number as in the header.
        public let rawValue: UInt16

        /// Takes any number; the second version of the header has room for 8 bits.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// To this host.
        public static let incoming = Self(rawValue: 0)
        /// To everyone on the link.
        public static let broadcast = Self(rawValue: 1)
        /// To a group.
        public static let multicast = Self(rawValue: 2)
        /// From another host to another host.
        public static let otherHost = Self(rawValue: 3)
        /// From this host.
        public static let outgoing = Self(rawValue: 4)
    }

    /// Which of the two headers it is.
    public var version: Version
    /// Which way the packet went.
    public var direction: Direction
    /// The link's kind, as ARP numbers them: 1 Ethernet, 772 loopback.
    public var hardwareType: UInt16
    /// Bytes that the sender's address has on that link; `nil` for what ``sender`` has.
    public var senderLength: UInt16?
    /// The first eight bytes of the sender's address on the link, if it has so many; more are dropped.
    public var sender: [UInt8]
    /// What the payload is; `nil` for what it is.
    public var etherType: EtherType?
    /// What the packet carries.
    public var payload: LinkPayload
    /// What follows the payload: the zeros that fill a short frame up.
    public var trailer: [UInt8]

    /// Puts a packet together, as Linux does when it captures one.
    public init(
        version: Version = .v2(interfaceIndex: 0), direction: Direction = .incoming, hardwareType: UInt16 = 1,
        sender: [UInt8], senderLength: UInt16? = nil, etherType: EtherType? = nil, payload: LinkPayload,
        trailer: [UInt8] = []
    ) {
        self.version = version
        self.direction = direction
        self.hardwareType = hardwareType
        self.sender = sender
        self.senderLength = senderLength
        self.etherType = etherType
        self.payload = payload
        self.trailer = trailer
    }

    /// Bytes from the start of the packet to its payload.
    public var headerLength: Int { version == .v1 ? 16 : 20 }

    /// Bytes of header, payload and trailer.
    public var length: Int { headerLength + payload.length + trailer.count }
}

extension LinuxCookedPacket {
    private static let addressLength = 8

    /// - Parameter linkType: ``LinkType/linuxCooked`` or ``LinkType/linuxCooked2``.
    init(parsing bytes: RawSpan, linkType: LinkType, in context: ParsingContext) throws(ParseError) {
        let isFirst = linkType == .linuxCooked
        try bytes.require(isFirst ? 16 : 20, of: .linuxCooked)
        let length: UInt16
        let type: EtherType
        if isFirst {
            version = .v1
            direction = Direction(rawValue: bytes.uint16(at: 0))
            hardwareType = bytes.uint16(at: 2)
            length = bytes.uint16(at: 4)
            type = EtherType(rawValue: bytes.uint16(at: 14))
        } else {
            version = .v2(interfaceIndex: bytes.uint32(at: 4))
            direction = Direction(rawValue: UInt16(bytes.uint8(at: 10)))
            hardwareType = bytes.uint16(at: 8)
            length = UInt16(bytes.uint8(at: 11))
            type = EtherType(rawValue: bytes.uint16(at: 0))
        }
        let present = min(Int(length), Self.addressLength)
        let addressOffset = isFirst ? 6 : 12
        sender = bytes.extracting(addressOffset..<addressOffset + present).array
        senderLength = Int(length) == present ? nil : length
        etherType = nil
        let offset = isFirst ? 16 : 20
        let rest = bytes.extracting(droppingFirst: offset)
        payload =
            type.isLength
            ? .other(type, rest.array) : LinkPayload(parsing: rest, etherType: type, in: context.moved(by: offset))
        trailer = rest.extracting(droppingFirst: min(payload.length, rest.byteCount)).array
    }

    /// Appends the packet, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        let type = (etherType ?? payload.etherType).rawValue
        let address = Array((sender + [UInt8](repeating: 0, count: Self.addressLength)).prefix(Self.addressLength))
        let length = senderLength ?? UInt16(min(sender.count, Self.addressLength))
        switch version {
        case .v1:
            output.append(bigEndian: row(direction.rawValue, hardwareType))
            output.append(bigEndian: length)
            output.append(contentsOf: address.span.bytes)
            output.append(bigEndian: type)
        case .v2(let index):
            output.append(bigEndian: row(type, 0))
            output.append(bigEndian: index)
            output.append(bigEndian: hardwareType)
            output.append(UInt8(truncatingIfNeeded: direction.rawValue))
            output.append(UInt8(clamping: length))
            output.append(contentsOf: address.span.bytes)
        }
        payload.serialize(into: &output)
        output.append(contentsOf: trailer.span.bytes)
    }
}
