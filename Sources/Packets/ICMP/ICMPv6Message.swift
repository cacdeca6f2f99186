import Addresses

extension ParseError.Layer {
    /// ICMP for IPv6.
    public static var icmpv6: Self { Self(rawValue: "ICMPv6") }
}

/// An ICMPv6 message (RFC 4443), without the payload that follows it: the data of an echo, the quoted packet of an
/// error. The messages of neighbour discovery (RFC 4861) have options that go on to their end, and so no payload.
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
        /// Type 130, 24 bytes long: who listens to the group, or to any if it is unspecified (MLDv1, RFC 2710)? Answers
        /// come within `maximumResponseDelay` milliseconds.
        case multicastListenerQuery(maximumResponseDelay: UInt16, group: IPv6Address)
        /// Type 130, 28 bytes and more: the same, and to which sources (MLDv2, RFC 9777 section 5.1)? The code stands
        /// for milliseconds.
        case multicastListenerQueryV2(
            maximumResponseCode: ExponentialCode<UInt16>, MulticastQuery<IPv6Address>)
        /// Type 131: somebody listens to the group (MLDv1). The delay means nothing.
        case multicastListenerReport(maximumResponseDelay: UInt16 = 0, group: IPv6Address)
        /// Type 132: somebody no longer listens to the group (MLDv1). The delay means nothing.
        case multicastListenerDone(maximumResponseDelay: UInt16 = 0, group: IPv6Address)
        /// Type 133: routers, please advertise yourselves (RFC 4861 section 4.1).
        case routerSolicitation(options: [NeighborDiscoveryOption] = [])
        /// Type 134.
        case routerAdvertisement(RouterAdvertisement)
        /// Type 135: what is the link-layer address of `target` (RFC 4861 section 4.3)?
        case neighborSolicitation(target: IPv6Address, options: [NeighborDiscoveryOption] = [])
        /// Type 136.
        case neighborAdvertisement(NeighborAdvertisement)
        /// Type 137: `target` is a better first hop to `destination`, or the destination itself (RFC 4861 section 4.5).
        case redirect(target: IPv6Address, destination: IPv6Address, options: [NeighborDiscoveryOption] = [])
        /// Type 143: which groups and sources a host listens to (MLDv2, RFC 9777 section 5.2).
        case multicastListenerReportV2(MulticastReport<IPv6Address>)
        /// Type 151: a multicast router is here (RFC 4286 section 3).
        case multicastRouterAdvertisement(MulticastRouterAdvertisement)
        /// Type 152: multicast routers, please advertise yourselves (RFC 4286 section 4). It has 4 bytes.
        case multicastRouterSolicitation
        /// Type 153: here is no multicast router any more (RFC 4286 section 5). It has 4 bytes.
        case multicastRouterTermination
        /// Type 160: is the interface up that the extension structure behind the message names (RFC 8335 section 2)?
        case extendedEchoRequest(ICMPExtendedEchoRequest)
        /// Type 161: whether it is (RFC 8335 section 3).
        case extendedEchoReply(ICMPExtendedEchoReply)
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
    public var type: UInt8 { body.type }

    /// The message's code number.
    public var code: UInt8 { body.code }

    /// Bytes from the start of the message to its payload.
    public var length: Int { body.length }

    /// Bytes of the payload that are the quoted packet, or `nil` if the message doesn't say: then all are.
    ///
    /// It is what the sender claims, and may be more than there is.
    public var originalDatagramLength: Int? {
        switch body {
        case .destinationUnreachable(_, let words), .timeExceeded(_, let words):
            words.flatMap { $0 == 0 ? nil : Int($0) * 8 }
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
    /// - Throws: when there are too few bytes, an option is malformed, or the checksum is wrong and shall not be.
    public init(
        parsing bytes: RawSpan, in pseudoHeader: PseudoHeader? = nil, verifyingChecksum: Bool = true
    ) throws(ParseError) {
        body = try Body(parsing: bytes)
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
        output.append(bigEndian: row(type, code, checksum ?? 0))
        body.serialize(into: &output)
        output.append(contentsOf: payload)
        guard checksum == nil, let pseudoHeader else { return }
        let length = output.byteCount - start
        var sum = InternetChecksum(pseudoHeader, protocolNumber: .icmpv6, length: length)
        sum.add(output.bytes.extracting(droppingFirst: start))
        output.replace(at: start + ICMPFields.checksumOffset, with: sum.value)
    }
}
