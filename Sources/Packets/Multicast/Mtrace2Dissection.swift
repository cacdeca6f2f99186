import Addresses

extension Mtrace2Message {
    /// The message's fields with their places.
    ///
    /// - Parameters:
    ///   - bytes: what the message was read from.
    public func fields(of bytes: RawSpan) -> [Field] {
        let end = trace.messageLength
        let numbers: [Field] = [
            .number("Type", kind.rawValue, 0..<1, meaning: "\(kind)"),
            .number("Length", bytes.uint16(at: 1), 1..<3),
            .number("# Hops", hops, 3..<4),
        ]
        let identifiers: [Field] = [
            .number("Query ID", queryID, end - 4..<end - 2),
            .number("Client port #", clientPort, end - 2..<end),
        ]
        var fields = numbers + trace.fields + identifiers
        var offset = end
        for block in blocks {
            fields += [block.group].moved(by: offset)
            offset += block.length
        }
        return fields
    }

    /// What a UDP datagram from or to the protocol's port is; `nil` if that is no multicast traceroute: the port is
    /// also one of those that other traceroutes send to.
    static func layer(of payload: [UInt8], ports: (source: UInt16, destination: UInt16)) -> Field? {
        guard ports.source == port || ports.destination == port,
            let message = try? Mtrace2Message(parsing: payload.span.bytes)
        else { return nil }
        return .group("Mtrace2", 0..<message.length, message.fields(of: payload.span.bytes))
    }
}

extension Mtrace2Message.Trace {
    fileprivate var fields: [Field] {
        func rows<Address: InternetAddress>(_ group: Address, _ source: Address, _ client: Address) -> [Field] {
            let size = Address.byteCount
            return [
                .text("Multicast address", group, 4..<4 + size),
                .text("Source address", source, 4 + size..<4 + 2 * size),
                .text("Mtrace2 client address", client, 4 + 2 * size..<4 + 3 * size),
            ]
        }
        return switch self {
        case .v4(let group, let source, let client): rows(group, source, client)
        case .v6(let group, let source, let client): rows(group, source, client)
        }
    }
}

extension Mtrace2Block {
    fileprivate var group: Field {
        let head: [Field] = [.number("Type", type, 0..<1), .number("Length", length, 1..<3)]
        let whole = 0..<length
        return switch self {
        case .standardResponse(let response):
            .group("Standard response block", whole, head + response.fields)
        case .augmentedResponse(let type, let value):
            .group(
                "Augmented response block", whole,
                head + [.number("Augmented response type", type, 4..<6)] + Self.value(value, at: 6))
        case .extendedQuery(let type, let value, let isTransitive):
            .group(
                "Extended query block", whole,
                head + [.flag("T", isTransitive, 3..<4), .number("Extended query type", type, 4..<6)]
                    + Self.value(value, at: 6))
        case .unknown(_, let value): .group("Unknown block", whole, head + Self.value(value, at: 3))
        }
    }

    private static func value(_ bytes: [UInt8], at offset: Int) -> [Field] {
        bytes.isEmpty ? [] : [.bytes("Value", bytes, at: offset)]
    }
}

extension Mtrace2ResponseBlock {
    fileprivate var fields: [Field] {
        let counts = countsOffset
        let last = counts + 28
        let later: [Field] = [
            .count("Input packet count", inputPackets, counts..<counts + 8),
            .count("Output packet count", outputPackets, counts + 8..<counts + 16),
            .count("Total number of packets", forwardedPackets, counts + 16..<counts + 24),
            .number(
                "Rtg protocol", routingProtocol, counts + 24..<counts + 26,
                meaning: Self.name(routingProtocol, in: Self.routingProtocols)),
            .number(
                "Multicast rtg protocol", multicastRoutingProtocol, counts + 26..<last,
                meaning: Self.name(multicastRoutingProtocol, in: Self.multicastRoutingProtocols)),
        ]
        let code = Field.number(
            "Forwarding code", forwardingCode.rawValue, last + 3..<last + 4, meaning: forwardingCode.description)
        return [.hexadecimal("Query arrival time", queryArrivalTime, 4..<8)] + placeFields + later
            + lastRowFields(at: last) + [code]
    }

    private var placeFields: [Field] {
        switch place {
        case .v4(let incoming, let outgoing, let upstream, _):
            [
                .text("Incoming interface address", incoming, 8..<12),
                .text("Outgoing interface address", outgoing, 12..<16),
                .text("Upstream router address", upstream, 16..<20),
            ]
        case .v6(let incomingID, let outgoingID, let local, let remote):
            [
                .number("Incoming interface ID", incomingID, 8..<12),
                .number("Outgoing interface ID", outgoingID, 12..<16),
                .text("Local address", local, 16..<32),
                .text("Remote address", remote, 32..<48),
            ]
        }
    }

    private func lastRowFields(at offset: Int) -> [Field] {
        switch place {
        case .v4(_, _, _, let ttl):
            [
                .number("Fwd TTL", ttl, offset..<offset + 1),
                .flag("S", countsNetwork, offset + 2..<offset + 3),
                .number("Src mask", sourcePrefixLength, offset + 2..<offset + 3),
            ]
        case .v6:
            [
                .flag("S", countsNetwork, offset + 1..<offset + 2),
                .number("Src prefix len", sourcePrefixLength, offset + 2..<offset + 3),
            ]
        }
    }

    private static func name(_ number: UInt16, in names: [String]) -> String? {
        let index = Int(number) - 1
        return names.indices.contains(index) ? names[index] : nil
    }

    /// IANAipRouteProtocol, from 1 on.
    private static let routingProtocols = [
        "other", "local", "netmgmt", "ICMP", "EGP", "GGP", "Hello", "RIP", "IS-IS", "ES-IS", "IGRP", "BBN SPF IGP",
        "OSPF", "BGP", "IDPR", "EIGRP", "DVMRP", "RPL", "DHCP",
    ]

    /// IANAipMRouteProtocol, from 1 on.
    private static let multicastRoutingProtocols = [
        "other", "local", "netmgmt", "DVMRP", "MOSPF", "PIM sparse-dense mode", "CBT", "PIM sparse mode",
        "PIM dense mode", "IGMP", "BGMP", "MSDP",
    ]
}
