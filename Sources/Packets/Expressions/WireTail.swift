import Addresses

/// What follows the fields of a header: options, sources, records; their bytes, and how many they are.
struct WireTail: Sendable {
    let bytes: [UInt8]
    let count: Int

    /// - Parameter node: a list, or one of what a list would hold.
    init(_ tail: WireLayer.Tail, _ node: ExpressionNode) throws(ExpressionError) {
        let items: [TailItem]
        if case .list(let nodes) = node.kind {
            var read: [TailItem] = []
            for node in nodes { read.append(try TailItem(node, of: tail)) }
            items = read
        } else {
            items = [try TailItem(node, of: tail)]
        }
        var bytes: [UInt8] = []
        for item in items { bytes += try item.bytes(of: tail) }
        switch tail {
        case .ipv4Options, .tcpOptions:
            guard bytes.count <= 40 else {
                throw ExpressionError(
                    "the options take \(bytes.count) bytes, where a header has room for 40", at: node.offset)
            }
            bytes += [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
        case .ipv6Options:
            // Behind the two bytes of the header, up to a multiple of eight.
            let gap = (8 - (bytes.count + 2) % 8) % 8
            if gap == 1 { bytes.append(0) }
            if gap > 1 { bytes += [1, UInt8(gap - 2)] + [UInt8](repeating: 0, count: gap - 2) }
            guard bytes.count + 2 <= 2048 else {
                throw ExpressionError(
                    "the options take \(bytes.count) bytes, where there is room for 2046", at: node.offset)
            }
        case .ipv4Sources, .ipv6Sources, .ipv4Records, .ipv6Records:
            guard items.count <= 65_535 else { throw ExpressionError("more than 65535 \(tail.name)", at: node.offset) }
        }
        (self.bytes, count) = (bytes, items.count)
    }
}

/// One option, source or record: its name, and what stands in its brackets.
private struct TailItem {
    private let name: String
    private let offset: Int
    private let arguments: [ExpressionNode]

    init(_ node: ExpressionNode, of tail: WireLayer.Tail) throws(ExpressionError) {
        offset = node.offset
        switch node.kind {
        case .word(let word): (name, arguments) = (word, [])
        case .call(let name, let arguments):
            if let named = arguments.first(where: { $0.name != nil }) {
                throw ExpressionError("\(name) takes values without names", at: named.offset)
            }
            (self.name, self.arguments) = (name, arguments.map(\.value))
        case .text, .list: throw ExpressionError("a name should stand here, as in \(tail.example)", at: node.offset)
        }
    }

    func bytes(of tail: WireLayer.Tail) throws(ExpressionError) -> [UInt8] {
        if name == "hex" { return try hexadecimal() }
        switch tail {
        case .ipv4Options: return try ipv4Option()
        case .ipv6Options: return try ipv6Option()
        case .tcpOptions: return try tcpOption()
        case .ipv4Sources: return try address(IPv4Address(name), "IPv4").bytes
        case .ipv6Sources: return try address(IPv6Address(name), "IPv6").bytes
        case .ipv4Records: return try record(IPv4Address.self, "IPv4")
        case .ipv6Records: return try record(IPv6Address.self, "IPv6")
        }
    }

    // MARK: - Options

    private func ipv4Option() throws(ExpressionError) -> [UInt8] {
        let option: IPv4Option
        switch name {
        case "nop": return [1]
        case "eol": return [0]
        case "rr": option = .recordRoute(RouteRecord(emptySlots: try number(0, "1 to 9 slots", in: 1...9) ?? 9))
        case "lsrr": option = .looseSourceRoute(RouteRecord(slots: try addresses()))
        case "ssrr": option = .strictSourceRoute(RouteRecord(slots: try addresses()))
        case "ts":
            option = .timestamp(
                .init(emptyEntries: try number(0, "1 to 9 times", in: 1...9) ?? 9, withAddresses: false))
        case "tsaddr":
            option = .timestamp(
                .init(emptyEntries: try number(0, "1 to 4 entries", in: 1...4) ?? 4, withAddresses: true))
        case "tsprespec": option = .timestamp(.init(prespecified: try addresses()))
        case "ra": option = .routerAlert(UInt16(try number(0, "a value", in: 0...65_535) ?? 0))
        case "sid": option = .streamIdentifier(UInt16(try number(0, "an identifier", in: 0...65_535) ?? 0))
        default:
            throw unknown(among: ["rr", "ts", "tsaddr", "tsprespec", "lsrr", "ssrr", "ra", "sid", "nop", "eol", "hex"])
        }
        var bytes = serialized(capacity: 264) { IPv4Option.serializeList([option], into: &$0) }
        bytes.removeLast(bytes.count - min(option.length, bytes.count))
        return bytes
    }

    private func ipv6Option() throws(ExpressionError) -> [UInt8] {
        switch name {
        case "ra":
            let value = UInt16(try number(0, "a value", in: 0...65_535) ?? 0)
            return [5, 2, UInt8(value >> 8), UInt8(value & 0xFF)]
        case "pad1": return [0]
        case "padn":
            let count = try number(0, "bytes in all", in: 2...257) ?? 2
            return [1, UInt8(count - 2)] + [UInt8](repeating: 0, count: count - 2)
        case "jumbo":
            let length = try number(0, "a length", in: 0...Int(UInt32.max)) ?? 0
            return [0xC2, 4] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
        default: throw unknown(among: ["ra", "pad1", "padn", "jumbo", "hex"])
        }
    }

    private func tcpOption() throws(ExpressionError) -> [UInt8] {
        switch name {
        case "nop": return [1]
        case "eol": return [0]
        case "mss":
            let size = try number(0, "a size", in: 0...65_535) ?? 1460
            return [2, 4, UInt8(size >> 8), UInt8(size & 0xFF)]
        case "wscale": return [3, 3, UInt8(try number(0, "a shift", in: 0...255) ?? 7)]
        case "sackok": return [4, 2]
        case "ts":
            let times = [
                try number(0, "a time", in: 0...Int(UInt32.max)) ?? 1,
                try number(1, "a time", in: 0...Int(UInt32.max)) ?? 0,
            ]
            return [8, 10] + times.flatMap { time in (0..<4).map { UInt8(truncatingIfNeeded: time >> (24 - 8 * $0)) } }
        case "fastopen":
            return [34, UInt8(2 + (try hexadecimal(required: false)).count)] + (try hexadecimal(required: false))
        default: throw unknown(among: ["mss", "wscale", "sackok", "ts", "fastopen", "nop", "eol", "hex"])
        }
    }

    // MARK: - Records

    private func record<Address: InternetAddress & LosslessStringConvertible>(
        _: Address.Type, _ family: String
    ) throws(ExpressionError) -> [UInt8] {
        let types = ["include", "exclude", "toinclude", "toexclude", "allow", "block"]
        var arguments = arguments[...]
        var type = types.firstIndex(of: name).map { $0 + 1 }
        if name == "type" {
            type = try number(0, "a record type", in: 0...255)
            arguments = arguments.dropFirst()
        }
        guard let type else { throw unknown(among: types + ["type", "hex"]) }
        var addresses: [UInt8] = []
        for argument in arguments {
            guard case .word(let word) = argument.kind, let address = Address(word) else {
                throw ExpressionError("no \(family) address", at: argument.offset)
            }
            addresses += address.bytes
        }
        guard let first = arguments.first else {
            throw ExpressionError("\(name) wants a group, and sources behind it, if any", at: offset)
        }
        guard arguments.count <= 65_536 else { throw ExpressionError("more than 65535 sources", at: first.offset) }
        let count = arguments.count - 1
        return [UInt8(type), 0, UInt8(count >> 8), UInt8(count & 0xFF)] + addresses
    }

    // MARK: - Arguments

    private func number(
        _ index: Int, _ what: String, in range: ClosedRange<Int>
    ) throws(ExpressionError) -> Int? {
        guard index < arguments.count else { return nil }
        guard case .word(let word) = arguments[index].kind,
            let number = Int(word) ?? (word.hasPrefix("0x") ? Int(word.dropFirst(2), radix: 16) : nil),
            range.contains(number)
        else {
            throw ExpressionError(
                "\(name) takes \(what), a number from \(range.lowerBound) to \(range.upperBound)",
                at: arguments[index].offset)
        }
        return number
    }

    private func addresses() throws(ExpressionError) -> [IPv4Address] {
        var addresses: [IPv4Address] = []
        for argument in arguments {
            guard case .word(let word) = argument.kind, let address = IPv4Address(word) else {
                throw ExpressionError("no IPv4 address", at: argument.offset)
            }
            addresses.append(address)
        }
        guard !addresses.isEmpty else {
            throw ExpressionError("\(name) wants addresses: \(name)(198.18.0.1)", at: offset)
        }
        guard addresses.count <= 9 else { throw ExpressionError("\(name) has room for 9 addresses", at: offset) }
        return addresses
    }

    private func address<Address: InternetAddress>(
        _ address: Address?, _ family: String
    ) throws(ExpressionError) -> Address {
        guard let address, arguments.isEmpty else {
            throw ExpressionError("'\(name)' is no \(family) address", at: offset)
        }
        return address
    }

    private func hexadecimal(required: Bool = true) throws(ExpressionError) -> [UInt8] {
        guard let argument = arguments.first, arguments.count == 1 else {
            if !required, arguments.isEmpty { return [] }
            throw ExpressionError("\(name) takes hexadecimal digits: \(name)(0a0b)", at: offset)
        }
        return try ExpressionBytes.hexadecimal(argument)
    }

    private func unknown(among names: [String]) -> ExpressionError {
        ExpressionError("there is no '\(name)' here\(NearestName.hint(for: name, among: names))", at: offset)
    }
}

extension WireLayer.Tail {
    var example: String {
        switch self {
        case .ipv4Options: "options=[rr(9),ra]"
        case .ipv6Options: "options=[ra(0)]"
        case .tcpOptions: "options=[mss(1460),sackok]"
        case .ipv4Sources: "sources=[198.18.0.1,198.18.0.2]"
        case .ipv6Sources: "sources=[2001:db8::1]"
        case .ipv4Records: "records=[exclude(225.1.2.3)]"
        case .ipv6Records: "records=[exclude(ff02::1:3)]"
        }
    }
}

extension InternetAddress {
    fileprivate var bytes: [UInt8] {
        stride(from: Self.bitCount - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: rawValue >> $0) }
    }
}
