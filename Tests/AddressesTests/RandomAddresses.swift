import Addresses
import TestSupport

extension IPv4Address {
    static func random(using generator: inout SplitMix64) -> IPv4Address {
        IPv4Address(rawValue: .random(in: 0...(.max), using: &generator))
    }
}

extension IPv6Address {
    /// An address in which groups of zeros are common, because they decide how the text looks.
    static func random(using generator: inout SplitMix64) -> IPv6Address {
        var number: UInt128 = 0
        for _ in 0..<8 {
            let group = UInt16.random(in: 0...(.max), using: &generator)
            let shift = Int.random(in: 0...15, using: &generator)
            number = number << 16 | UInt128(Bool.random(using: &generator) ? 0 : group >> shift)
        }
        return IPv6Address(rawValue: number)
    }
}

extension String {
    /// The text after one to three characters were replaced, inserted, removed or doubled.
    func mutated(with alphabet: [UInt8], using generator: inout SplitMix64) -> String {
        var bytes = Array(utf8)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let letter = alphabet[Int.random(in: alphabet.indices, using: &generator)]
            let place = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0...3, using: &generator) {
            case 0 where place < bytes.count: bytes[place] = letter
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes.insert(bytes[place], at: place)
            default: bytes.insert(letter, at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
