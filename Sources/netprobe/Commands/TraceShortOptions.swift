extension TraceArguments: ShortOptionArguments {
    /// The short options that take a value.
    static let valueLetters = "fgilmMNOPpqstwz"

    mutating func set(_ flag: Character) -> Bool {
        switch flag {
        case "4": ipv4 = true
        case "6": ipv6 = true
        case "A": asPathLookups = true
        case "D": dccp = true
        case "d": debug = true
        case "e": extensions = true
        case "F": dontFragment = true
        case "I": icmp = true
        case "n": numeric = true
        case "r": bypassRouting = true
        case "S": sctp = true
        case "T": tcp = true
        case "U": udp = true
        case "V": version = true
        default: return false
        }
        return true
    }

    mutating func set(_ option: Character, to value: String) -> Bool {
        switch option {
        case "f": firstHop = value
        case "g": gateways.append(value)
        case "i": interface = value
        case "l": flowLabel = value
        case "m": maximumHops = value
        case "M": method = value
        case "N": simultaneousProbes = value
        case "O": methodOptions.append(value)
        case "P": ipProtocol = value
        case "p": port = value
        case "q": queries = value
        case "s": source = value
        case "t": trafficClass = value
        case "w": wait = value
        case "z": sendWait = value
        default: return false
        }
        return true
    }
}
