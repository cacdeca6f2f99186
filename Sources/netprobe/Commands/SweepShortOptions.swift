extension SweepArguments: ShortOptionArguments {
    /// The short options that take a value.
    static let valueLetters = "bBcCfHiIkOpQrStTxX"

    mutating func set(_ flag: Character) -> Bool {
        switch flag {
        case "4": ipv4 = true
        case "6": ipv6 = true
        case "a": alive = true
        case "A": addresses = true
        case "d": reverseNames = true
        case "D": timestamps = true
        case "e": elapsed = true
        case "g": generate = true
        case "J": fpingJSON = true
        case "l": loop = true
        case "m": allAddresses = true
        case "M": dontFragment = true
        case "n": names = true
        case "N": netdata = true
        case "o": outage = true
        case "q": quiet = true
        case "R": random = true
        case "s": statistics = true
        case "u": unreachable = true
        case "v": version = true
        default: return false
        }
        return true
    }

    mutating func set(_ option: Character, to value: String) -> Bool {
        switch option {
        case "b": size = value
        case "B": backoff = value
        case "c": count = value
        case "C": everyCount = value
        case "f": file = value
        case "H": hopLimit = value
        case "i": interval = value
        case "I": interface = value
        case "k": mark = value
        case "O": trafficClass = value
        case "p": period = value
        case "Q": reportInterval = value
        case "r": retries = value
        case "S": source = value
        case "t": timeout = value
        // fping 2.4 had a use for it.
        case "T": break
        case "x": goal = value
        case "X": fastGoal = value
        default: return false
        }
        return true
    }
}
