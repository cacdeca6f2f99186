import Addresses

extension ParseError.Layer {
    /// Internet Group Management Protocol.
    public static var igmp: Self { Self(rawValue: "IGMP") }
}

/// An IGMP message: what hosts and routers say of groups (RFC 1112, RFC 2236, RFC 9776), of multicast routers
/// (RFC 4286) and of the way that a group's packets take (draft-ietf-idmr-traceroute-ipm).
///
/// All that the message's type defines is in the ``body``; bytes behind it, which receivers ignore, are payload.
public struct IGMPMessage: Hashable, Sendable {
    /// What the message says. Reserved bytes are not kept, and written as zeros.
    public enum Body: Hashable, Sendable {
        /// Type 0x11, 8 bytes: who listens to `group`, or to any if it is unspecified? Members answer within
        /// `maximumResponseTenths` tenths of a second. In version 1 that field is 0 and means ten seconds.
        case query(group: IPv4Address, maximumResponseTenths: UInt8)
        /// Type 0x11, 12 bytes and more: the query of version 3. The code is in tenths of a second.
        case queryV3(MulticastQuery<IPv4Address>, maximumResponseCode: ExponentialCode<UInt8>)
        /// Type 0x12: a member of version 1.
        case reportV1(group: IPv4Address)
        /// Type 0x16: a member of version 2.
        case reportV2(group: IPv4Address)
        /// Type 0x17: the last that reported has left.
        case leave(group: IPv4Address)
        /// Type 0x22: a member of version 3.
        case reportV3(MulticastReport<IPv4Address>)
        /// Type 0x30: here is a multicast router.
        case routerAdvertisement(MulticastRouterAdvertisement)
        /// Type 0x31: which multicast routers are there?
        case routerSolicitation
        /// Type 0x32: a multicast router says goodbye.
        case routerTermination
        /// Type 0x1F: a multicast traceroute on its way, a query as long as it has no response blocks, a request then.
        case tracerouteQuery(MtraceMessage)
        /// Type 0x1E: a multicast traceroute that comes back.
        case tracerouteResponse(MtraceMessage)
        /// Any other type, such as DVMRP (0x13) and PIM version 1 (0x14), with its second byte; the rest is payload.
        case other(type: UInt8, code: UInt8)
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
    public var type: UInt8 {
        switch body {
        case .query, .queryV3: 0x11
        case .reportV1: 0x12
        case .reportV2: 0x16
        case .leave: 0x17
        case .tracerouteResponse: 0x1E
        case .tracerouteQuery: 0x1F
        case .reportV3: 0x22
        case .routerAdvertisement: 0x30
        case .routerSolicitation: 0x31
        case .routerTermination: 0x32
        case .other(let type, _): type
        }
    }

    /// The version of a query, a report or a leave (RFC 9776 section 7.1); `nil` for what has none.
    public var version: Int? {
        switch body {
        case .query(_, let tenths): tenths == 0 ? 1 : 2
        case .reportV1: 1
        case .reportV2, .leave: 2
        case .queryV3, .reportV3: 3
        default: nil
        }
    }

    /// The time in which members shall answer a query; `nil` for what is no query.
    public var maximumResponseTime: Duration? {
        switch body {
        case .query(_, let tenths): .milliseconds(tenths == 0 ? 10_000 : Int(tenths) * 100)
        case .queryV3(_, let code): .milliseconds(code.value * 100)
        default: nil
        }
    }
}

extension IGMPMessage {
    /// Reads a message from bytes that are all of it, payload included: the checksum covers them, and their number
    /// tells the versions of queries from each other.
    ///
    /// - Parameters:
    ///   - bytes: the message and its payload.
    ///   - verifyingChecksum: whether a wrong checksum is an error; if not, ``checksum`` holds it.
    /// - Throws: when there are fewer bytes than the type or a count in the message needs, a query has a length between
    ///   those of versions 2 and 3, or the checksum is wrong and shall not be.
    public init(parsing bytes: RawSpan, verifyingChecksum: Bool = true) throws(ParseError) {
        try bytes.require(Self.headerLength, of: .igmp)
        body = try Body(parsing: bytes)
        checksum = try InternetChecksum().oddity(
            of: bytes, fieldAt: Self.checksumOffset, verifying: verifyingChecksum, layer: .igmp)?.found
    }

    /// Appends the message and its payload.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payload: what follows the message; the checksum covers it.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan) {
        let start = output.byteCount
        output.append(bigEndian: row(type, body.secondByte, checksum ?? 0))
        body.serialize(into: &output)
        output.append(contentsOf: payload)
        guard checksum == nil else { return }
        let sum = InternetChecksum.of(output.bytes.extracting(droppingFirst: start))
        output.replace(at: start + Self.checksumOffset, with: sum)
    }

    static let headerLength = 4
    static let checksumOffset = 2
}

extension IGMPMessage: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .igmp }

    /// Bytes from the start of the message to its payload.
    public var length: Int {
        switch body {
        case .query, .reportV1, .reportV2, .leave, .routerAdvertisement: Self.headerLength + 4
        case .queryV3(let query, _): Self.headerLength + query.length
        case .reportV3(let report): Self.headerLength + report.length
        case .tracerouteQuery(let trace), .tracerouteResponse(let trace): Self.headerLength + trace.length
        case .routerSolicitation, .routerTermination, .other: Self.headerLength
        }
    }

    /// Reads a message; without a pseudo header its checksum is kept as found.
    public init(parsing bytes: RawSpan, in pseudoHeader: PseudoHeader?, verifyingChecksum: Bool) throws(ParseError) {
        try self.init(parsing: bytes, verifyingChecksum: verifyingChecksum && pseudoHeader != nil)
        if pseudoHeader == nil { checksum = bytes.uint16(at: Self.checksumOffset) }
    }

    /// Appends the message and its payload; IGMP has no use for a pseudo header.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader?) {
        serialize(into: &output, payload: payload)
    }
}

/// Reading and writing what isn't the same in all messages: the second byte, and all from the fifth on.
extension IGMPMessage.Body {
    fileprivate init(parsing bytes: RawSpan) throws(ParseError) {
        let second = bytes.uint8(at: 1)
        func group() throws(ParseError) -> IPv4Address {
            try bytes.require(8, of: .igmp)
            return bytes.ipv4Address(at: 4)
        }
        switch bytes.uint8(at: 0) {
        case 0x11: self = try Self.query(parsing: bytes)
        case 0x12: self = .reportV1(group: try group())
        case 0x16: self = .reportV2(group: try group())
        case 0x17: self = .leave(group: try group())
        case 0x1E: self = .tracerouteResponse(try MtraceMessage(parsing: bytes, of: .igmp))
        case 0x1F: self = .tracerouteQuery(try MtraceMessage(parsing: bytes, of: .igmp))
        case 0x22: self = .reportV3(try MulticastReport(parsing: bytes, at: 4, of: .igmp))
        case 0x30:
            try bytes.require(8, of: .igmp)
            self = .routerAdvertisement(
                MulticastRouterAdvertisement(
                    advertisementInterval: second, queryInterval: bytes.uint16(at: 4),
                    robustnessVariable: bytes.uint16(at: 6)))
        case 0x31: self = .routerSolicitation
        case 0x32: self = .routerTermination
        case let type: self = .other(type: type, code: second)
        }
    }

    /// Which version it is follows from the length (RFC 9776 section 7.1).
    private static func query(parsing bytes: RawSpan) throws(ParseError) -> Self {
        try bytes.require(8, of: .igmp)
        let second = bytes.uint8(at: 1)
        switch bytes.byteCount {
        case 8: return .query(group: bytes.ipv4Address(at: 4), maximumResponseTenths: second)
        case 9..<12: throw ParseError(.igmp, .badLength(bytes.byteCount), at: 8)
        default:
            return .queryV3(
                try MulticastQuery(parsing: bytes, at: 4, of: .igmp),
                maximumResponseCode: ExponentialCode(rawValue: second))
        }
    }

    fileprivate var secondByte: UInt8 {
        switch self {
        case .query(_, let tenths): tenths
        case .queryV3(_, let code): code.rawValue
        case .routerAdvertisement(let router): router.advertisementInterval
        case .tracerouteQuery(let trace), .tracerouteResponse(let trace): trace.hops
        case .other(_, let code): code
        case .reportV1, .reportV2, .leave, .reportV3, .routerSolicitation, .routerTermination: 0
        }
    }

    fileprivate func serialize(into output: inout OutputRawSpan) {
        switch self {
        case .query(let group, _), .reportV1(let group), .reportV2(let group), .leave(let group): output.append(group)
        case .queryV3(let query, _): query.serialize(into: &output)
        case .reportV3(let report): report.serialize(into: &output)
        case .routerAdvertisement(let router):
            output.append(bigEndian: row(router.queryInterval, router.robustnessVariable))
        case .tracerouteQuery(let trace), .tracerouteResponse(let trace): trace.serialize(into: &output)
        case .routerSolicitation, .routerTermination, .other: break
        }
    }
}
