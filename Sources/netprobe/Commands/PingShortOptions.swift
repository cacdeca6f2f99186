extension PingArguments: ShortOptionArguments {
    /// The short options that take a value.
    static let valueLetters = "ceFiIlmMpQsStTwW"

    mutating func set(_ flag: Character) -> Bool {
        switch flag {
        case "3": precise = true
        case "4": ipv4 = true
        case "6": ipv6 = true
        case "a": audible = true
        case "A": adaptive = true
        case "b": broadcast = true
        case "B": stickySource = true
        case "C": connect = true
        case "d": debug = true
        case "D": timestamps = true
        case "f": flood = true
        case "H": resolve = true
        case "j": json = true
        case "L": noLoopback = true
        case "n": numeric = true
        case "O": outstanding = true
        case "q": quiet = true
        case "r": bypassRouting = true
        case "R": recordRoute = true
        case "U": userLatency = true
        case "v": verbose = true
        case "V": version = true
        default: return false
        }
        return true
    }

    mutating func set(_ option: Character, to value: String) -> Bool {
        switch option {
        case "c": count = value
        case "e": identifier = value
        case "F": flowLabel = value
        case "i": interval = value
        case "I": interfaces.append(value)
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
