/// What is wrong with the text of a ``PacketExpression`` or a ``PacketPattern``, and where.
public struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The character at which it goes wrong, counted from 0; the text's length where something is missing at its end.
    public let offset: Int
    /// What is wrong, and what would be right.
    public let reason: String

    init(_ reason: String, at offset: Int) {
        self.offset = offset
        self.reason = reason
    }

    /// One line, such as `character 6: ipv4 has no field 'tll': did you mean 'ttl'?`, counted from 1.
    public var description: String { "character \(offset + 1): \(reason)" }
}

/// Names for those who mistype.
enum NearestName {
    /// What is said of a name that does not exist: the nearest, or all where there is none and they are few.
    static func hint(for name: String, among names: [String]) -> String {
        let lower = name.lowercased()
        let ranked = names.map { ($0, distance(lower, $0.lowercased())) }.min { $0.1 < $1.1 }
        if let (nearest, distance) = ranked, distance <= max(1, lower.count / 3) {
            return ": did you mean '\(nearest)'?"
        }
        let prefixed = names.filter { $0.hasPrefix(lower) }
        if !lower.isEmpty, !prefixed.isEmpty { return ": did you mean \(list(prefixed))?" }
        return names.isEmpty ? "" : ": there \(names.count == 1 ? "is" : "are") \(list(names))"
    }

    private static func list(_ names: [String]) -> String { names.prefix(40).joined(separator: ", ") }

    /// How many letters have to be put in, taken out, replaced, or to trade places with the next.
    private static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.unicodeScalars.prefix(64)), Array(second.unicodeScalars.prefix(64)))
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in 0..<first.count {
            var current = [row + 1]
            for column in 0..<second.count {
                let isSame = first[row] == second[column]
                var least = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            (beforeLast, last) = (last, current)
        }
        return last[second.count]
    }
}
