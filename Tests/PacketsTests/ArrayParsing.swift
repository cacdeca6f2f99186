import Addresses
import Packets

/// The parsers over arrays: `#expect` moves its operands into closures, out of which no span can come.
extension IPv4Header {
    init(of bytes: [UInt8]) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes)
    }
}

extension IPv4Option {
    static func list(of bytes: [UInt8]) throws(ParseError) -> [IPv4Option] {
        try parseList(bytes.span.bytes)
    }
}

extension IPv6Header {
    init(of bytes: [UInt8]) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes)
    }
}

extension IPv6ExtensionChain {
    init(of bytes: [UInt8], nextHeader: IPProtocol) {
        self.init(parsing: bytes.span.bytes, nextHeader: nextHeader)
    }
}

extension ICMPv4Message {
    init(of bytes: [UInt8], verifyingChecksum: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, verifyingChecksum: verifyingChecksum)
    }
}

extension ICMPv6Message {
    init(of bytes: [UInt8], in pseudoHeader: PseudoHeader? = nil, verifyingChecksum: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, in: pseudoHeader, verifyingChecksum: verifyingChecksum)
    }
}

extension IGMPMessage {
    init(of bytes: [UInt8], verifyingChecksum: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, verifyingChecksum: verifyingChecksum)
    }
}

extension Mtrace2Message {
    init(of bytes: [UInt8]) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes)
    }
}

extension QuotedPacket {
    init(of bytes: [UInt8]) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes)
    }
}

extension InternetChecksum {
    static func of(_ bytes: [UInt8]) -> UInt16 {
        of(bytes.span.bytes)
    }
}

extension UDPHeader {
    init(of bytes: [UInt8], in pseudoHeader: PseudoHeader? = nil) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, in: pseudoHeader)
    }
}

extension UDPLiteHeader {
    init(of bytes: [UInt8], in pseudoHeader: PseudoHeader? = nil) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, in: pseudoHeader)
    }
}

extension TCPHeader {
    init(of bytes: [UInt8], in pseudoHeader: PseudoHeader? = nil) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, in: pseudoHeader)
    }
}

extension SCTPPacket {
    init(of bytes: [UInt8], verifyingChecksum: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, verifyingChecksum: verifyingChecksum)
    }
}

extension DCCPHeader {
    init(of bytes: [UInt8], in pseudoHeader: PseudoHeader? = nil) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, in: pseudoHeader)
    }
}

extension PayloadHeader {
    func bytes(payload: [UInt8] = [], in pseudoHeader: PseudoHeader?) -> [UInt8] {
        serialized { serialize(into: &$0, payload: payload.span.bytes, in: pseudoHeader) }
    }
}

extension CRC32C {
    static func of(_ bytes: [UInt8]) -> UInt32 {
        of(bytes.span.bytes)
    }
}

extension IPv4Packet {
    init(of bytes: [UInt8], verifyingChecksums: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, verifyingChecksums: verifyingChecksums)
    }
}

extension IPv6Packet {
    init(of bytes: [UInt8], verifyingChecksums: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes, verifyingChecksums: verifyingChecksums)
    }
}
