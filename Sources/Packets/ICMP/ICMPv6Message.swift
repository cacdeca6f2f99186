import Addresses

extension ParseError.Layer {
    /// ICMP for IPv6.
    public static var icmpv6: Self { Self(rawValue: "ICMPv6") }
}

/// An ICMPv6 message (RFC 4443), without the payload that follows it: the data of an echo, the quoted packet of an
/// error.
public struct ICMPv6Message: Hashable, Sendable {
    /// What the message says.
    ///
    /// Two of the errors carry `originalDatagramWords`: how many 64-bit words of the payload are the quoted packet
    /// when extensions follow it (RFC 4884 section 4); `nil` for the right number, which is 0 when none do.
    public enum Body: Hashable, Sendable {
        /// Type 1.
        case destinationUnreachable(ICMPv6UnreachableCode, originalDatagramWords: UInt8? = nil)
        /// Type 2: the next link takes packets of `mtu` bytes at most.
        case packetTooBig(mtu: UInt32)
        /// Type 3.
        case timeExceeded(ICMPv6TimeExceededCode, originalDatagramWords: UInt8? = nil)
        /// Type 4. `pointer` is the offset in the quoted packet of the byte that is wrong, and may be behind its end.
        case parameterProblem(ICMPv6ParameterProblemCode, pointer: UInt32)
        /// Type 128: please send this back.
        case echoRequest(ICMPEcho)
        /// Type 129: what came in a request, sent back.
        case echoReply(ICMPEcho)
        /// Any other type, and the types above that have a code of 0 alone with another code.
        case other(type: UInt8, code: UInt8, restOfHeader: UInt32)
    }

    /// What the message says.
    public var body: Body
    /// The checksum over pseudo header, message and payload; `nil` for the right one.
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

    /// Bytes from the start of the message to its payload.
    public var length: Int { ICMPFields.length }

    /// Bytes of the payload that are the quoted packet, or `nil` if the message doesn't say: then all are.
    ///
    /// It is what the sender claims, and may be more than there is.
    public var originalDatagramLength: Int? {
        switch body {
        case .destinationUnreachable(_, let words), .timeExceeded(_, let words): words.flatMap { $0 == 0 ? nil : Int($0) * 8 }
        default: nil
        }
    }
}

extension ICMPv6Message {
    /// Reads a message from bytes that are all of it, payload included.
    ///
    /// - Parameters:
    ///   - bytes: the message and its payload.
    ///   - pseudoHeader: the packet's ends; `nil` where they are unknown, or where a kernel has already verified the
    ///     message, as raw ICMPv6 sockets do (RFC 3542 section 3.1): then the checksum is not looked at, and
    ///     ``checksum`` holds it unless it is zero.
    ///   - verifyingChecksum: whether a wrong checksum is an error; if not, ``checksum`` holds it.
    /// - Throws: when there are too few bytes, or the checksum is wrong and shall not be.
    public init(
        parsing bytes: RawSpan, in pseudoHeader: PseudoHeader? = nil, verifyingChecksum: Bool = true
    ) throws(ParseError) {
        body = Body(try ICMPFields(parsing: bytes, of: .icmpv6))
        guard let pseudoHeader else {
            let found = bytes.uint16(at: ICMPFields.checksumOffset)
            checksum = found == 0 ? nil : found
            return
        }
        let sum = InternetChecksum(pseudoHeader, protocolNumber: .icmpv6, length: bytes.byteCount)
        checksum = try sum.oddity(
            of: bytes, fieldAt: ICMPFields.checksumOffset, verifying: verifyingChecksum, layer: .icmpv6)?.found
    }

    /// Appends the message and its payload.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payload: what follows the message; the checksum covers it.
    ///   - pseudoHeader: the packet's ends; without them a checksum of `nil` is written as 0, for a kernel that fills
    ///     it in, as raw ICMPv6 sockets do (RFC 3542 section 3.1).
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader? = nil) {
        let start = output.byteCount
        fields.serialize(into: &output, checksum: checksum ?? 0)
        output.append(contentsOf: payload)
        guard checksum == nil, let pseudoHeader else { return }
        let length = output.byteCount - start
        var sum = InternetChecksum(pseudoHeader, protocolNumber: .icmpv6, length: length)
        sum.add(output.bytes.extracting(droppingFirst: start))
        output.replace(at: start + ICMPFields.checksumOffset, with: sum.value)
    }
}

extension ICMPv6Message.Body {
    /// What the first eight bytes say.
    fileprivate init(_ fields: ICMPFields) {
        let rest = fields.restOfHeader
        let lengthField = UInt8(rest >> 24)
        let words = lengthField == 0 ? nil : lengthField
        self =
            switch (fields.type, fields.code) {
            case (1, let code):
                .destinationUnreachable(ICMPv6UnreachableCode(rawValue: code), originalDatagramWords: words)
            case (2, 0): .packetTooBig(mtu: rest)
            case (3, let code):
                .timeExceeded(ICMPv6TimeExceededCode(rawValue: code), originalDatagramWords: words)
            case (4, let code): .parameterProblem(ICMPv6ParameterProblemCode(rawValue: code), pointer: rest)
            case (128, 0): .echoRequest(ICMPEcho(restOfHeader: rest))
            case (129, 0): .echoReply(ICMPEcho(restOfHeader: rest))
            case (let type, let code): .other(type: type, code: code, restOfHeader: rest)
            }
    }
}

extension ICMPv6Message {
    /// The first eight bytes.
    fileprivate var fields: ICMPFields {
        switch body {
        case .destinationUnreachable(let code, let words):
            ICMPFields(type: 1, code: code.rawValue, restOfHeader: UInt32(words ?? 0) << 24)
        case .packetTooBig(let mtu): ICMPFields(type: 2, restOfHeader: mtu)
        case .timeExceeded(let code, let words):
            ICMPFields(type: 3, code: code.rawValue, restOfHeader: UInt32(words ?? 0) << 24)
        case .parameterProblem(let code, let pointer):
            ICMPFields(type: 4, code: code.rawValue, restOfHeader: pointer)
        case .echoRequest(let echo): ICMPFields(type: 128, restOfHeader: echo.restOfHeader)
        case .echoReply(let echo): ICMPFields(type: 129, restOfHeader: echo.restOfHeader)
        case .other(let type, let code, let rest): ICMPFields(type: type, code: code, restOfHeader: rest)
        }
    }
}
