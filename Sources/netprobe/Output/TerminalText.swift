extension StringProtocol {
    /// The text with everything escaped that could do something to a terminal, and cut at a sane length.
    var forTerminal: String { forTerminal(atMost: 256) }

    /// The text with everything escaped that could do something to a terminal.
    ///
    /// - Parameter limit: characters behind which it is cut.
    func forTerminal(atMost limit: Int) -> String {
        if utf8.count <= limit, isPlain({ (0x20...0x7E).contains($0) }) { return String(self) }
        var safe = ""
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                safe += scalar.escaped(asASCII: true)
            default:
                safe.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.dropFirst(limit).isEmpty ? safe : safe + "…"
    }

    /// Whether all bytes are of a kind; with no string's own iterator, which takes ten times as long.
    func isPlain(_ isPlain: (UInt8) -> Bool) -> Bool {
        utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isPlain) } ?? utf8.allSatisfy(isPlain)
    }
}
