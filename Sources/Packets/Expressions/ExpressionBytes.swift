/// Layers that are bytes and no header: a text between quotation marks, or one of these calls.
///
/// - `hex(00ff)`: these bytes, digits in words or between quotation marks
/// - `pattern(SIZE)`, `pattern(SIZE, 6e70)`: so many bytes of this pattern
/// - `random(SIZE)`: so many bytes that look random, others in each packet
enum ExpressionBytes: Sendable {
    case fixed([UInt8])
    case random(Int)

    static let names = ["hex", "pattern", "random"]

    /// What a text or a call says; `nil` if it is no call of these.
    init?(_ node: ExpressionNode) throws(ExpressionError) {
        switch node.kind {
        case .text(let bytes): self = .fixed(bytes)
        case .call("hex", let arguments):
            var bytes: [UInt8] = []
            for argument in arguments { bytes += try Self.hexadecimal(argument.value) }
            self = .fixed(bytes)
        case .call("pattern", let arguments):
            let size = try Self.size(arguments, of: "pattern", at: node.offset)
            guard arguments.count <= 2 else {
                throw ExpressionError("pattern takes a size and digits", at: arguments[2].offset)
            }
            let pattern = arguments.count == 2 ? try Self.hexadecimal(arguments[1].value) : Array("netprobe".utf8)
            guard !pattern.isEmpty else { throw ExpressionError("the pattern has no bytes", at: arguments[1].offset) }
            self = .fixed((0..<size).map { pattern[$0 % pattern.count] })
        case .call("random", let arguments):
            self = .random(try Self.size(arguments, of: "random", at: node.offset))
            if arguments.count > 1 { throw ExpressionError("random takes a size alone", at: arguments[1].offset) }
        default: return nil
        }
    }

    var count: Int {
        switch self {
        case .fixed(let bytes): bytes.count
        case .random(let count): count
        }
    }

    private static func size(
        _ arguments: [ExpressionArgument], of name: String, at offset: Int
    ) throws(ExpressionError) -> Int {
        guard let first = arguments.first else { throw ExpressionError("\(name) wants a size in bytes", at: offset) }
        guard case .word(let word) = first.value.kind, let size = Int(word), (0...65_535).contains(size) else {
            throw ExpressionError("no size from 0 to 65535 bytes", at: first.offset)
        }
        return size
    }

    /// Pairs of digits, with nothing, colons, hyphens or blanks between them.
    static func hexadecimal(_ node: ExpressionNode) throws(ExpressionError) -> [UInt8] {
        let digits: [UInt8]
        switch node.kind {
        case .word(let word): digits = Array((word.hasPrefix("0x") ? word.dropFirst(2) : word[...]).utf8)
        case .text(let text): digits = text
        case .list, .call: throw ExpressionError("no hexadecimal digits", at: node.offset)
        }
        var bytes: [UInt8] = []
        var half: UInt8?
        for digit in digits where !(half == nil && ":- ".utf8.contains(digit)) {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init) else {
                throw ExpressionError("no pairs of hexadecimal digits", at: node.offset)
            }
            if let high = half { bytes.append(high << 4 | value) }
            half = half == nil ? value : nil
        }
        guard half == nil else { throw ExpressionError("an odd number of hexadecimal digits", at: node.offset) }
        return bytes
    }
}
