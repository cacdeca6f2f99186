/// Short options as getopt(3) reads them: flags may stand together behind one dash, and the last of them may take a value, which may
/// be joined to it: `-qc3` is `-q -c 3`.
enum ShortOptions {
    /// Takes clusters apart, so that each argument is one option or one value.
    /// - Parameter valueLetters: the options that take a value.
    static func separated(_ arguments: some Sequence<String>, valueLetters: String) -> [String] {
        var separated: [String] = []
        var iterator = arguments.makeIterator()
        while let argument = iterator.next() {
            if argument == "--" {
                separated.append(argument)
                while let rest = iterator.next() { separated.append(rest) }
            } else if argument.utf8.first == UInt8(ascii: "-"), argument.utf8.count > 1, !argument.hasPrefix("--") {
                separate(argument.dropFirst(), &iterator, valueLetters, into: &separated)
            } else {
                separated.append(argument)
            }
        }
        return separated
    }

    private static func separate(
        _ cluster: Substring, _ rest: inout some IteratorProtocol<String>, _ valueLetters: String,
        into separated: inout [String]
    ) {
        var cluster = cluster
        while let letter = cluster.popFirst() {
            separated.append("-\(letter)")
            guard valueLetters.contains(letter) else { continue }
            // The value is what follows, here or as the next argument, whatever it looks like.
            if !cluster.isEmpty {
                separated.append(String(cluster))
            } else if let value = rest.next() {
                separated.append(value)
            }
            return
        }
    }
}
