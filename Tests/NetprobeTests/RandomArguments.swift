/// Arguments of which most are nearly right, so that many get far; the same for each seed.
struct RandomArguments {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The words of one run, in the quoting of bash. It stays on the loopback interface, and is short whatever it asks
    /// for.
    mutating func line() -> String {
        let bounds = ["-c1", "-w0.05"]
        var words = bounds
        for _ in 0..<below(7) { words += option() }
        words += bounds
        if below(8) == 0 { words.append(below(2) == 0 ? destination() : garbage()) }
        return (words + [destination()]).joined(separator: " ")
    }

    /// A flag or more, or an option with a value, joined to it or not.
    private mutating func option() -> [String] {
        switch below(8) {
        case 0: return [garbage()]
        case 1, 2: return ["-" + (0...below(3)).map { _ in String(one(of: Array("346aAbBCdDfHjLnOqrRUvVh"))) }.joined()]
        default:
            let (letter, fitting) = one(of: Self.valueOptions)
            let value = below(4) == 0 ? value() : one(of: fitting)
            return below(2) == 0 ? ["-\(letter)\(value)"] : ["-\(letter)", value]
        }
    }

    /// The options that take a value, with values that fit them.
    private static let valueOptions: [(letter: Character, fitting: [String])] = [
        ("c", ["1", "9"]), ("e", ["0", "1", "65535"]), ("F", ["0", "0xfffff"]), ("i", ["0", "0.001", "2147483"]),
        ("I", ["lo", "127.0.0.1", "::1", "127.0.0.9"]), ("l", ["1", "3", "65536"]), ("m", ["0", "4294967295"]),
        ("M", ["do", "dont", "want", "probe"]), ("p", ["0", "ff", "00112233445566778899aabbccddeeff"]),
        ("Q", ["0", "0x10", "255"]), ("s", ["0", "1", "15", "16", "1472", "65467", "65507"]),
        ("S", ["1", "2147483647"]),
        ("t", ["1", "255"]), ("T", ["tsonly", "tsandaddr", "tsprespec"]), ("w", ["0", "1e-9", "2147483647"]),
        ("W", ["0", "1e-9", "4294"]),
    ]

    private mutating func value() -> String {
        switch below(4) {
        case 0: garbage()
        case 1: one(of: ["lo", "want", "tsonly", "127.0.0.1", "::1", "ff00", "nan", "-"])
        default: number()
        }
    }

    /// A number near one where something changes, in one of the forms that options take.
    private mutating func number() -> String {
        let edges: [Int64] = [
            -1, 0, 1, 2, 3, 9, 40, 255, 256, 1400, 65467, 65507, 65535, 65536, 1 << 31, 1 << 32, .max,
        ]
        let number = one(of: edges) &+ Int64(below(3)) &- 1
        return one(of: ["\(number)", "\(number)", "0.\(number)", "\(number)e-3", "0x\(number)"])
    }

    private mutating func destination() -> String {
        one(of: ["127.0.0.1", "::1", "localhost", "127.1", "0", "::", "127.255.255.255", "ff02::1%lo"])
    }

    /// Up to twelve bytes of any kind but NUL, which no argument can hold.
    private mutating func garbage() -> String {
        "$'" + (0..<below(13)).map { _ in "\\x" + String(1 + below(255), radix: 16) }.joined() + "'"
    }

    private mutating func one<Choice>(of choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// SplitMix64.
    private mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(limit))
    }
}
