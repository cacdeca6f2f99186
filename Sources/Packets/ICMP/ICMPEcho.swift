/// What an echo request and its reply have in common, in ICMP (RFC 792) and in ICMPv6 (RFC 4443 section 4).
public struct ICMPEcho: Hashable, Sendable {
    /// Whose request it is. A kernel's ICMP datagram socket replaces it with the socket's own.
    public var identifier: UInt16
    /// Which of the requests with this identifier it is.
    public var sequenceNumber: UInt16

    /// An echo message's two fields, in host byte order.
    public init(identifier: UInt16, sequenceNumber: UInt16) {
        self.identifier = identifier
        self.sequenceNumber = sequenceNumber
    }

    init(restOfHeader: UInt32) {
        identifier = UInt16(truncatingIfNeeded: restOfHeader >> 16)
        sequenceNumber = UInt16(truncatingIfNeeded: restOfHeader)
    }

    var restOfHeader: UInt32 { UInt32(identifier) << 16 | UInt32(sequenceNumber) }
}

extension ICMPv4Message {
    /// An echo request by its two fields.
    public static func echoRequest(identifier: UInt16, sequenceNumber: UInt16) -> Self {
        Self(.echoRequest(ICMPEcho(identifier: identifier, sequenceNumber: sequenceNumber)))
    }

    /// An echo reply by its two fields.
    public static func echoReply(identifier: UInt16, sequenceNumber: UInt16) -> Self {
        Self(.echoReply(ICMPEcho(identifier: identifier, sequenceNumber: sequenceNumber)))
    }
}

extension ICMPv6Message {
    /// An echo request by its two fields.
    public static func echoRequest(identifier: UInt16, sequenceNumber: UInt16) -> Self {
        Self(.echoRequest(ICMPEcho(identifier: identifier, sequenceNumber: sequenceNumber)))
    }

    /// An echo reply by its two fields.
    public static func echoReply(identifier: UInt16, sequenceNumber: UInt16) -> Self {
        Self(.echoReply(ICMPEcho(identifier: identifier, sequenceNumber: sequenceNumber)))
    }
}
