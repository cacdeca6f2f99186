import Packets

extension LinkPacket {
    /// The packet's bytes.
    public var bytes: [UInt8] { serialized { serialize(into: &$0) } }

    /// A packet of the same link, read from bytes.
    public func parsing(_ bytes: [UInt8]) throws(ParseError) -> LinkPacket {
        try LinkPacket(parsing: bytes.span.bytes, linkType: linkType)
    }
}
