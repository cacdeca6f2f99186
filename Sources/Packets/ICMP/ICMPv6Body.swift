import Addresses

/// Reading and writing what stands around the checksum.
extension ICMPv6Message.Body {
    /// Reads a message: which kind it is, its type and code say.
    @inline(__always)
    init(parsing message: RawSpan) throws(ParseError) {
        if message.byteCount >= Self.shortLength, message.uint8(at: 1) == 0 {
            switch message.uint8(at: 0) {
            case 130...137, 143:
                self = try Self.listenersOrNeighbors(parsing: message)
                return
            case 152:
                self = .multicastRouterSolicitation
                return
            case 153:
                self = .multicastRouterTermination
                return
            default: break
            }
        }
        self = Self(try ICMPFields(parsing: message, of: .icmpv6))
    }

    /// What messages say that have all of it in the first eight bytes.
    private init(_ fields: ICMPFields) {
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
            case (151, let interval):
                .multicastRouterAdvertisement(
                    MulticastRouterAdvertisement(
                        advertisementInterval: interval, queryInterval: UInt16(rest >> 16),
                        robustnessVariable: UInt16(truncatingIfNeeded: rest)))
            case (160, 0): .extendedEchoRequest(ICMPExtendedEchoRequest(restOfHeader: rest))
            case (161, let code): .extendedEchoReply(ICMPExtendedEchoReply(code: code, restOfHeader: rest))
            case (let type, let code): .other(type: type, code: code, restOfHeader: rest)
            }
    }

    /// What messages say that have addresses, lists or options.
    private static func listenersOrNeighbors(parsing message: RawSpan) throws(ParseError) -> Self {
        try message.require(ICMPFields.length, of: .icmpv6)
        func options(at offset: Int) throws(ParseError) -> [NeighborDiscoveryOption] {
            try NeighborDiscoveryOption.parseList(in: message, at: offset)
        }
        switch message.uint8(at: 0) {
        case 133: return .routerSolicitation(options: try options(at: 8))
        case 134: return .routerAdvertisement(try RouterAdvertisement(parsing: message))
        case 135:
            try message.require(targetLength, of: .icmpv6)
            return .neighborSolicitation(target: message.ipv6Address(at: 8), options: try options(at: targetLength))
        case 136: return .neighborAdvertisement(try NeighborAdvertisement(parsing: message))
        case 137:
            try message.require(redirectLength, of: .icmpv6)
            return .redirect(
                target: message.ipv6Address(at: 8), destination: message.ipv6Address(at: 24),
                options: try options(at: redirectLength))
        case 143: return .multicastListenerReportV2(try MulticastReport(parsing: message, at: 4, of: .icmpv6))
        default: return try listener(parsing: message)
        }
    }

    /// MLDv1 but for the longer queries, which are MLDv2's (RFC 9777 section 8.1).
    private static func listener(parsing message: RawSpan) throws(ParseError) -> Self {
        try message.require(targetLength, of: .icmpv6)
        let delay = message.uint16(at: 4)
        let group = message.ipv6Address(at: 8)
        switch message.uint8(at: 0) {
        case 131: return .multicastListenerReport(maximumResponseDelay: delay, group: group)
        case 132: return .multicastListenerDone(maximumResponseDelay: delay, group: group)
        default:
            guard message.byteCount > targetLength else {
                return .multicastListenerQuery(maximumResponseDelay: delay, group: group)
            }
            return .multicastListenerQueryV2(
                maximumResponseCode: ExponentialCode(rawValue: delay),
                try MulticastQuery(parsing: message, at: 8, of: .icmpv6))
        }
    }

    /// Appends what follows the checksum.
    @inline(__always)
    func serialize(into output: inout OutputRawSpan) {
        switch self {
        case .echoRequest(let echo), .echoReply(let echo): output.append(bigEndian: echo.restOfHeader)
        case .destinationUnreachable(_, let words), .timeExceeded(_, let words):
            output.append(bigEndian: UInt32(words ?? 0) << 24)
        case .packetTooBig(let value), .parameterProblem(_, pointer: let value), .other(_, _, restOfHeader: let value):
            output.append(bigEndian: value)
        case .multicastRouterAdvertisement(let router):
            output.append(bigEndian: row(router.queryInterval, router.robustnessVariable))
        case .multicastRouterSolicitation, .multicastRouterTermination: break
        case .extendedEchoRequest(let request): output.append(bigEndian: request.restOfHeader)
        case .extendedEchoReply(let reply): output.append(bigEndian: reply.restOfHeader)
        default: serializeLong(into: &output)
        }
    }

    private func serializeLong(into output: inout OutputRawSpan) {
        switch self {
        case .multicastListenerQuery(let delay, let group), .multicastListenerReport(let delay, let group),
            .multicastListenerDone(let delay, let group):
            output.append(bigEndian: row(delay, 0))
            output.append(group)
        case .multicastListenerQueryV2(let code, let query):
            output.append(bigEndian: row(code.rawValue, 0))
            query.serialize(into: &output)
        case .multicastListenerReportV2(let report): report.serialize(into: &output)
        case .routerSolicitation(let options):
            output.append(bigEndian: 0 as UInt32)
            NeighborDiscoveryOption.serializeList(options, into: &output)
        case .routerAdvertisement(let router): router.serialize(into: &output)
        case .neighborSolicitation(let target, let options):
            output.append(bigEndian: 0 as UInt32)
            output.append(target)
            NeighborDiscoveryOption.serializeList(options, into: &output)
        case .neighborAdvertisement(let neighbor): neighbor.serialize(into: &output)
        case .redirect(let target, let destination, let options):
            output.append(bigEndian: 0 as UInt32)
            output.append(target)
            output.append(destination)
            NeighborDiscoveryOption.serializeList(options, into: &output)
        default: break
        }
    }

    /// Bytes of the shortest messages: type, code and checksum.
    private static let shortLength = 4
    /// Bytes of a message that ends with one address, or of its part in front of options.
    static let targetLength = 24
    /// Bytes of a redirect in front of its options.
    static let redirectLength = 40
}

/// What follows from the kind of message.
extension ICMPv6Message.Body {
    @inline(__always)
    var type: UInt8 {
        switch self {
        case .destinationUnreachable: 1
        case .packetTooBig: 2
        case .timeExceeded: 3
        case .parameterProblem: 4
        case .echoRequest: 128
        case .echoReply: 129
        case .multicastListenerQuery, .multicastListenerQueryV2: 130
        case .multicastListenerReport: 131
        case .multicastListenerDone: 132
        case .routerSolicitation: 133
        case .routerAdvertisement: 134
        case .neighborSolicitation: 135
        case .neighborAdvertisement: 136
        case .redirect: 137
        case .multicastListenerReportV2: 143
        case .multicastRouterAdvertisement: 151
        case .multicastRouterSolicitation: 152
        case .multicastRouterTermination: 153
        case .extendedEchoRequest: 160
        case .extendedEchoReply: 161
        case .other(let type, _, _): type
        }
    }

    @inline(__always)
    var code: UInt8 {
        switch self {
        case .destinationUnreachable(let code, _): code.rawValue
        case .timeExceeded(let code, _): code.rawValue
        case .parameterProblem(let code, _): code.rawValue
        case .multicastRouterAdvertisement(let router): router.advertisementInterval
        case .extendedEchoReply(let reply): reply.code.rawValue
        case .other(_, let code, _): code
        default: 0
        }
    }

    /// Bytes of the message without its payload.
    @inline(__always)
    var length: Int {
        func length(of options: [NeighborDiscoveryOption]) -> Int { options.reduce(0) { $0 + $1.length } }
        return switch self {
        case .multicastListenerQuery, .multicastListenerReport, .multicastListenerDone: Self.targetLength
        case .multicastListenerQueryV2(_, let query): ICMPFields.length + query.length
        case .multicastListenerReportV2(let report): Self.shortLength + report.length
        case .routerSolicitation(let options): ICMPFields.length + length(of: options)
        case .routerAdvertisement(let router): RouterAdvertisement.minimumLength + length(of: router.options)
        case .neighborSolicitation(_, let options): Self.targetLength + length(of: options)
        case .neighborAdvertisement(let neighbor): NeighborAdvertisement.minimumLength + length(of: neighbor.options)
        case .redirect(_, _, let options): Self.redirectLength + length(of: options)
        case .multicastRouterSolicitation, .multicastRouterTermination: Self.shortLength
        default: ICMPFields.length
        }
    }
}
