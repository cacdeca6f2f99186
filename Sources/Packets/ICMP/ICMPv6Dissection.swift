import Addresses

extension ICMPv6Message: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .icmpv6 }

    /// The header's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        let codeField: Field =
            if case .multicastRouterAdvertisement(let router) = body {
                .number("Ad. interval", code, 1..<2, meaning: "\(router.advertisementInterval) s")
            } else {
                .number("Code", code, 1..<2, meaning: body.codeName)
            }
        return [
            .number("Type", type, 0..<1, meaning: body.typeName), codeField,
            .checksum("Checksum", bytes.uint16(at: ICMPFields.checksumOffset), 2..<4, verdict),
        ] + body.fields(of: bytes)
    }
}

/// Names as RFCs write them.
extension ICMPv6Message.Body {
    fileprivate var typeName: String? {
        switch self {
        case .destinationUnreachable: "destination unreachable"
        case .packetTooBig: "packet too big"
        case .timeExceeded: "time exceeded"
        case .parameterProblem: "parameter problem"
        case .echoRequest: "echo request"
        case .echoReply: "echo reply"
        case .multicastListenerQuery, .multicastListenerQueryV2: "multicast listener query"
        case .multicastListenerReport: "multicast listener report"
        case .multicastListenerDone: "multicast listener done"
        case .routerSolicitation: "router solicitation"
        case .routerAdvertisement: "router advertisement"
        case .neighborSolicitation: "neighbor solicitation"
        case .neighborAdvertisement: "neighbor advertisement"
        case .redirect: "redirect"
        case .multicastListenerReportV2: "version 2 multicast listener report"
        case .multicastRouterAdvertisement: "multicast router advertisement"
        case .multicastRouterSolicitation: "multicast router solicitation"
        case .multicastRouterTermination: "multicast router termination"
        case .extendedEchoRequest: "extended echo request"
        case .extendedEchoReply: "extended echo reply"
        case .other: nil
        }
    }

    fileprivate var codeName: String? {
        switch self {
        case .destinationUnreachable(let code, _): code.description
        case .timeExceeded(let code, _): code.description
        case .parameterProblem(let code, _): code.description
        case .extendedEchoReply(let reply): reply.code.description
        default: nil
        }
    }
}

/// What follows the checksum.
extension ICMPv6Message.Body {
    fileprivate func fields(of message: RawSpan) -> [Field] {
        switch self {
        case .destinationUnreachable, .timeExceeded:
            return [
                .number("Length", message.uint8(at: 4), 4..<5, meaning: "\(Int(message.uint8(at: 4)) * 8) bytes"),
                .bytes("Unused", message.extracting(5..<8).array, at: 5),
            ]
        case .packetTooBig(let mtu): return [.number("MTU", mtu, 4..<8)]
        case .parameterProblem(_, let pointer): return [.number("Pointer", pointer, 4..<8)]
        case .echoRequest(let echo), .echoReply(let echo):
            return [
                .number("Identifier", echo.identifier, 4..<6), .number("Sequence number", echo.sequenceNumber, 6..<8),
            ]
        case .multicastRouterAdvertisement(let router):
            return [
                .number("Query interval", router.queryInterval, 4..<6, meaning: "\(router.queryInterval) s"),
                .number("Robustness variable", router.robustnessVariable, 6..<8),
            ]
        case .multicastRouterSolicitation, .multicastRouterTermination: return []
        case .extendedEchoRequest(let request): return request.fields(of: message)
        case .extendedEchoReply(let reply): return reply.fields(of: message)
        case .other(_, _, let rest): return [.hexadecimal("Rest of header", rest, 4..<8)]
        case .multicastListenerQuery, .multicastListenerQueryV2, .multicastListenerReport, .multicastListenerDone,
            .multicastListenerReportV2:
            return listenerFields(of: message)
        case .routerSolicitation, .routerAdvertisement, .neighborSolicitation, .neighborAdvertisement, .redirect:
            return neighborFields(of: message)
        }
    }

    private func listenerFields(of message: RawSpan) -> [Field] {
        let reserved = Field.hexadecimal("Reserved", message.uint16(at: 6), 6..<8)
        switch self {
        case .multicastListenerQuery(let delay, let group), .multicastListenerReport(let delay, let group),
            .multicastListenerDone(let delay, let group):
            return [
                .number("Maximum response delay", delay, 4..<6, meaning: "\(delay) ms"), reserved,
                .text("Multicast address", group, 8..<Self.targetLength),
            ]
        case .multicastListenerQueryV2(let code, let query):
            return [
                .number("Maximum response code", code.rawValue, 4..<6, meaning: "\(code.value) ms"), reserved,
            ] + query.fields(named: "Multicast address", at: 8)
        case .multicastListenerReportV2(let report):
            return report.fields(recordsNamed: "Multicast address record", groupsNamed: "Multicast address", at: 4)
        default: return []
        }
    }

    private func neighborFields(of message: RawSpan) -> [Field] {
        let reserved = Field.hexadecimal("Reserved", message.uint32(at: 4), 4..<8)
        switch self {
        case .routerSolicitation(let options): return [reserved] + options.fields(of: message, at: 8)
        case .routerAdvertisement(let router): return router.fields(of: message)
        case .neighborSolicitation(let target, let options):
            return [reserved, .text("Target address", target, 8..<24)]
                + options.fields(of: message, at: Self.targetLength)
        case .neighborAdvertisement(let neighbor): return neighbor.fields(of: message)
        case .redirect(let target, let destination, let options):
            return [
                reserved, .text("Target address", target, 8..<24), .text("Destination address", destination, 24..<40),
            ] + options.fields(of: message, at: Self.redirectLength)
        default: return []
        }
    }
}
