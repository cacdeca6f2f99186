extension PingCommand {
    /// The short options that take none.
    static let flagLetters = "346aAbBCdDfHjLnOqrRUvV"
    /// The short options that take a value.
    static let valueLetters = "ceFiIlmMpQsStTwW"

    /// Reads arguments: those that are short options and operands alone at once, all others through ArgumentParser.
    ///
    /// ArgumentParser takes a millisecond for so many options, which is more than the rest of a ping of one echo takes, and monitoring
    /// systems run that very often. Both ways give the same, which the tests show for each option.
    static func reading(_ texts: some Sequence<String>) throws -> PingCommand {
        let options = ShortOptions(texts, valueLetters: valueLetters)
        if let command = PingCommand(options) { return command }
        // ArgumentParser looks for names like an unknown one, which takes seconds for a very long one.
        for case .long(let text) in options.arguments where text.prefix(while: { $0 != "=" }).utf8.count > 64 {
            throw UsageError("Unknown option '\(text.forTerminal)'")
        }
        return try parse(options.separated)
    }

    /// Reads short options and operands; `nil` when there is anything else, or anything wrong.
    init?(_ options: ShortOptions) {
        self.init()
        // ArgumentParser wants every property set that it does not set itself.
        for letter in Self.flagLetters { _ = set(letter, to: false) }
        for letter in Self.valueLetters { _ = set(letter, to: nil) }
        (interfaces, hosts, percentiles, plot, socket) = ([], [], false, false, nil)
        for argument in options.arguments {
            switch argument {
            case .flag(let letter): guard set(letter, to: true) else { return nil }
            case .option(let letter, let value?): guard set(letter, to: value) else { return nil }
            case .operand(let text): hosts.append(text)
            case .terminator: continue
            case .option(_, nil), .long: return nil
            }
        }
    }

    private mutating func set(_ flag: Character, to isOn: Bool) -> Bool {
        switch flag {
        case "3": precise = isOn
        case "4": ipv4 = isOn
        case "6": ipv6 = isOn
        case "a": audible = isOn
        case "A": adaptive = isOn
        case "b": broadcast = isOn
        case "B": stickySource = isOn
        case "C": connect = isOn
        case "d": debug = isOn
        case "D": timestamps = isOn
        case "f": flood = isOn
        case "H": resolve = isOn
        case "j": json = isOn
        case "L": noLoopback = isOn
        case "n": numeric = isOn
        case "O": outstanding = isOn
        case "q": quiet = isOn
        case "r": bypassRouting = isOn
        case "R": recordRoute = isOn
        case "U": userLatency = isOn
        case "v": verbose = isOn
        case "V": version = isOn
        default: return false
        }
        return true
    }

    private mutating func set(_ option: Character, to value: String?) -> Bool {
        switch option {
        case "c": count = value
        case "e": identifier = value
        case "F": flowLabel = value
        case "i": interval = value
        case "I": if let value { interfaces.append(value) }
        case "l": preload = value
        case "m": mark = value
        case "M": pathMTUDiscovery = value
        case "p": pattern = value
        case "Q": trafficClass = value
        case "s": size = value
        case "S": sendBuffer = value
        case "t": timeToLive = value
        case "T": timestampOption = value
        case "w": deadline = value
        case "W": timeout = value
        default: return false
        }
        return true
    }
}
