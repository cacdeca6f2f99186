/// A part of an expression's text, with its place.
struct ExpressionNode {
    indirect enum Kind {
        /// A number, an address, a name, a range of them.
        case word(String)
        /// What stands between quotation marks.
        case text([UInt8])
        /// `[a, b]`
        case list([ExpressionNode])
        /// `name(a, b=c)`
        case call(String, [ExpressionArgument])
    }

    let kind: Kind
    /// Its first character.
    let offset: Int
}

/// What stands between the commas of a call: a value that may have a name.
struct ExpressionArgument {
    let name: String?
    let value: ExpressionNode
    /// The first character of the name, or of the value.
    let offset: Int
}

/// Reads the text of expressions:
///
/// ```
/// packet   = layer *("/" layer)
/// layer    = name ["(" [argument *("," argument)] ")"] / text
/// argument = [name "="] value
/// value    = word / text / "[" [value *("," value)] "]" / layer
/// ```
struct ExpressionReader {
    private let characters: [Character]
    private var index = 0
    private var depth = 0

    /// More brackets in brackets than any packet needs.
    private static let deepest = 16

    /// Reads layers.
    static func layers(_ text: String) throws(ExpressionError) -> [ExpressionNode] {
        var reader = ExpressionReader(text)
        var layers = [try reader.layer()]
        while reader.take("/") { layers.append(try reader.layer()) }
        guard reader.isAtEnd else { throw reader.unexpected("'/' and another layer, or the end") }
        return layers
    }

    /// Reads a value on its own; more than one, with commas, are a list.
    static func value(_ text: String) throws(ExpressionError) -> ExpressionNode {
        var reader = ExpressionReader(text)
        var values = [try reader.value()]
        while reader.take(",") { values.append(try reader.value()) }
        guard reader.isAtEnd else { throw reader.unexpected("a comma, or the end") }
        return values.count == 1 ? values[0] : ExpressionNode(kind: .list(values), offset: 0)
    }

    private init(_ text: String) {
        characters = Array(text)
    }

    // MARK: - Grammar

    private mutating func layer() throws(ExpressionError) -> ExpressionNode {
        skipBlanks()
        let start = index
        if index < characters.count, characters[index] == "\"" { return try text() }
        guard let name = word(where: Self.isNameCharacter) else {
            throw unexpected("a layer, such as ipv4, icmp.echo, udp or \"text\"")
        }
        let arguments = take("(") ? try arguments() : []
        return ExpressionNode(kind: .call(name, arguments), offset: start)
    }

    private mutating func arguments() throws(ExpressionError) -> [ExpressionArgument] {
        try descend()
        defer { depth -= 1 }
        if take(")") { return [] }
        var arguments: [ExpressionArgument] = []
        repeat { arguments.append(try argument()) } while take(",")
        guard take(")") else { throw unexpected("a comma or ')'") }
        return arguments
    }

    private mutating func argument() throws(ExpressionError) -> ExpressionArgument {
        skipBlanks()
        let start = index
        if let name = word(where: Self.isNameCharacter), take("=") {
            return ExpressionArgument(name: name, value: try value(), offset: start)
        }
        index = start
        return ExpressionArgument(name: nil, value: try value(), offset: start)
    }

    private mutating func value() throws(ExpressionError) -> ExpressionNode {
        skipBlanks()
        let start = index
        if index < characters.count, characters[index] == "\"" { return try text() }
        if take("[") {
            try descend()
            defer { depth -= 1 }
            var values: [ExpressionNode] = []
            if take("]") { return ExpressionNode(kind: .list([]), offset: start) }
            repeat { values.append(try value()) } while take(",")
            guard take("]") else { throw unexpected("a comma or ']'") }
            return ExpressionNode(kind: .list(values), offset: start)
        }
        guard let word = word(where: Self.isValueCharacter) else { throw unexpected("a value") }
        if take("(") { return ExpressionNode(kind: .call(word, try arguments()), offset: start) }
        return ExpressionNode(kind: .word(word), offset: start)
    }

    /// Between quotation marks: `\"`, `\\`, `\n`, `\r`, `\t`, `\0` and `\xHH` are single bytes, all else is UTF-8.
    private mutating func text() throws(ExpressionError) -> ExpressionNode {
        let start = index
        index += 1
        var bytes: [UInt8] = []
        while index < characters.count, characters[index] != "\"" {
            if characters[index] == "\\" {
                bytes.append(try escape())
            } else {
                bytes += Array(String(characters[index]).utf8)
                index += 1
            }
        }
        guard index < characters.count else { throw ExpressionError("the text has no closing '\"'", at: start) }
        index += 1
        return ExpressionNode(kind: .text(bytes), offset: start)
    }

    private mutating func escape() throws(ExpressionError) -> UInt8 {
        let start = index
        index += 2
        switch start + 1 < characters.count ? characters[start + 1] : nil {
        case "\"": return UInt8(ascii: "\"")
        case "\\": return UInt8(ascii: "\\")
        case "n": return UInt8(ascii: "\n")
        case "r": return UInt8(ascii: "\r")
        case "t": return UInt8(ascii: "\t")
        case "0": return 0
        case "x":
            guard index + 2 <= characters.count, characters[index].isASCII, characters[index + 1].isASCII,
                let byte = UInt8(String(characters[index..<index + 2]), radix: 16)
            else { throw ExpressionError("'\\x' wants two hexadecimal digits, such as \\x0a", at: start) }
            index += 2
            return byte
        default: throw ExpressionError("'\\' stands before one of \", \\, n, r, t, 0 and xHH", at: start)
        }
    }

    // MARK: - Characters

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
    }

    private static func isValueCharacter(_ character: Character) -> Bool {
        isNameCharacter(character) || ":/+%*".contains(character)
    }

    private var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return index == characters.count
        }
    }

    private mutating func skipBlanks() {
        while index < characters.count, characters[index].isWhitespace { index += 1 }
    }

    private mutating func word(where isPart: (Character) -> Bool) -> String? {
        let end = characters[index...].firstIndex { !isPart($0) } ?? characters.count
        defer { index = end }
        return end == index ? nil : String(characters[index..<end])
    }

    private mutating func take(_ character: Character) -> Bool {
        skipBlanks()
        guard index < characters.count, characters[index] == character else { return false }
        index += 1
        return true
    }

    private mutating func descend() throws(ExpressionError) {
        depth += 1
        guard depth <= Self.deepest else { throw ExpressionError("too many brackets in brackets", at: index - 1) }
    }

    private func unexpected(_ expected: String) -> ExpressionError {
        guard index < characters.count else {
            return ExpressionError("the text ends where \(expected) should be", at: index)
        }
        return ExpressionError("'\(characters[index])' stands where \(expected) should be", at: index)
    }
}
