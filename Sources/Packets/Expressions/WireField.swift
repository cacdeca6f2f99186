import Addresses

/// A field of a header as its RFC draws it: so many bits from there on, the highest first.
struct WireField: Sendable {
    /// How a value is written.
    enum Style: Sendable {
        /// A number, decimal or after `0x` hexadecimal; or one of these names.
        case number([(name: String, value: UInt64)] = [])
        case ipv4
        case ipv6
        /// Letters or names of TCP's flags: `SA`, `syn+ack`.
        case tcpFlags
    }

    /// What it holds where nobody says it.
    enum Default: Sendable {
        /// What the layer's template holds.
        case template
        /// What follows from the rest of the packet: lengths, checksums, protocol numbers.
        case computed
        /// Another number for each packet: the next, so that answers tell which packet they are about.
        case counted
        /// A number that is drawn once, so that answers tell whose packet they are about: from this one up.
        case drawn(from: UInt64 = 0)
    }

    let name: String
    /// The first bit, counted from the layer's.
    let start: Int
    /// How many bits.
    let width: Int
    let style: Style
    let standard: Default

    init(_ name: String, _ start: Int, _ width: Int, _ style: Style = .number(), _ standard: Default = .template) {
        (self.name, self.start, self.width, self.style, self.standard) = (name, start, width, style, standard)
    }

    var largest: UInt128 { width == 128 ? .max : (1 << UInt128(width)) - 1 }
}

extension WireField {
    /// One value out of a word; `nil` if it is none.
    func value(_ word: String) -> UInt128? {
        switch style {
        case .ipv4: if let address = IPv4Address(word) { return UInt128(address.rawValue) }
        case .ipv6: if let address = IPv6Address(word) { return address.rawValue }
        case .tcpFlags: if let flags = Self.tcpFlags(word) { return UInt128(flags) }
        case .number(let names): if let named = names.first(where: { $0.name == word }) { return UInt128(named.value) }
        }
        let isHexadecimal = word.hasPrefix("0x") || word.hasPrefix("0X")
        let digits = isHexadecimal ? word.dropFirst(2) : word[...]
        guard digits.first.map({ $0 != "+" && $0 != "-" }) ?? false else { return nil }
        return UInt128(digits, radix: isHexadecimal ? 16 : 10)
    }

    /// What a value looks like, for those who wrote another.
    var example: String {
        switch style {
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .tcpFlags: "flags such as S, SA or syn+ack, or a number from 0 to \(largest)"
        case .number(let names) where names.isEmpty: "a number from 0 to \(largest)"
        case .number(let names):
            "a number from 0 to \(largest), or \(names.map(\.name).joined(separator: ", "))"
        }
    }

    private static let flagNames = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ae"]

    private static func tcpFlags(_ word: String) -> UInt16? {
        if word == "none" { return 0 }
        let names = word.lowercased().split(separator: "+").map(String.init)
        let bits = names.map { flagNames.firstIndex(of: $0) }
        if !bits.isEmpty, !bits.contains(nil) { return bits.reduce(0) { $0 | 1 << UInt16($1 ?? 0) } }
        let letters = Array("FSRPAUECN")
        var flags: UInt16 = 0
        for letter in word {
            guard let bit = letters.firstIndex(of: letter) else { return nil }
            flags |= 1 << UInt16(bit)
        }
        return word.isEmpty ? nil : flags
    }
}

// MARK: - Bits in bytes

extension [UInt8] {
    /// The number in `width` bits from bit `start` on, the highest bit first. Bits behind the end are zero.
    func bits(at start: Int, _ width: Int) -> UInt128 {
        var value: UInt128 = 0
        var bit = start
        let end = start + width
        while bit < end {
            let inByte = Swift.min(8 - bit & 7, end - bit)
            let byte = bit >> 3 < count ? self[bit >> 3] : 0
            let part = byte >> UInt8(8 - (bit & 7) - inByte) & UInt8(truncatingIfNeeded: (1 << inByte) - 1)
            value = value << UInt128(inByte) | UInt128(part)
            bit += inByte
        }
        return value
    }

    /// Writes the number into `width` bits from bit `start` on. Bits behind the end are left out.
    mutating func setBits(at start: Int, _ width: Int, to value: UInt128) {
        var value = value
        var end = start + width
        while end > start {
            let inByte = Swift.min((end - 1) & 7 + 1, end - start)
            let shift = UInt8(7 - (end - 1) & 7)
            let mask = UInt8(truncatingIfNeeded: (1 << inByte) - 1) << shift
            let index = (end - 1) >> 3
            if index < count {
                self[index] = self[index] & ~mask | UInt8(truncatingIfNeeded: value) << shift & mask
            }
            value >>= UInt128(inByte)
            end -= inByte
        }
    }
}
