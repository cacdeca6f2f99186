import Addresses

extension ParseError.Layer {
    /// ICMP for IPv4.
    public static var icmpv4: Self { Self(rawValue: "ICMP") }
}

/// An ICMP message (RFC 792), without the payload that follows it: the data of an echo, the quoted packet of an error.
public struct ICMPv4Message: Hashable, Sendable {
    /// What the message says.
    public var body: Body
    /// The checksum over message and payload; `nil` for the right one.
    public var checksum: UInt16?

    /// A message, by default with the right checksum.
    public init(_ body: Body, checksum: UInt16? = nil) {
        self.body = body
        self.checksum = checksum
    }

    /// The message's type number.
    public var type: UInt8 { body.fields(payloadLength: 0).type }

    /// The message's code number.
    public var code: UInt8 { body.fields(payloadLength: 0).code }

    /// Bytes from the start of the message to its payload: 20 for timestamps and traceroute, 12 for address masks, 8
    /// for all others.
    public var length: Int { body.length }

    /// Bytes of the payload that are the quoted packet, or `nil` if the message doesn't say: then all are.
    ///
    /// It is what the sender claims, and may be more than there is.
    public var originalDatagramLength: Int? {
        switch body {
        case .destinationUnreachable(_, _, let words), .timeExceeded(_, let words), .parameterProblem(_, _, let words):
            words.flatMap { $0 == 0 ? nil : Int($0) * 4 }
        default: nil
        }
    }
}

extension ICMPv4Message {
    /// Reads a message from bytes that are all of it, payload included: the checksum covers them.
    ///
    /// - Parameters:
    ///   - bytes: the message and its payload.
    ///   - verifyingChecksum: whether a wrong checksum is an error; if not, ``checksum`` holds it.
    /// - Throws: when there are too few bytes, or the checksum is wrong and shall not be.
    public init(parsing bytes: RawSpan, verifyingChecksum: Bool = true) throws(ParseError) {
        body = try Body(parsing: bytes)
        checksum = try InternetChecksum().oddity(
            of: bytes, fieldAt: ICMPFields.checksumOffset, verifying: verifyingChecksum, layer: .icmpv4)?.found
    }

    /// Appends the message and its payload.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payload: what follows the message; the checksum covers it.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan) {
        let start = output.byteCount
        let fields = body.fields(payloadLength: payload.byteCount)
        fields.serialize(into: &output, checksum: checksum ?? 0)
        body.serializeRest(into: &output)
        output.append(contentsOf: payload)
        guard checksum == nil else { return }
        // What was written a moment ago is slow to be read again: as little of it as can be.
        var sum = fields.sum
        if length > ICMPFields.length {
            sum.add(output.bytes.extracting(start + ICMPFields.length..<start + length))
        }
        sum.add(payload)
        output.replace(at: start + ICMPFields.checksumOffset, with: sum.value)
    }
}
