/// The text of `/proc/self/status` (proc_pid_status(5)): one `Name:` with its values a line.
struct ProcessStatus {
    private let text: [UInt8]

    /// What the kernel wrote.
    init(_ text: [UInt8]) {
        self.text = text
    }

    /// The decimal numbers of a line, such as the four of `Uid`; nil when there is no such line or it holds others.
    func numbers(_ name: StaticString) -> [UInt32]? {
        guard let words = words(name) else { return nil }
        var numbers: [UInt32] = []
        for word in words {
            guard let number = UInt32(digits: word, radix: 10) else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    /// The one decimal number of a line, such as `Threads`.
    func number(_ name: StaticString) -> UInt32? {
        guard let words = words(name), words.count == 1 else { return nil }
        return UInt32(digits: words[0], radix: 10)
    }

    /// The capability set of a line, such as `CapEff`, sixteen hexadecimal digits.
    func capabilities(_ name: StaticString) -> CapabilitySet? {
        guard let words = words(name), words.count == 1 else { return nil }
        return UInt64(digits: words[0], radix: 16).map(CapabilitySet.init(rawValue:))
    }

    private func words(_ name: StaticString) -> [ArraySlice<UInt8>]? {
        name.withUTF8Buffer { name in
            var rest = text[...]
            while !rest.isEmpty {
                let line = rest.prefix { $0 != UInt8(ascii: "\n") }
                rest = rest.dropFirst(line.count + 1)
                if line.starts(with: name), line.dropFirst(name.count).first == UInt8(ascii: ":") {
                    return line.dropFirst(name.count + 1).split { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
                }
            }
            return nil
        }
    }
}

extension FixedWidthInteger {
    /// The number that these ASCII digits write; nil for no digits, other characters, or a number that does not fit.
    init?(digits: some Collection<UInt8>, radix: Self) {
        guard !digits.isEmpty else { return nil }
        var value: Self = 0
        for character in digits {
            let digit: Self
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = Self(character - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = Self(character - UInt8(ascii: "a") + 10)
            default: return nil
            }
            let (product, overflows) = value.multipliedReportingOverflow(by: radix)
            let (sum, carries) = product.addingReportingOverflow(digit)
            guard digit < radix, !overflows, !carries else { return nil }
            value = sum
        }
        self = value
    }
}
