import Addresses

extension IGMPMessage {
    /// What the message says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        let length = length + payload.byteCount
        return switch body {
        case .query(let group, let tenths):
            "igmp query"
                + (tenths == 0 ? " v1" : tenths == 100 ? " v2" : " v2 [max resp time \(tenths)]")
                + (group.isUnspecified ? "" : " [gaddr \(group)]")
        case .queryV3(let query, let code): "igmp query v3" + query.summary(code, length: length)
        case .reportV1(let group): "igmp v1 report \(group)" + (length == 8 ? "" : " [len \(length)]")
        case .reportV2(let group): "igmp v2 report \(group)"
        case .leave(let group): "igmp leave \(group)"
        case .reportV3(let report):
            "igmp v3 report"
                + (length < 16 || length % 4 != 0
                    ? " [invalid len \(length)]" : ", \(report.records.count) group record(s)")
        case .tracerouteQuery(let trace): "mtrace \(trace.summary)"
        case .tracerouteResponse(let trace): "mresp \(trace.summary)"
        case .other(type: 0x13, _): "igmp dvmrp"
        case .other(type: 0x14, _): "igmp pimv1"
        case .routerAdvertisement, .routerSolicitation, .routerTermination, .other: "igmp-\(type)"
        }
    }

    /// The message's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        return [
            .number("Type", type, 0..<1, meaning: body.name),
            body.secondField(bytes.uint8(at: 1)),
            .checksum("Checksum", bytes.uint16(at: Self.checksumOffset), 2..<4, verdict),
        ] + body.laterFields
    }
}

extension IGMPMessage.Body {
    fileprivate var name: String? {
        switch self {
        case .query, .queryV3: "membership query"
        case .reportV1: "version 1 membership report"
        case .reportV2: "version 2 membership report"
        case .leave: "leave group"
        case .reportV3: "version 3 membership report"
        case .routerAdvertisement: "multicast router advertisement"
        case .routerSolicitation: "multicast router solicitation"
        case .routerTermination: "multicast router termination"
        case .tracerouteQuery(let trace): trace.blocks.isEmpty ? "traceroute query" : "traceroute request"
        case .tracerouteResponse: "traceroute response"
        case .other(type: 0x13, _): "DVMRP"
        case .other(type: 0x14, _): "PIM version 1"
        case .other: nil
        }
    }

    /// The second byte, which each type calls otherwise.
    fileprivate func secondField(_ value: UInt8) -> Field {
        switch self {
        case .query(_, let tenths):
            .number("Max resp time", tenths, 1..<2, meaning: tenths == 0 ? "version 1" : seconds(Int(tenths)))
        case .queryV3(_, let code): .number("Max resp code", code.rawValue, 1..<2, meaning: seconds(code.value))
        case .routerAdvertisement: .number("Advertisement interval", value, 1..<2, meaning: "\(value) s")
        case .tracerouteQuery, .tracerouteResponse: .number("# hops", value, 1..<2)
        case .reportV1, .reportV2, .leave: .number("Max resp time", value, 1..<2)
        case .reportV3, .routerSolicitation, .routerTermination: .number("Reserved", value, 1..<2)
        case .other: .number("Code", value, 1..<2)
        }
    }

    fileprivate var laterFields: [Field] {
        switch self {
        case .query(let group, _), .reportV1(let group), .reportV2(let group), .leave(let group):
            [.text("Group address", group, 4..<8)]
        case .queryV3(let query, _): query.fields(named: "Group address", at: 4)
        case .reportV3(let report):
            report.fields(recordsNamed: "Group record", groupsNamed: "Multicast address", at: 4)
        case .routerAdvertisement(let router):
            [
                .number("Query interval", router.queryInterval, 4..<6, meaning: "\(router.queryInterval) s"),
                .number("Robustness variable", router.robustnessVariable, 6..<8),
            ]
        case .tracerouteQuery(let trace), .tracerouteResponse(let trace): trace.fields
        case .routerSolicitation, .routerTermination, .other: []
        }
    }
}

extension MulticastQuery<IPv4Address> {
    fileprivate func summary(_ code: ExponentialCode<UInt8>, length: Int) -> String {
        if length % 4 != 0 { return " [invalid len \(length)]" }
        let time = code.rawValue == 100 ? "" : " [max resp time \(tcpdumpTime(code.value))]"
        if group.isUnspecified { return time }
        return time + " [gaddr \(group)" + (sources.isEmpty ? "]" : ", \(sources.count) source(s)]")
    }

    /// Tenths of a second as tcpdump writes them: less than a minute with a decimal, more in minutes and seconds.
    private func tcpdumpTime(_ tenths: Int) -> String {
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10)s" }
        let (minutes, rest) = (tenths / 600, tenths / 10 % 60)
        return "\(minutes)m" + (rest == 0 ? "" : "\(rest)s")
    }
}

private func seconds(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10) s" }

extension MtraceMessage {
    fileprivate var summary: String {
        "\(queryID): \(source) to \(destination) reply-to \(responseAddress)"
            + (responseAddress.isMulticast ? " with-ttl \(responseTTL)" : "")
    }

    fileprivate var fields: [Field] {
        let fields: [Field] = [
            .text("Multicast address", group, 4..<8),
            .text("Source address", source, 8..<12),
            .text("Destination address", destination, 12..<16),
            .text("Response address", responseAddress, 16..<20),
            .number("Response TTL", responseTTL, 20..<21),
            .number("Query ID", queryID, 21..<24),
        ]
        let blocks = blocks.enumerated().map { index, block in
            let group = Field.group("Response block", 0..<MtraceResponseBlock.length, block.fields)
            return group.moved(by: 24 + index * MtraceResponseBlock.length)
        }
        return fields + blocks
    }
}

extension MtraceResponseBlock {
    fileprivate var fields: [Field] {
        [
            .hexadecimal("Query arrival time", queryArrivalTime, 0..<4),
            .text("Incoming interface address", incomingAddress, 4..<8),
            .text("Outgoing interface address", outgoingAddress, 8..<12),
            .text("Previous-hop router address", previousHop, 12..<16),
            .count("Input packet count", inputPackets, 16..<20),
            .count("Output packet count", outputPackets, 20..<24),
            .count("Total number of packets", forwardedPackets, 24..<28),
            .number("Rtg protocol", routingProtocol.rawValue, 28..<29, meaning: routingProtocol.description),
            .number("Fwd TTL", forwardingTTL, 29..<30),
            .flag("S", countsNetwork, 30..<31),
            .number("Src mask", sourceMask, 30..<31),
            .number("Forwarding code", forwardingCode.rawValue, 31..<32, meaning: forwardingCode.description),
        ]
    }
}

extension Field {
    /// A count of packets, whose highest value says that it is unknown.
    static func count(_ name: String, _ value: some FixedWidthInteger, _ bytes: Range<Int>) -> Field {
        .number(name, value, bytes, meaning: value == .max ? "unknown" : nil)
    }
}
