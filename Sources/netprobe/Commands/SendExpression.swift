import Addresses
import Packets

/// The expression that the options of `netprobe send` stand for.
struct SendExpression {
    let text: String
    let family: IPFamily

    init(_ command: SendCommand, data: [UInt8]?) throws(UsageError) {
        if let packet = command.layers.packet ?? command.layers.packetHexadecimal {
            try Self.checkAlone(command)
            let isExpression = command.layers.packet != nil
            guard !(isExpression && command.layers.packetHexadecimal != nil) else {
                throw UsageError("only one of --packet and --packet-hex can be")
            }
            text = isExpression ? packet : try Self.headers(ofHexadecimal: packet)
            family = try Self.family(command, of: isExpression ? text : nil, or: text)
            return
        }
        family = try Self.family(command, of: nil, or: nil)
        let internet = try Self.internet(command, family)
        let message = try Self.message(command, family)
        let payload = try Self.payload(command, data, isBare: message == nil)
        text = ([internet, message, payload] as [String?]).compactMap { $0 }.joined(separator: "/")
    }

    /// All layers with their fields, for people.
    static var layers: String {
        var text = ""
        for layer in PacketExpression.layers {
            text += layer.name + "\n"
            for field in layer.fields {
                text +=
                    "    \(field.name)\(String(repeating: " ", count: max(1, 13 - field.name.count)))\(field.values)\n"
            }
        }
        return text
    }

    // MARK: - Which family

    private static func family(
        _ command: SendCommand, of expression: String?, or hexadecimal: String?
    ) throws(UsageError) -> IPFamily {
        if command.ipv4 && command.ipv6 { throw UsageError("only one of -4 and -6 can be") }
        let asked: IPFamily? = command.ipv6 ? .v6 : command.ipv4 ? .v4 : nil
        let first = (expression ?? hexadecimal)?.drop { $0 == " " } ?? ""
        let said: IPFamily? = first.hasPrefix("ipv6") ? .v6 : first.hasPrefix("ipv4") ? .v4 : nil
        // A scope stands behind a percent sign.
        let literal = command.destination.flatMap { IPAddress(String($0.prefix { $0 != "%" })) }?.family
        let families = [asked, said, literal].compactMap { $0 }
        if let first = families.first, families.contains(where: { $0 != first }) {
            throw UsageError(
                "the packet, the destination and -4 or -6 don't agree on IPv4 or IPv6: "
                    + "\(command.destination?.forTerminal ?? "no destination")")
        }
        let isIPv6 = first.hasPrefix("icmpv6") || first.hasPrefix("hopopts") || first.hasPrefix("dstopts")
        return families.first ?? (isIPv6 ? .v6 : .v4)
    }

    // MARK: - Layers

    private static func internet(_ command: SendCommand, _ family: IPFamily) throws(UsageError) -> String {
        let fields = command.internet
        let isIPv4 = family == .v4
        var layer = LayerText(isIPv4 ? "ipv4" : "ipv6")
        try layer.add("--source", "src", fields.source)
        try layer.add("--ttl", isIPv4 ? "ttl" : "hlim", fields.ttl)
        try layer.add("--tos", isIPv4 ? "tos" : "tc", fields.tos)
        try layer.add("--dscp", "dscp", fields.dscp)
        try layer.add("--ecn", "ecn", fields.ecn)
        try layer.add("--ip-protocol", isIPv4 ? "proto" : "next", fields.protocolNumber)
        try layer.add("--ip-version", "version", fields.version)
        try layer.add("--total-length", "len", fields.totalLength)
        let onlyIPv4: [(String, String, String?)] = [
            ("--id", "id", fields.identification), ("--ihl", "ihl", fields.headerLength),
            ("--df", "df", fields.dontFragment ? "1" : nil), ("--mf", "mf", fields.moreFragments ? "1" : nil),
            ("--rf", "rf", fields.reserved ? "1" : nil), ("--offset", "offset", fields.offset),
            ("--option", "options", fields.options), ("--ip-checksum", "checksum", fields.checksum),
        ]
        for (option, field, value) in onlyIPv4 where value != nil {
            guard isIPv4 else { throw UsageError("\(option) is a field of IPv4, and this is IPv6") }
            try layer.add(option, field, value)
        }
        if fields.flow != nil, isIPv4 { throw UsageError("--flow is a field of IPv6, and this is IPv4") }
        try layer.add("--flow", "flow", fields.flow)
        if let number = command.layers.protocolNumber { try layer.add("--protocol", isIPv4 ? "proto" : "next", number) }
        return layer.text
    }

    private static func message(_ command: SendCommand, _ family: IPFamily) throws(UsageError) -> String? {
        let layers = command.layers
        let asked = [
            layers.udp ? "--udp" : nil, layers.tcp ? "--tcp" : nil, layers.type.map { _ in "--type" },
            layers.protocolNumber.map { _ in "--protocol" },
        ].compactMap { $0 }
        guard asked.count < 2 else { throw UsageError("only one of \(asked.joined(separator: " and ")) can be") }
        let icmp = family == .v4 ? "icmp" : "icmpv6"
        var layer: LayerText?
        if layers.udp {
            layer = LayerText("udp")
        } else if layers.tcp {
            layer = LayerText("tcp")
        } else if layers.protocolNumber == nil {
            let type = layers.type ?? "echo"
            let isNumber = type.first?.isNumber ?? false
            layer = LayerText(isNumber ? icmp : "\(icmp).\(type)")
            if !isNumber {
                do throws(ExpressionError) {
                    _ = try PacketExpression("\(icmp).\(type)")
                } catch {
                    throw UsageError("invalid --type value: '\(type.forTerminal)': \(error.reason.forTerminal)")
                }
            }
            if isNumber { try layer?.add("--type", "type", type) }
        }
        let fields = command.message
        let all: [(String, String, String?, [String])] = [
            ("--code", "code", fields.code, [icmp]), ("--icmp-id", "id", fields.identifier, [icmp]),
            ("--icmp-seq", "seq", fields.sequence, [icmp]), ("--rest", "rest", fields.rest, [icmp]),
            ("--sport", "sport", fields.sourcePort, ["udp", "tcp"]),
            ("--dport", "dport", fields.destinationPort, ["udp", "tcp"]),
            ("--udp-length", "len", fields.udpLength, ["udp"]), ("--flags", "flags", fields.flags, ["tcp"]),
            ("--seq", "seq", fields.tcpSequence, ["tcp"]), ("--ack", "ack", fields.acknowledgment, ["tcp"]),
            ("--window", "window", fields.window, ["tcp"]), ("--urgent", "urgent", fields.urgent, ["tcp"]),
            ("--data-offset", "offset", fields.dataOffset, ["tcp"]),
            ("--tcp-option", "options", fields.options, ["tcp"]),
            ("--checksum", "checksum", fields.checksum, [icmp, "udp", "tcp"]),
        ]
        for (option, field, value, owners) in all {
            guard let value else { continue }
            guard let name = layer?.name, owners.contains(where: { name == $0 || name.hasPrefix($0 + ".") }) else {
                let owner = owners.map { $0.hasPrefix("icmp") ? "ICMP" : "--\($0)" }.joined(separator: " or ")
                throw UsageError("\(option) is a field of \(owner), which this packet has not")
            }
            try layer?.add(option, field, value)
        }
        if layers.udp || layers.tcp, fields.destinationPort == nil {
            throw UsageError("\(layers.udp ? "--udp" : "--tcp") wants a port: -p 53")
        }
        return layer?.text
    }

    private static func payload(_ command: SendCommand, _ file: [UInt8]?, isBare: Bool) throws(UsageError) -> String? {
        let fields = command.payload
        let asked = [
            fields.text.map { _ in "--data" }, fields.hexadecimal.map { _ in "--data-hex" },
            fields.file.map { _ in "--data-file" }, fields.random.map { _ in "--data-random" },
            fields.size.map { _ in "--size" },
        ].compactMap { $0 }
        guard asked.count < 2 else { throw UsageError("only one of \(asked.joined(separator: " and ")) can be") }
        if fields.pattern != nil, fields.size == nil { throw UsageError("--pattern is what --size repeats: -s 56") }
        if let bytes = file ?? fields.text.map({ Array($0.utf8) }) {
            return "hex(\(FieldTree.hexadecimal(bytes[...]).filter { $0 != " " }))"
        }
        if let digits = fields.hexadecimal { return try check("--data-hex", "hex(\"\(digits)\")", digits) }
        if let size = fields.random { return try check("--data-random", "random(\(size))", size) }
        guard let size = fields.size else { return nil }
        return try check("--size", fields.pattern.map { "pattern(\(size),\"\($0)\")" } ?? "pattern(\(size))", size)
    }

    private static func check(_ option: String, _ layer: String, _ value: String) throws(UsageError) -> String {
        do throws(ExpressionError) {
            _ = try PacketExpression("ipv4/\(layer)")
            return layer
        } catch {
            throw UsageError("invalid \(option) value: '\(value.forTerminal)': \(error.reason.forTerminal)")
        }
    }

    // MARK: - Whole packets

    /// A packet of bytes is an expression of its header's fields, so that they may still be filled in: none of them is.
    private static func headers(ofHexadecimal digits: String) throws(UsageError) -> String {
        let bytes: [UInt8]
        do throws(ExpressionError) { bytes = try PacketExpression("hex(\"\(digits)\")").packet(number: 0) } catch {
            throw UsageError("invalid --packet-hex value: \(error.reason.forTerminal)")
        }
        func number(_ range: Range<Int>) -> String { "0x" + FieldTree.hexadecimal(bytes[range]).filter { $0 != " " } }
        switch bytes.first.map({ $0 >> 4 }) {
        case 4 where bytes.count >= 20:
            // Zeros are for us to fill in.
            func unlessZero(_ name: String, _ range: Range<Int>) -> String {
                bytes[range].allSatisfy { $0 == 0 } ? "" : ",\(name)=\(number(range))"
            }
            let fields = """
                version=\(bytes[0] >> 4),ihl=\(bytes[0] & 0x0F),tos=\(bytes[1]),flags=\(bytes[6] >> 5),\
                offset=\((Int(bytes[6]) & 0x1F) << 8 | Int(bytes[7])),ttl=\(bytes[8]),proto=\(bytes[9])\
                \(unlessZero("id", 4..<6))\(unlessZero("src", 12..<16))\(unlessZero("dst", 16..<20))
                """
            let rest = bytes.count == 20 ? "" : "/hex(\(number(20..<bytes.count)))"
            // Length and checksum are the kernel's, right or wrong.
            return "ipv4(\(fields))" + rest
        case 6 where bytes.count >= 40:
            let header = """
                ipv6(tc=\((Int(bytes[0]) << 4 | Int(bytes[1]) >> 4) & 0xFF),\
                flow=\((Int(bytes[1]) & 0x0F) << 16 | Int(bytes[2]) << 8 | Int(bytes[3])),len=\(number(4..<6)),\
                next=\(bytes[6]),hlim=\(bytes[7]),src=\(number(8..<24)),dst=\(number(24..<40)))
                """
            return bytes.count == 40 ? header : header + "/hex(\(number(40..<bytes.count)))"
        default:
            throw UsageError("invalid --packet-hex value: it begins with no IP header: 45… or 6…")
        }
    }

    private static func checkAlone(_ command: SendCommand) throws(UsageError) {
        let name = command.layers.packet != nil ? "--packet" : "--packet-hex"
        var bare = command
        bare.layers.packet = nil
        bare.layers.packetHexadecimal = nil
        let internet = try Self.internet(bare, command.ipv6 ? .v6 : .v4)
        let hasLayer = bare.layers.udp || bare.layers.tcp || bare.layers.type != nil
        let payload = [
            bare.payload.text, bare.payload.hexadecimal, bare.payload.file, bare.payload.random, bare.payload.size,
        ]
        let message = try hasLayer ? nil : Self.message(bare, command.ipv6 ? .v6 : .v4)
        let isPlain = ["icmp.echo", "icmpv6.echo"].contains(message ?? "")
        guard !hasLayer, isPlain, ["ipv4", "ipv6"].contains(internet), payload.allSatisfy({ $0 == nil }) else {
            throw UsageError("\(name) says the whole packet: write the fields of the other options into it")
        }
    }
}

/// A layer with the fields that options say.
private struct LayerText {
    let name: String
    private var fields: [String] = []

    init(_ name: String) { self.name = name }

    var text: String { fields.isEmpty ? name : "\(name)(\(fields.joined(separator: ",")))" }

    /// Adds a field, if an option says it.
    mutating func add(_ option: String, _ field: String, _ value: String?) throws(UsageError) {
        guard let value else { return }
        let isList = value.contains(",") && !value.hasPrefix("[")
        let text = "\(field)=\(isList ? "[\(value)]" : value)"
        do throws(ExpressionError) {
            _ = try PacketExpression("\(name)(\(text))")
        } catch {
            // Which layer it would be of is not what the user said.
            let reason = error.reason.hasPrefix("\(name) has no field") ? "\(name) has no such field" : error.reason
            throw UsageError("invalid \(option) value: '\(value.forTerminal)': \(reason.forTerminal)")
        }
        fields.append(text)
    }
}
