/// What a packet must be like, in the words of a ``PacketExpression``.
///
/// ```swift
/// let pattern = try PacketPattern("icmp.unreachable(code=[net,host])/ipv4(ttl=1-3)")
/// if pattern.matches(packet) { … }
/// ```
///
/// A packet matches if it has the pattern's layers in this order, with others between them or not, and each field that
/// the pattern says holds one of the values said. Bytes match where they stand anywhere behind the layer before them.
public struct PacketPattern: Sendable {
    private enum Part: Sendable {
        case layer(WireLayer, [(field: WireField, ranges: [ClosedRange<UInt128>])])
        case bytes([UInt8])
    }

    private var parts: [Part] = []

    /// Reads a pattern.
    /// - Throws: what is wrong with the text, and where.
    public init(_ text: String) throws(ExpressionError) {
        for node in try ExpressionReader.layers(text) {
            if let bytes = try ExpressionBytes(node) {
                guard case .fixed(let bytes) = bytes else {
                    throw ExpressionError("random bytes match nothing: leave them out", at: node.offset)
                }
                parts.append(.bytes(bytes))
            } else if case .call(let name, let arguments) = node.kind {
                parts.append(try Self.part(try WireLayer.find(name, at: node.offset), arguments))
            }
        }
    }

    private static func part(
        _ layer: WireLayer, _ arguments: [ExpressionArgument]
    ) throws(ExpressionError) -> Part {
        var conditions: [(field: WireField, ranges: [ClosedRange<UInt128>])] = []
        if layer.tellingLength > 0 {
            let telling = WireField("type", 0, layer.tellingLength * 8)
            let value = layer.template.bits(at: 0, telling.width)
            conditions.append((telling, [value...value]))
        }
        for argument in arguments {
            let (name, value) = try layer.named(argument)
            guard let field = layer.field(name) else {
                throw ExpressionError("\(name) can't be in a pattern", at: argument.offset)
            }
            conditions.append((field, try ranges(field, value)))
        }
        return .layer(layer, conditions)
    }

    private static func ranges(
        _ field: WireField, _ node: ExpressionNode
    ) throws(ExpressionError) -> [ClosedRange<UInt128>] {
        switch try field.values(node) {
        case .fixed(let value): return [value...value]
        case .range(let first, let count): return [first...first + (count - 1)]
        case .list(let values): return values.map { $0...$0 }
        case .random, .counted: throw ExpressionError("random matches everything: leave it out", at: node.offset)
        }
    }

    /// Whether a packet is like that.
    /// - Parameter packet: from its IP header on.
    public func matches(_ packet: [UInt8]) -> Bool {
        var headers = PacketLayout(packet).headers[...]
        var end = 0
        for part in parts {
            switch part {
            case .layer(let layer, let conditions):
                let index = headers.firstIndex { header in
                    header.kind == layer.header
                        && conditions.allSatisfy { field, ranges in
                            let start = header.start * 8 + field.start
                            guard start + field.width <= packet.count * 8 else { return false }
                            let value = packet.bits(at: start, field.width)
                            return ranges.contains { $0.contains(value) }
                        }
                }
                guard let index else { return false }
                end = headers[index].end
                headers = headers[(index + 1)...]
            case .bytes(let bytes):
                guard let place = Self.place(of: bytes, in: packet[end...]) else { return false }
                end = place + bytes.count
                headers = headers.drop { $0.start < end }
            }
        }
        return true
    }

    private static func place(of bytes: [UInt8], in rest: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return rest.startIndex }
        guard rest.count >= bytes.count else { return nil }
        return (rest.startIndex...rest.endIndex - bytes.count).first {
            rest[$0] == first && rest[$0...].starts(with: bytes)
        }
    }
}
