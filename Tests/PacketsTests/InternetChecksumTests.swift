import Addresses
import PacketSamples
import Packets
import TestSupport
import Testing

@Suite struct InternetChecksumTests {
    /// RFC 1071 section 3 works this example out: the sum is ddf2.
    let example = bytes("0001f203f4f5f6f7")

    /// The definition, a word at a time.
    private func slowChecksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() { sum += UInt32(byte) << (index.isMultiple(of: 2) ? 8 : 0) }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(sum)
    }

    @Test("the sum is the one that RFC 1071 works out")
    func rfcExample() {
        #expect(InternetChecksum.of(example) == ~0xddf2)
    }

    @Test("nothing has the checksum 0xFFFF")
    func nothing() {
        #expect(InternetChecksum().value == 0xFFFF)
    }

    @Test("every length up to 300 has the checksum that the definition gives")
    func everyLength() {
        var generator = SplitMix64(seed: 1)
        for length in 0...300 {
            let data = generator.bytes(length)
            #expect(InternetChecksum.of(data) == slowChecksum(data), "of \(length) bytes")
        }
    }

    @Test("carries are not lost, however many")
    func carries() {
        let data = [UInt8](repeating: 0xFF, count: 65_535)
        #expect(InternetChecksum.of(data) == slowChecksum(data))
    }

    @Test("pieces of any length add up to the whole")
    func pieces() {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<300 {
            let data = generator.bytes(generator.below(200))
            var checksum = InternetChecksum()
            var rest = data[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(1 + generator.below(40)))
                checksum.add(piece.span.bytes)
                rest = rest.dropFirst(piece.count)
            }
            #expect(checksum.value == slowChecksum(data))
        }
    }

    @Test("a field adds what its bytes add, at even and at odd places", arguments: [0, 1])
    func fields(before: Int) {
        let lead = [UInt8](repeating: 0x77, count: before)
        var byFields = InternetChecksum()
        byFields.add(lead.span.bytes)
        byFields.add(0x0102 as UInt16)
        byFields.add(0xF304_0506 as UInt32)
        byFields.add(0x0708_090A_0B0C_0D0E_0F10_1112_1314_FEFF as UInt128)
        let data = lead + bytes("0102 f3040506 0708090a0b0c0d0e0f1011121314feff")
        #expect(byFields.value == slowChecksum(data))
    }

    @Test("bytes that hold their own checksum have the checksum zero")
    func verification() {
        let header = Array(CapturedIPv4.echoReply.prefix(20))
        #expect(InternetChecksum.of(header) == 0)
    }

    @Test("an update is what RFC 1624 works out where RFC 1141 was wrong")
    func rfc1624Example() {
        #expect(InternetChecksum.updating(0xDD2F, replacing: 0x5555 as UInt16, with: 0x3285) == 0x0000)
    }

    @Test("an update equals a new checksum")
    func updates() {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<1_000 {
            var data = generator.bytes(40)
            let old = InternetChecksum.of(data)
            let (oldWord, newWord): (UInt32, UInt32) = (
                data[8..<12].reduce(0) { $0 << 8 | UInt32($1) }, generator.integer()
            )
            for index in 0..<4 { data[8 + index] = UInt8(truncatingIfNeeded: newWord >> UInt32(24 - 8 * index)) }
            let updated = InternetChecksum.updating(old, replacing: oldWord, with: newWord)
            #expect(updated == InternetChecksum.of(data))
        }
    }

    /// scapy: `IP(src="198.18.1.1", dst="203.0.113.9")/UDP(sport=1, dport=2)/b"odd"`
    @Test("the IPv4 pseudo header makes scapy's UDP checksum right")
    func ipv4PseudoHeader() {
        let datagram = bytes("00010002000b29536f6464")
        var checksum = InternetChecksum(
            .v4(source: v4(198, 18, 1, 1), destination: v4(203, 0, 113, 9)), protocolNumber: .udp, length: 11)
        checksum.add(datagram.span.bytes)
        #expect(checksum.value == 0)
    }

    /// scapy: `IPv6(src="2001:db8:2::2", dst="2001:db8:1::1")/UDP(sport=1, dport=2)/b"odd"`
    @Test("the IPv6 pseudo header makes scapy's UDP checksum right")
    func ipv6PseudoHeader() {
        let datagram = bytes("00010002000bd0f86f6464")
        var checksum = InternetChecksum(
            .v6(source: v6(2, 2), destination: v6(1, 1)), protocolNumber: .udp, length: 11)
        checksum.add(datagram.span.bytes)
        #expect(checksum.value == 0)
    }
}
