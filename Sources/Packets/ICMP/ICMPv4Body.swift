import Addresses

extension ICMPv4Message {
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
        /// Type 9: routers that hosts may use; the payload names them (RFC 1256).
        case routerAdvertisement(ICMPRouterAdvertisement)
        /// Type 10: which routers are there (RFC 1256)?
        case routerSolicitation
        /// Type 11.
        case timeExceeded(ICMPv4TimeExceededCode, originalDatagramWords: UInt8? = nil)
        /// Type 12. `pointer` is the offset in the quoted packet of the byte that is wrong.
        case parameterProblem(ICMPv4ParameterProblemCode, pointer: UInt8 = 0, originalDatagramWords: UInt8? = nil)
        /// Type 13: what time is it there?
        case timestampRequest(ICMPTimestamp)
        /// Type 14: the time here.
        case timestampReply(ICMPTimestamp)
        /// Type 15: which network is this? Deprecated (RFC 6918).
        case informationRequest(ICMPEcho)
        /// Type 16: the answer is in the IP header.
        case informationReply(ICMPEcho)
        /// Type 17: what is the mask of this network (RFC 950)? Deprecated (RFC 6918).
        case addressMaskRequest(ICMPEcho, mask: IPv4Address = IPv4Address(rawValue: 0))
        /// Type 18: `mask` is.
        case addressMaskReply(ICMPEcho, mask: IPv4Address)
        /// Type 30: what became of a packet with the traceroute option (RFC 1393). Deprecated (RFC 6918).
        case traceroute(ICMPTraceroute)
        /// Type 42: is an interface up (RFC 8335)?
        case extendedEchoRequest(ICMPExtendedEchoRequest)
        /// Type 43: what is known of that interface.
        case extendedEchoReply(ICMPExtendedEchoReply)
        /// Any other type, and the types above that have a code of 0 alone with another code.
        case other(type: UInt8, code: UInt8, restOfHeader: UInt32)
    }
}

extension ICMPv4Message.Body {
    /// Bytes of a message before its payload.
    var length: Int {
        switch self {
        case .timestampRequest, .timestampReply: ICMPTimestamp.messageLength
        case .addressMaskRequest, .addressMaskReply: ICMPFields.length + 4
        case .traceroute: ICMPTraceroute.messageLength
        default: ICMPFields.length
        }
    }

    /// Reads what follows the checksum, too.
    @inline(__always)
    init(parsing bytes: RawSpan) throws(ParseError) {
        let fields = try ICMPFields(parsing: bytes, of: .icmpv4)
        switch (fields.type, fields.code) {
        case (13, 0), (14, 0):
            try bytes.require(ICMPTimestamp.messageLength, of: .icmpv4)
            let timestamp = ICMPTimestamp(parsing: bytes)
            self = fields.type == 13 ? .timestampRequest(timestamp) : .timestampReply(timestamp)
        case (17, 0), (18, 0):
            try bytes.require(ICMPFields.length + 4, of: .icmpv4)
            let (echo, mask) = (ICMPEcho(restOfHeader: fields.restOfHeader), bytes.ipv4Address(at: 8))
            self = fields.type == 17 ? .addressMaskRequest(echo, mask: mask) : .addressMaskReply(echo, mask: mask)
        case (30, _):
            try bytes.require(ICMPTraceroute.messageLength, of: .icmpv4)
            self = .traceroute(ICMPTraceroute(parsing: bytes))
        case (9, let code):
            let head = ICMPRouterAdvertisement(code: code, restOfHeader: fields.restOfHeader)
            self = .routerAdvertisement(head.normalized(payloadLength: bytes.byteCount - ICMPFields.length))
        default: self = Self(fields)
        }
    }

    /// What the first eight bytes say, of messages that have no more.
    private init(_ fields: ICMPFields) {
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
            case (10, 0): .routerSolicitation
            case (11, let code):
                .timeExceeded(ICMPv4TimeExceededCode(rawValue: code), originalDatagramWords: words)
            case (12, let code):
                .parameterProblem(
                    ICMPv4ParameterProblemCode(rawValue: code), pointer: UInt8(rest >> 24),
                    originalDatagramWords: words)
            case (15, 0): .informationRequest(ICMPEcho(restOfHeader: rest))
            case (16, 0): .informationReply(ICMPEcho(restOfHeader: rest))
            case (42, 0): .extendedEchoRequest(ICMPExtendedEchoRequest(restOfHeader: rest))
            case (43, let code): .extendedEchoReply(ICMPExtendedEchoReply(code: code, restOfHeader: rest))
            case (let type, let code): .other(type: type, code: code, restOfHeader: rest)
            }
    }

    /// The first eight bytes.
    ///
    /// - Parameters:
    ///   - payloadLength: bytes that will follow, for the field that counts a router advertisement's entries.
    func fields(payloadLength: Int) -> ICMPFields {
        switch self {
        case .echoReply(let echo): ICMPFields(type: 0, restOfHeader: echo.restOfHeader)
        case .destinationUnreachable(let code, let mtu, let words):
            ICMPFields(type: 3, code: code.rawValue, restOfHeader: UInt32(words ?? 0) << 16 | UInt32(mtu))
        case .sourceQuench: ICMPFields(type: 4)
        case .redirect(let code, let gateway):
            ICMPFields(type: 5, code: code.rawValue, restOfHeader: gateway.rawValue)
        case .echoRequest(let echo): ICMPFields(type: 8, restOfHeader: echo.restOfHeader)
        case .routerAdvertisement(let routers):
            ICMPFields(
                type: 9, code: routers.code.rawValue, restOfHeader: routers.restOfHeader(payloadLength: payloadLength))
        case .routerSolicitation: ICMPFields(type: 10)
        case .timeExceeded(let code, let words):
            ICMPFields(type: 11, code: code.rawValue, restOfHeader: UInt32(words ?? 0) << 16)
        case .parameterProblem(let code, let pointer, let words):
            ICMPFields(type: 12, code: code.rawValue, restOfHeader: UInt32(pointer) << 24 | UInt32(words ?? 0) << 16)
        case .timestampRequest(let timestamp): ICMPFields(type: 13, restOfHeader: timestamp.echo.restOfHeader)
        case .timestampReply(let timestamp): ICMPFields(type: 14, restOfHeader: timestamp.echo.restOfHeader)
        case .informationRequest(let echo): ICMPFields(type: 15, restOfHeader: echo.restOfHeader)
        case .informationReply(let echo): ICMPFields(type: 16, restOfHeader: echo.restOfHeader)
        case .addressMaskRequest(let echo, _): ICMPFields(type: 17, restOfHeader: echo.restOfHeader)
        case .addressMaskReply(let echo, _): ICMPFields(type: 18, restOfHeader: echo.restOfHeader)
        case .traceroute(let report):
            ICMPFields(type: 30, code: report.code.rawValue, restOfHeader: UInt32(report.identifier) << 16)
        case .extendedEchoRequest(let request): ICMPFields(type: 42, restOfHeader: request.restOfHeader)
        case .extendedEchoReply(let reply):
            ICMPFields(type: 43, code: reply.code.rawValue, restOfHeader: reply.restOfHeader)
        case .other(let type, let code, let rest): ICMPFields(type: type, code: code, restOfHeader: rest)
        }
    }

    /// Appends what comes behind the first eight bytes.
    func serializeRest(into output: inout OutputRawSpan) {
        switch self {
        case .timestampRequest(let timestamp), .timestampReply(let timestamp): timestamp.serialize(into: &output)
        case .addressMaskRequest(_, let mask), .addressMaskReply(_, let mask): output.append(mask)
        case .traceroute(let report): report.serialize(into: &output)
        default: break
        }
    }
}
