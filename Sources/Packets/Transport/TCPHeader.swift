extension ParseError.Layer {
    /// Transmission Control Protocol.
    public static var tcp: Self { Self(rawValue: "TCP") }
}

/// The TCP header (RFC 9293 section 3.1), without the payload that follows it.
public struct TCPHeader: Hashable, Sendable {
    /// The control bits and the reserved ones above them.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The twelve bits behind the data offset.
        public let rawValue: UInt16

        /// Takes the twelve bits; higher ones are dropped.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue & 0xFFF
        }

        /// FIN: the sender has no more data.
        public static let fin = Self(rawValue: 0x001)
        /// SYN: the sequence number is the first of the connection.
        public static let syn = Self(rawValue: 0x002)
        /// RST: there is no such connection any more.
        public static let rst = Self(rawValue: 0x004)
        /// PSH: hand the data on now.
        public static let psh = Self(rawValue: 0x008)
        /// ACK: the acknowledgment number counts.
        public static let ack = Self(rawValue: 0x010)
        /// URG: the urgent pointer counts.
        public static let urg = Self(rawValue: 0x020)
        /// ECE: congestion was experienced (RFC 3168).
        public static let ece = Self(rawValue: 0x040)
        /// CWR: the sender has reduced its congestion window (RFC 3168).
        public static let cwr = Self(rawValue: 0x080)
        /// AE: accurate ECN (RFC 9768), once the nonce sum (RFC 3540).
        public static let ae = Self(rawValue: 0x100)
        /// Three bits that must be zero.
        public static let reserved = Self(rawValue: 0xE00)
    }

    /// Bytes of a header without options.
    public static let minimumLength = 20
    /// Bytes of a header with as many options as can be.
    public static let maximumLength = 60

    /// The sender's port.
    public var sourcePort: UInt16
    /// The receiver's port.
    public var destinationPort: UInt16
    /// The first data byte's place in the stream, or the initial sequence number in a SYN.
    public var sequenceNumber: UInt32
    /// The next sequence number that the sender expects, if the ACK flag is set.
    public var acknowledgmentNumber: UInt32
    /// The header's length in 32-bit words, 0 to 15, as on the wire; `nil` for what the options need.
    public var dataOffset: UInt8?
    /// What kind of segment it is.
    public var flags: Flags
    /// Bytes that the sender can take, before scaling.
    public var window: UInt16
    /// The checksum over pseudo header, header and payload; `nil` for the right one.
    public var checksum: UInt16?
    /// Where urgent data ends, counted from the sequence number, if the URG flag is set.
    public var urgentPointer: UInt16
    /// Without the zeros that end the list, which follow from the data offset.
    public var options: [TCPOption]

    /// A header, by default with the right data offset and checksum.
    public init(
        sourcePort: UInt16, destinationPort: UInt16, sequenceNumber: UInt32, acknowledgmentNumber: UInt32 = 0,
        flags: Flags, window: UInt16 = 64_240, urgentPointer: UInt16 = 0, options: [TCPOption] = [],
        dataOffset: UInt8? = nil, checksum: UInt16? = nil
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.sequenceNumber = sequenceNumber
        self.acknowledgmentNumber = acknowledgmentNumber
        self.dataOffset = dataOffset
        self.flags = flags
        self.window = window
        self.checksum = checksum
        self.urgentPointer = urgentPointer
        self.options = options
    }
}

extension TCPHeader: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .tcp }

    /// Bytes from the start of the header to its payload. More than ``maximumLength`` only with too many options, of
    /// which the header then can't say that they are its own.
    public var length: Int {
        let needed = Self.minimumLength + TCPOption.paddedLength(of: options)
        guard let dataOffset else { return needed }
        return max(needed, Int(dataOffset & 0x0F) * 4)
    }

    /// The two ports.
    public var ports: (source: UInt16, destination: UInt16)? { (sourcePort, destinationPort) }

    /// Reads a header from bytes that are all of the segment, payload included.
    ///
    /// Options never fail: what breaks their format is ``TCPOption/malformed(_:)``.
    /// - Parameters:
    ///   - bytes: the header and its payload.
    ///   - pseudoHeader: the packet's ends; `nil` where they are unknown or part of the segment is missing: then the
    ///     checksum is not verified, and ``checksum`` holds what was found.
    ///   - verifyingChecksum: whether a wrong checksum is an error; if not, ``checksum`` holds it.
    /// - Throws: when there are too few bytes for the header, the data offset is less than 5, or the checksum is wrong
    ///   and shall not be.
    public init(
        parsing bytes: RawSpan, in pseudoHeader: PseudoHeader? = nil, verifyingChecksum: Bool = true
    ) throws(ParseError) {
        try bytes.require(Self.minimumLength, of: .tcp)
        let words = bytes.uint8(at: 12) >> 4
        let length = Int(words) * 4
        guard length >= Self.minimumLength else { throw ParseError(.tcp, .badHeaderLength(length), at: 12) }
        try bytes.require(length, of: .tcp)
        sourcePort = bytes.uint16(at: 0)
        destinationPort = bytes.uint16(at: 2)
        sequenceNumber = bytes.uint32(at: 4)
        acknowledgmentNumber = bytes.uint32(at: 8)
        flags = Flags(rawValue: bytes.uint16(at: 12))
        window = bytes.uint16(at: 14)
        urgentPointer = bytes.uint16(at: 18)
        options = TCPOption.parseList(bytes.extracting(Self.minimumLength..<length))
        dataOffset = Self.minimumLength + TCPOption.paddedLength(of: options) == length ? nil : words
        checksum = bytes.uint16(at: Self.checksumOffset)
        guard let pseudoHeader else { return }
        checksum = try InternetChecksum(pseudoHeader, protocolNumber: .tcp, length: bytes.byteCount).oddity(
            of: bytes, fieldAt: Self.checksumOffset, verifying: verifyingChecksum, layer: .tcp)?.found
    }

    /// Appends the header and its payload.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payload: what follows the header; the checksum covers it.
    ///   - pseudoHeader: the packet's ends; without them a checksum of `nil` is written as 0.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader? = nil) {
        let start = output.byteCount
        let length = self.length
        let words = dataOffset ?? UInt8(min(length / 4, 15))
        output.append(bigEndian: row(sourcePort, destinationPort))
        output.append(bigEndian: sequenceNumber)
        output.append(bigEndian: acknowledgmentNumber)
        output.append(bigEndian: row(UInt16(words & 0x0F) << 12 | flags.rawValue, window))
        output.append(bigEndian: row(checksum ?? 0, urgentPointer))
        for option in options { option.serialize(into: &output) }
        output.append(repeating: 0, count: start + length - output.byteCount, as: UInt8.self)
        output.append(contentsOf: payload)
        guard checksum == nil, let pseudoHeader else { return }
        var sum = InternetChecksum(pseudoHeader, protocolNumber: .tcp, length: length + payload.byteCount)
        sum.add(output.bytes.extracting(droppingFirst: start))
        output.replace(at: start + Self.checksumOffset, with: sum.value)
    }

    static let checksumOffset = 16
}
