import Addresses
import Probing
import Testing

@testable import netprobe

@Suite("Maps of who is alive")
struct AddressMapTests {
    @Test("the curve visits each field once, from neighbour to neighbour, quarter after quarter", arguments: 1...6)
    func curve(order: Int) {
        let count = 1 << (2 * order)
        let points = (0..<count).map { HilbertCurve.point($0, order: order) }
        #expect(Set(points.map { $0.y << 16 | $0.x }).count == count)
        #expect(points.allSatisfy { (0..<1 << order).contains($0.x) && (0..<1 << order).contains($0.y) })
        #expect(zip(points, points.dropFirst()).allSatisfy { abs($0.x - $1.x) + abs($0.y - $1.y) == 1 })
        for quarter in 0..<4 {
            let fields = points[quarter * count / 4..<(quarter + 1) * count / 4]
            #expect(Set(fields.map { [$0.x >> (order - 1), $0.y >> (order - 1)] }).count == 1)
        }
    }

    @Test(
        "every address is in one field, and fields have no others",
        arguments: [
            "198.18.0.0-198.18.0.255", "198.18.0.1-198.18.0.254", "198.18.0.250-198.18.1.20", "10.0.0.0-10.255.255.255",
            "198.18.0.3-198.18.3.200", "fd00::-fd00::ffff", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "255.255.255.200-255.255.255.255",
        ])
    func fields(word: String) throws {
        let range = try #require(try SweepRange(word))
        let map = try #require(AddressMap(range))
        for order in 1...map.order {
            let fields = map.fields(order: order)
            var count: UInt128 = 0
            for field in fields { count = count &+ field.count }
            // All of IPv6 is one address more than can be counted.
            #expect(count == range.count || count == 0 && range.count == .max)
            #expect(fields.first?.first == range.first && fields.last?.last == range.last)
            #expect(fields.count <= 1 << (2 * order))
        }
    }

    @Test("who answers is counted in his field, and others nowhere")
    func counting() throws {
        let range = try #require(try SweepRange("198.18.0.0-198.18.255.255"))
        var map = try #require(AddressMap(range))
        for number in 0..<256 { map.record(.v4(IPv4Address(rawValue: 0xC612_4000 + UInt32(number)))) }
        map.record(.v4(IPv4Address(rawValue: 0xC613_0000)))
        map.record(.v6(.loopback))
        #expect(map.aliveCount == 256)
        let fields = map.fields(order: 4)
        #expect(fields.filter { $0.alive > 0 }.map(\.share) == [1])
        #expect(fields.first { $0.alive > 0 }?.first == .v4(IPv4Address(rawValue: 0xC612_4000)))
        #expect(map.drawing(columns: 80).contains("██") && map.drawing(columns: 80).contains("256 of 65536 alive"))
        let widest = map.drawing(columns: 40).split(separator: "\n").filter { $0.contains("· ") && !$0.contains("a") }
        #expect(!widest.isEmpty && widest.allSatisfy { $0.count <= 40 })
    }

    @Test("the picture is XML with a title for each field that is not empty")
    func picture() async throws {
        let range = try #require(try SweepRange("198.18.0.0/24"))
        var map = try #require(AddressMap(range))
        for number in 1...9 { map.record(.v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(number)))) }
        let parsing = try await Program.run(
            ["python3", "-c", "import sys, xml.dom.minidom as x; x.parseString(sys.stdin.buffer.read())"],
            input: AddressMap.svg([map, map]))
        #expect(parsing.status == 0, "\(parsing.errors)")
        #expect(AddressMap.svg([map]).matches(of: #/<title>/#).count == 1 + 9)
    }

    @Test("a few addresses are not worth a map")
    func few() throws {
        let range = try #require(try SweepRange("198.18.0.0-198.18.0.6"))
        #expect(AddressMap(range) == nil)
    }

    @Test("the line of progress says what is known")
    func progress() {
        var totals = SweepTotals()
        (totals.sent, totals.received) = (1000, 900)
        let elapsed = Duration.seconds(3)
        #expect(
            SweepProgress.text(totals, probesPerTarget: 1, rate: 500, elapsed: elapsed)
                == "1000 sent, 900 answered, 500 a second, for 3 s")
        totals.expected = 3000
        #expect(
            SweepProgress.text(totals, probesPerTarget: 1, rate: 500, elapsed: elapsed)
                == "1000 of 3000 sent, 900 answered, 500 a second, 4 s left")
        #expect(SweepProgress.text(totals, probesPerTarget: 2, rate: 0.1, elapsed: elapsed).contains("13 h left"))
        totals.expected = .max
        #expect(SweepProgress.text(totals, probesPerTarget: .max, rate: 1e-9, elapsed: elapsed).hasSuffix("days left"))
        #expect(SweepProgress.text(totals, probesPerTarget: nil, rate: .zero, elapsed: elapsed).hasSuffix("for 3 s"))
    }
}
