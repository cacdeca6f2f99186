import Addresses
import TestSupport
import Testing

/// Both ways against the C library: the texts that it reads and the texts that it writes.
@Suite struct CLibraryComparisonTests {
    @Test("an IPv4 address prints as inet_ntop prints it, and both read it back")
    func printIPv4() {
        var generator = SplitMix64(seed: 4)
        for _ in 0..<20_000 {
            let address = IPv4Address.random(using: &generator)
            let text = address.description
            #expect(text == CLibrary.print(address))
            #expect(CLibrary.parseIPv4(text) == address)
            #expect(IPv4Address(text) == address)
        }
    }

    @Test("an IPv6 address prints as inet_ntop prints it, and both read it back")
    func printIPv6() {
        var generator = SplitMix64(seed: 6)
        for _ in 0..<20_000 {
            let address = IPv6Address.random(using: &generator)
            let text = address.description
            // inet_ntop gives dots to the deprecated ::a.b.c.d, RFC 5952 §5 leaves that open.
            if !(0x1_0000...0xffff_ffff ~= address.rawValue) { #expect(text == CLibrary.print(address)) }
            #expect(CLibrary.parseIPv6(text) == address)
            #expect(IPv6Address(text) == address)
        }
    }

    @Test("an IPv4-mapped address prints as inet_ntop prints it, and both read it back")
    func printIPv4Mapped() {
        var generator = SplitMix64(seed: 46)
        for _ in 0..<2_000 {
            let address = IPv6Address(mapping: .random(using: &generator))
            let text = address.description
            #expect(text == CLibrary.print(address))
            #expect(CLibrary.parseIPv6(text) == address)
            #expect(IPv6Address(text) == address)
        }
    }

    @Test("a damaged IPv4 text is read exactly when inet_pton reads it, as the same address")
    func damagedIPv4() {
        var generator = SplitMix64(seed: 104)
        for _ in 0..<50_000 {
            let text = IPv4Address.random(using: &generator).description
                .mutated(with: Array("0123456789..x %-/a".utf8), using: &generator)
            #expect(IPv4Address(text) == CLibrary.parseIPv4(text), "\(text)")
        }
    }

    @Test("a damaged IPv6 text is read exactly when inet_pton reads it, as the same address")
    func damagedIPv6() {
        var generator = SplitMix64(seed: 106)
        for round in 0..<50_000 {
            let address = IPv6Address.random(using: &generator)
            let whole = round % 4 == 0 ? "\(address):198.18.0.1" : address.description
            let text = whole.mutated(with: Array("0123456789abcdefABCDEF::::..g%/ ".utf8), using: &generator)
            #expect(IPv6Address(text) == CLibrary.parseIPv6(text), "\(text)")
        }
    }

    @Test("a soup of the characters of addresses is read exactly when inet_pton reads it, as the same address")
    func soup() {
        var generator = SplitMix64(seed: 1)
        let alphabet = Array("01f:::.".utf8)
        for _ in 0..<100_000 {
            let length = Int.random(in: 0...20, using: &generator)
            let bytes = (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(IPv6Address(text) == CLibrary.parseIPv6(text), "\(text)")
            #expect(IPv4Address(text) == CLibrary.parseIPv4(text), "\(text)")
        }
    }

    @Test("a classic IPv4 text is read exactly when inet_aton reads it, as the same address")
    func classic() {
        var generator = SplitMix64(seed: 2)
        let alphabet = Array("0123456789afxX..8".utf8)
        for _ in 0..<100_000 {
            let parts = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                let number =
                    UInt32.random(in: 0...(.max), using: &generator) >> (8 * .random(in: 0...3, using: &generator))
                switch Int.random(in: 0...2, using: &generator) {
                case 0: return "0" + String(number, radix: 8)
                case 1: return "0x" + String(number, radix: 16)
                default: return String(number)
                }
            }
            let whole = parts.joined(separator: ".")
            #expect((try? IPv4Address(parsingClassic: whole)) == CLibrary.parseClassicIPv4(whole), "\(whole)")
            let text = whole.mutated(with: alphabet, using: &generator)
            #expect((try? IPv4Address(parsingClassic: text)) == CLibrary.parseClassicIPv4(text), "\(text)")
        }
    }
}
