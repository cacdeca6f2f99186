import Addresses

extension ParseError.Layer {
    /// ICMP for IPv4.
    public static var icmpv4: Self { Self(rawValue: "ICMP") }
}

/// An ICMP message (RFC 792), without the payload that follows it: the data of an echo, the quoted packet of an error.
public struct ICMPv4Message: Hashable, Sendable {
    /// What the message says.
    ///
    /// The errors carry `originalDatagramWords`: how many 32-bit words of the payload are the quoted packet when
    /// extensions follow it (RFC 4884 section 4); `nil` for the right number, which is 0 when none do.
    public enum Body: Hashable, Sendable {
        /// Type 0: what came in a request, sent back.
        case echoReply(ICMPEcho)
        /// Type 3. `nextHopMTU` in bytes is for the code `fragmentationNeeded` (RFC 1191), 0 otherwise.
        case destinationUnreachable(
            ICMPv4UnreachableCode, nextHopMTU: UInt16 = 0, originalDatagramWords: UInt8? = nil)
        /// Type 4: send more slowly; deprecated (RFC 6633).
        case sourceQuench
        /// Type 5: `gateway` is a better first hop.
        case redirect(ICMPv4RedirectCode, gateway: IPv4Address)
        /// Type 8: please send this back.
        case echoRequest(ICMPEcho)
        /// Type 11.
        case timeExceeded(ICMPv4TimeExceededCode, originalDatagramWords: UInt8? = nil)
        /// Type 12. `pointer` is the offset in the quoted packet of the byte that is wrong.
        case parameterProblem(ICMPv4ParameterProblemCode, pointer: UInt8 = 0, originalDatagramWords: UInt8? = nil)
        /// Type 13: what time is it there?
        case timestampRequest(ICMPTimestamp)
        /// Type 14: the time here.
        case timestampReply(ICMPTimestamp)
        /// Any other type, and the types above that have a code of 0 alone with another code.
        case other(type: UInt8, code: UInt8, restOfHeader: UInt32)
    }

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
    public var type: UInt8 { fields.type }

    /// The message's code number.
    public var code: UInt8 { fields.code }

    /// Bytes from the start of the message to its payload: 20 for timestamps, 8 for all others.
    public var length: Int {
        switch body {
        case .timestampRequest, .timestampReply: ICMPTimestamp.messageLength
        default: ICMPFields.length
        }
    }

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
        let fields = try ICMPFields(parsing: bytes, of: .icmpv4)
        switch (fields.type, fields.code) {
        case (13, 0), (14, 0):
            try bytes.require(ICMPTimestamp.messageLength, of: .icmpv4)
            let timestamp = ICMPTimestamp(parsing: bytes)
            body = fields.type == 13 ? .timestampRequest(timestamp) : .timestampReply(timestamp)
        default:
            body = Body(fields)
        }
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
        let fields = self.fields
        fields.serialize(into: &output, checksum: checksum ?? 0)
        switch body {
        case .timestampRequest(let timestamp), .timestampReply(let timestamp): timestamp.serialize(into: &output)
        default: break
        }
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

extension ICMPv4Message.Body {
    /// What the first eight bytes say, of any message but a timestamp.
    fileprivate init(_ fields: ICMPFields) {
        let rest = fields.restOfHeader
        let lengthField = UInt8(truncatingIfNeeded: rest >> 16)
        let words = lengthField == 0 ? nil : lengthField
        self =
            switch (fields.type, fields.code) {
            case (0, 0): .echoReply(ICMPEcho(restOfHeader: rest))
            case (3, let code):
                .destinationUnreachable(
                    ICMPv4UnreachableCode(rawValue: code), nextHopMTU: UInt16(truncatingIfNeeded: rest),
                    originalDatagramWords: words)
            case (4, 0): .sourceQuench
            case (5, let code):
                .redirect(ICMPv4RedirectCode(rawValue: code), gateway: IPv4Address(rawValue: rest))
            case (8, 0): .echoRequest(ICMPEcho(restOfHeader: rest))
            case (11, let code):
                .timeExceeded(ICMPv4TimeExceededCode(rawValue: code), originalDatagramWords: words)
            case (12, let code):
                .parameterProblem(
                    ICMPv4ParameterProblemCode(rawValue: code), pointer: UInt8(rest >> 24),
                    originalDatagramWords: words)
            case (let type, let code): .other(type: type, code: code, restOfHeader: rest)
            }
    }
}

extension ICMPv4Message {
    /// The first eight bytes.
    fileprivate var fields: ICMPFields {
        switch body {
        case .echoReply(let echo): ICMPFields(type: 0, restOfHeader: echo.restOfHeader)
        case .destinationUnreachable(let code, let mtu, let words):
            ICMPFields(type: 3, code: code.rawValue, restOfHeader: UInt32(words ?? 0) << 16 | UInt32(mtu))
        case .sourceQuench: ICMPFields(type: 4)
        case .redirect(let code, let gateway):
            ICMPFields(type: 5, code: code.rawValue, restOfHeader: gateway.rawValue)
        case .echoRequest(let echo): ICMPFields(type: 8, restOfHeader: echo.restOfHeader)
        case .timeExceeded(let code, let words):
            ICMPFields(type: 11, code: code.rawValue, restOfHeader: UInt32(words ?? 0) << 16)
        case .parameterProblem(let code, let pointer, let words):
            ICMPFields(type: 12, code: code.rawValue, restOfHeader: UInt32(pointer) << 24 | UInt32(words ?? 0) << 16)
        case .timestampRequest(let timestamp): ICMPFields(type: 13, restOfHeader: timestamp.echo.restOfHeader)
        case .timestampReply(let timestamp): ICMPFields(type: 14, restOfHeader: timestamp.echo.restOfHeader)
        case .other(let type, let code, let rest): ICMPFields(type: type, code: code, restOfHeader: rest)
        }
    }
}
