import Addresses

extension ParseError.Layer {
    /// Address Resolution Protocol.
    public static var arp: Self { Self(rawValue: "ARP") }
}

/// An ARP packet (RFC 826), of any hardware and any protocol: who has an address, and where.
public struct ARPPacket: Hashable, Sendable {
    /// What a packet asks or says; the numbers are those of the operation field.
    public struct Operation: RawRepresentable, Hashable, Sendable {
        /// The number that IANA assigned.
        public let rawValue: UInt16

        /// Takes any number, assigned or not.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// Who has the target's protocol address?
        public static let request = Self(rawValue: 1)
        /// The sender has its protocol address.
        public static let reply = Self(rawValue: 2)
        /// Which protocol address has the target's hardware (RFC 903)?
        public static let reverseRequest = Self(rawValue: 3)
        /// The target's hardware has this protocol address (RFC 903).
        public static let reverseReply = Self(rawValue: 4)
        /// Which protocol address has the target's circuit (RFC 2390)?
        public static let inverseRequest = Self(rawValue: 8)
        /// The sender's circuit has this protocol address (RFC 2390).
        public static let inverseReply = Self(rawValue: 9)
    }

    /// Two addresses of one host, in network byte order.
    public struct Host: Hashable, Sendable {
        /// Where it is on the link.
        public var hardwareAddress: [UInt8]
        /// Where it is on the network.
        public var protocolAddress: [UInt8]

        /// Takes addresses of any kind.
        public init(hardwareAddress: [UInt8], protocolAddress: [UInt8]) {
            self.hardwareAddress = hardwareAddress
            self.protocolAddress = protocolAddress
        }

        /// A host of IPv4 on Ethernet.
        public init(_ hardware: MACAddress, _ address: IPv4Address) {
            hardwareAddress = serialized(capacity: 6) { $0.append(hardware) }
            protocolAddress = serialized(capacity: 4) { $0.append(address) }
        }

        /// The hardware's address if it is Ethernet's.
        public var macAddress: MACAddress? {
            hardwareAddress.count == 6 ? hardwareAddress.span.bytes.macAddress(at: 0) : nil
        }

        /// The host's address if it is of IPv4.
        public var ipv4Address: IPv4Address? {
            protocolAddress.count == 4 ? protocolAddress.span.bytes.ipv4Address(at: 0) : nil
        }
    }

    /// What kind of link: 1 is Ethernet.
    public var hardwareType: UInt16
    /// What kind of network.
    public var protocolType: EtherType
    /// What the packet asks or says.
    public var operation: Operation
    /// Who asks or says it.
    public var sender: Host
    /// Of whom, or to whom.
    public var target: Host

    /// A packet, by default of IPv4 on Ethernet. Both hosts' addresses should be of the same lengths: the sender's are
    /// those that are written, and the target's are cut or filled up with zeros.
    public init(
        _ operation: Operation, sender: Host, target: Host, hardwareType: UInt16 = 1, protocolType: EtherType = .ipv4
    ) {
        self.hardwareType = hardwareType
        self.protocolType = protocolType
        self.operation = operation
        self.sender = sender
        self.target = target
    }

    /// Bytes of the packet: 28 for IPv4 on Ethernet.
    public var length: Int { Self.fixedLength + 2 * (hardwareLength + protocolLength) }

    var hardwareLength: Int { min(sender.hardwareAddress.count, 255) }
    var protocolLength: Int { min(sender.protocolAddress.count, 255) }

    private static let fixedLength = 8
}

extension ARPPacket {
    /// Reads a packet; bytes behind it, as Ethernet pads short packets, are left alone.
    ///
    /// - Throws: when there are too few bytes for the packet.
    public init(parsing bytes: RawSpan) throws(ParseError) {
        try bytes.require(Self.fixedLength, of: .arp)
        hardwareType = bytes.uint16(at: 0)
        protocolType = EtherType(rawValue: bytes.uint16(at: 2))
        let hardwareLength = Int(bytes.uint8(at: 4))
        let protocolLength = Int(bytes.uint8(at: 5))
        operation = Operation(rawValue: bytes.uint16(at: 6))
        try bytes.require(Self.fixedLength + 2 * (hardwareLength + protocolLength), of: .arp)
        let senderEnd = Self.fixedLength + hardwareLength + protocolLength
        sender = Host(bytes.extracting(Self.fixedLength..<senderEnd), hardwareLength: hardwareLength)
        target = Host(
            bytes.extracting(senderEnd..<senderEnd + hardwareLength + protocolLength), hardwareLength: hardwareLength)
    }

    /// Appends the packet, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: row(hardwareType, protocolType.rawValue))
        output.append(
            bigEndian: row(
                UInt8(truncatingIfNeeded: hardwareLength), UInt8(truncatingIfNeeded: protocolLength), operation.rawValue
            ))
        for host in [sender, target] {
            output.append(host.hardwareAddress, filledUpTo: hardwareLength)
            output.append(host.protocolAddress, filledUpTo: protocolLength)
        }
    }
}

extension ARPPacket.Host {
    fileprivate init(_ bytes: RawSpan, hardwareLength: Int) {
        hardwareAddress = bytes.extracting(first: hardwareLength).array
        protocolAddress = bytes.extracting(droppingFirst: hardwareLength).array
    }
}

extension OutputRawSpan {
    fileprivate mutating func append(_ bytes: [UInt8], filledUpTo length: Int) {
        append(contentsOf: bytes.span.bytes.extracting(first: min(length, bytes.count)))
        append(repeating: 0, count: max(0, length - bytes.count), as: UInt8.self)
    }
}
