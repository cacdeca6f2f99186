/// What a field holds in one packet after the other.
enum FieldValues: Sendable, Equatable {
    case fixed(UInt128)
    /// So many values from the first on, and then again.
    case range(first: UInt128, count: UInt128)
    case list([UInt128])
    case random
    /// One more than in the packet before.
    case counted(from: UInt128)

    /// - Parameters:
    ///   - number: that of the packet, from 0.
    ///   - largest: the highest number that the field can hold: what is above it begins again.
    ///   - salt: which field of which expression it is, so that no two draw the same numbers.
    func value(at number: UInt64, largest: UInt128, salt: UInt64) -> UInt128 {
        switch self {
        case .fixed(let value): value
        case .range(let first, let count): first + UInt128(number) % max(1, count)
        case .list(let values): values[Int(number % UInt64(max(1, values.count)))]
        case .random: Self.draw(number, salt) & largest
        case .counted(let first): (first &+ UInt128(number)) & largest
        }
    }

    /// How many packets it takes until each value had its turn; `nil` where that is no question.
    var count: UInt128? {
        switch self {
        case .fixed, .random, .counted: nil
        case .range(_, let count): count
        case .list(let values): UInt128(values.count)
        }
    }

    /// Numbers that look random, the same for the same arguments: SplitMix64 (Steele, Lea and Flood 2014).
    static func draw(_ number: UInt64, _ salt: UInt64) -> UInt128 {
        UInt128(mix(salt &+ (2 &* number &+ 1) &* 0x9E37_79B9_7F4A_7C15)) << 64
            | UInt128(mix(salt &+ (2 &* number &+ 2) &* 0x9E37_79B9_7F4A_7C15))
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

// MARK: - Reading

extension WireField {
    /// Reads what an argument says: a value, a range `1-64`, a prefix, a list, or `random`.
    func values(_ node: ExpressionNode) throws(ExpressionError) -> FieldValues {
        switch node.kind {
        case .word("random"): return .random
        case .word(let word):
            if let prefix = try prefix(word, at: node.offset) { return prefix }
            let (first, last) = try bounds(word, at: node.offset)
            return first == last
                ? .fixed(first) : .range(first: first, count: last - first == .max ? .max : last - first + 1)
        case .list(let nodes):
            var values: [UInt128] = []
            for node in nodes {
                guard case .word(let word) = node.kind else { throw unreadable("what stands here", at: node.offset) }
                let (first, last) = try bounds(word, at: node.offset)
                guard last - first < 65_536, values.count < 65_536 else {
                    throw ExpressionError("a list of more than 65536 values", at: node.offset)
                }
                values += (0...Int(last - first)).map { first + UInt128($0) }
            }
            guard !values.isEmpty else { throw unreadable("an empty list", at: node.offset) }
            return .list(values)
        case .text, .call: throw unreadable("what stands here", at: node.offset)
        }
    }

    /// The first and the last value of a word: `7`, `1-64`.
    func bounds(_ word: String, at offset: Int) throws(ExpressionError) -> (UInt128, UInt128) {
        if let value = try checked(word, at: offset) { return (value, value) }
        // A name may have a hyphen in it.
        for index in word.indices where word[index] == "-" {
            let (start, end) = (String(word[..<index]), String(word[word.index(after: index)...]))
            let endOffset = offset + start.count + 1
            guard value(start) != nil, value(end) != nil, let first = try checked(start, at: offset),
                let last = try checked(end, at: endOffset)
            else { continue }
            guard first <= last else { throw ExpressionError("the range '\(word)' ends before it begins", at: offset) }
            return (first, last)
        }
        throw unreadable("'\(word)'", at: offset)
    }

    private func checked(_ word: String, at offset: Int) throws(ExpressionError) -> UInt128? {
        guard let value = value(word) else { return nil }
        guard value <= largest else {
            throw ExpressionError("\(word) is more than \(name) can hold: \(largest)", at: offset)
        }
        return value
    }

    /// All addresses of a prefix: `198.18.0.0/24`.
    private func prefix(_ word: String, at offset: Int) throws(ExpressionError) -> FieldValues? {
        switch style {
        case .ipv4, .ipv6: break
        case .number, .tcpFlags: return nil
        }
        guard let slash = word.lastIndex(of: "/"), let address = value(String(word[..<slash])) else { return nil }
        guard let length = Int(word[word.index(after: slash)...]), (0...width).contains(length) else {
            throw ExpressionError("the length of the prefix '\(word)' is not 0 to \(width)", at: offset)
        }
        let hostBits = UInt128(width - length)
        if hostBits == 0 { return .fixed(address) }
        // Of all of IPv6 one address is missing, which nobody will miss.
        let count: UInt128 = hostBits == 128 ? .max : 1 << hostBits
        return .range(first: address & ~(count - 1) & largest, count: count)
    }

    private func unreadable(_ what: String, at offset: Int) -> ExpressionError {
        ExpressionError(
            "\(what) is no value of \(name): it takes \(example), a range, a list [a,b] or random", at: offset)
    }
}
