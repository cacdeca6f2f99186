extension StringProtocol {
    /// The text with everything escaped that could do something to a terminal, and cut at a sane length.
    var forTerminal: String {
        var safe = ""
        for scalar in unicodeScalars.prefix(256) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                safe += scalar.escaped(asASCII: true)
            default:
                safe.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.dropFirst(256).isEmpty ? safe : safe + "…"
    }
}
