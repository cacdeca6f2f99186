import Addresses
import Testing

@testable import ProbingIO

@Suite("Autonomous systems")
struct AutonomousSystemsTests {
    private let address = IPAddress.v4(IPv4Address(198, 18, 5, 9))

    private func name(for address: String, in systems: AutonomousSystems = AutonomousSystems()) throws -> String? {
        systems.name(for: try IPAddress(parsing: address))
    }

    private func numbers(_ records: String...) -> [UInt32] {
        AutonomousSystems.numbers(for: address, in: records)
    }

    @Test("an IPv4 address stands at its octets, the last one first")
    func octets() throws {
        #expect(try name(for: "198.18.5.9") == "9.5.18.198.origin.asn.cymru.com")
    }

    @Test("an IPv6 address stands at its nibbles, the last one first")
    func nibbles() throws {
        let zeros = String(repeating: "0.", count: 23)
        #expect(try name(for: "2001:db8::1") == "1.\(zeros)8.b.d.0.1.0.0.2.origin6.asn.cymru.com")
        #expect(try name(for: "2001:db8::abcd")?.hasPrefix("d.c.b.a.0.0.") == true)
    }

    @Test("other zones are asked in place of the public ones")
    func zones() throws {
        let own = AutonomousSystems(zone: "as.example", zone6: "as6.example")
        #expect(try name(for: "198.18.5.9", in: own) == "9.5.18.198.as.example")
        #expect(try name(for: "2001:db8::1", in: own)?.hasSuffix(".8.b.d.0.1.0.0.2.as6.example") == true)
    }

    private static let privateAddresses = [
        "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "169.254.1.1", "224.0.0.1", "0.0.0.0", "fc00::1", "fdff::1", "fe80::1", "::1", "::", "ff02::1",
    ]

    @Test("the public zones are not told of private addresses", arguments: privateAddresses)
    func privateAddress(_ address: String) throws {
        #expect(try name(for: address) == nil)
    }

    @Test("the zones of a private network are", arguments: privateAddresses)
    func privateZone(_ address: String) throws {
        #expect(try name(for: address, in: AutonomousSystems(zone: "as.lan", zone6: "as6.lan")) != nil)
    }

    @Test(
        "the neighbours of private addresses are public",
        arguments: ["172.32.0.1", "100.63.255.255", "100.128.0.0", "192.169.0.1", "11.0.0.1", "fe00::1", "2001:db8::1"])
    func publicAddress(_ address: String) throws {
        #expect(try name(for: address) != nil)
    }

    @Test("a record begins with a system and a prefix")
    func one() {
        #expect(numbers("64500 | 198.18.0.0/15 | ZZ | iana | 1999-11-30") == [64500])
    }

    @Test("a prefix may have several systems")
    func several() {
        #expect(numbers("64501 64500 64501 | 198.18.0.0/15 | ZZ") == [64501, 64500])
    }

    @Test("records of the same prefix count together, and of a shorter prefix not at all")
    func longestPrefix() {
        let short = "64496 | 198.0.0.0/8 | ZZ"
        #expect(numbers(short, "64500 | 198.18.0.0/16 | ZZ", "64501 | 198.18.0.0/16 | ZZ") == [64500, 64501])
        #expect(numbers("64500 | 198.18.0.0/16 | ZZ", short) == [64500])
    }

    @Test("IPv6 prefixes are read too")
    func version6() throws {
        let address = try IPAddress(parsing: "2001:db8::1")
        #expect(AutonomousSystems.numbers(for: address, in: ["64500 | 2001:db8::/32 | ZZ"]) == [64500])
        #expect(AutonomousSystems.numbers(for: address, in: ["64500 | 198.18.0.0/15 | ZZ"]) == [])
    }

    @Test("a system has 32 bits")
    func largest() {
        #expect(numbers("4294967295 4294967296 | 198.18.0.0/15") == [4_294_967_295])
    }

    @Test(
        "a record that makes no sense is none",
        arguments: [
            "", "|", "||", "64500", "64500 198.18.0.0/15", "64500 |", "64500 | |", "| 198.18.0.0/15", "64500 | x/15",
            "0 | 198.18.0.0/15", "NA | 198.18.0.0/15", "-1 | 198.18.0.0/15", "+64500 | 198.18.0.0/15",
            "64500\u{1B}[31m | 198.18.0.0/15", "6４500 | 198.18.0.0/15", "64500 | 198.18.0.0/33",
            "64500 | 198.18.0.0/-1", "64500 | 198.18.0.0/99999999999999999999", "64500 | 203.0.113.0/24",
            "99999999999999999999999 | 198.18.0.0/15", "\0 | \0", String(repeating: "|", count: 1024),
        ])
    func nonsense(_ record: String) {
        #expect(numbers(record) == [])
        #expect(numbers(record, "64500 | 198.18.0.0/15 |") == [64500])
    }

    @Test("a record of very many systems is cut")
    func many() {
        let systems = (1...500).map { "\($0)" }.joined(separator: " ")
        #expect(numbers(systems + " | 198.18.0.0/15 | ZZ") == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test("any bytes are read without a trap")
    func garbage() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("0123456789 |/.:\u{0}\u{FF}a-".unicodeScalars)
        for _ in 0..<2000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...60, using: &generator) { text.append(alphabet.randomElement() ?? " ") }
            #expect(numbers(String(text)).count <= AutonomousSystems.most)
        }
    }
}
