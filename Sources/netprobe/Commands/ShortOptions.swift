import ArgumentParser

/// Arguments as getopt(3) reads them: flags may stand together behind one dash, the last of them may take a value,
/// which may be joined to it (`-qc3` is `-q -c 3`), and options may follow operands.
struct ShortOptions {
    /// One argument.
    enum Argument: Equatable {
        case flag(Character)
        /// An option with its value; `nil` where the arguments end before it.
        case option(Character, String?)
        case operand(String)
        /// `--`: what follows are operands.
        case terminator
        /// `--name` or `--name=value`, which getopt(3) knows nothing of.
        case long(String)
    }

    let arguments: [Argument]

    /// - Parameter valueLetters: the options that take a value.
    init(_ texts: some Sequence<String>, valueLetters: String) {
        var arguments: [Argument] = []
        var iterator = texts.makeIterator()
        while let text = iterator.next() {
            if text == "--" {
                arguments.append(.terminator)
                while let operand = iterator.next() { arguments.append(.operand(operand)) }
            } else if text.utf8.starts(with: "--".utf8) {
                arguments.append(.long(text))
            } else if text.utf8.first == UInt8(ascii: "-"), text.utf8.count > 1 {
                var cluster = text.dropFirst()
                while let letter = cluster.popFirst() {
                    guard valueLetters.contains(letter) else {
                        arguments.append(.flag(letter))
                        continue
                    }
                    // The value is what follows, here or as the next argument, whatever it looks like.
                    arguments.append(.option(letter, cluster.isEmpty ? iterator.next() : String(cluster)))
                    break
                }
            } else {
                arguments.append(.operand(text))
            }
        }
        self.arguments = arguments
    }

    /// The arguments with one option or one value each, as ArgumentParser takes them.
    var separated: [String] {
        arguments.flatMap { argument in
            switch argument {
            case .flag(let letter): ["-\(letter)"]
            case .option(let letter, let value): ["-\(letter)"] + (value.map { [$0] } ?? [])
            case .operand(let text), .long(let text): [text]
            case .terminator: ["--"]
            }
        }
    }
}

extension ShortOptions {
    /// The same, where no name of an option is too long to be looked up.
    var checked: ShortOptions {
        get throws(UsageError) {
            // ArgumentParser looks for names like an unknown one, which takes seconds for a very long one.
            for case .long(let text) in arguments where text.prefix(while: { $0 != "=" }).utf8.count > 64 {
                throw UsageError("Unknown option '\(text.forTerminal)'")
            }
            return self
        }
    }
}

extension ParsableCommand {
    /// Has ArgumentParser read the arguments.
    static func reading(_ options: ShortOptions) throws -> Self { try parse(options.checked.separated) }
}

/// The arguments of a command, which may be read without ArgumentParser where they are short options and operands alone.
protocol ShortOptionArguments {
    init()
    /// What is no option.
    var operands: [String] { get set }
    /// Takes an option without a value; `false` where there is none of that letter.
    mutating func set(_ flag: Character) -> Bool
    /// Takes an option with a value; `false` where there is none of that letter.
    mutating func set(_ option: Character, to value: String) -> Bool
}

extension ShortOptionArguments {
    /// Reads short options and operands; `nil` when there is anything else, or anything wrong.
    init?(_ options: ShortOptions) {
        self.init()
        for argument in options.arguments {
            switch argument {
            case .flag(let letter): guard set(letter) else { return nil }
            case .option(let letter, let value?): guard set(letter, to: value) else { return nil }
            case .operand(let text): operands.append(text)
            case .terminator: continue
            case .option(_, nil), .long: return nil
            }
        }
    }
}
