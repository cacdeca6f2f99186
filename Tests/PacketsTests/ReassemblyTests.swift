import Addresses
import PacketSamples
import Packets
import TestSupport
import Testing

@Suite struct ReassemblyTests {
    /// A fragment of either family of a packet with this number.
    private func fragment(
        _ offset: Int, _ data: [UInt8], more: Bool, of number: UInt16 = 1, v6 isIPv6: Bool = false
    ) -> [UInt8] {
        let payload = IPPayload.other(IPProtocol(rawValue: 253), data)
        if isIPv6 {
            let header = IPv6ExtensionHeader(
                .fragment(offset: UInt16(offset / 8), moreFragments: more, identification: UInt32(number)))
            let ends = IPv6Header(source: v6(1, 1), destination: v6(2, 2))
            return LinkPacket.ipv6(IPv6Packet(ends, extensions: [header], payload: payload)).bytes
        }
        let header = IPv4Header(
            source: v4(198, 18, 0, 1), destination: v4(198, 18, 0, 2), identification: number,
            flags: more ? .moreFragments : [], fragmentOffset: UInt16(offset / 8))
        return LinkPacket.ipv4(IPv4Packet(header, payload: payload)).bytes
    }

    private func data(_ count: Int, _ value: UInt8 = 7) -> [UInt8] { [UInt8](repeating: value, count: count) }

    /// What becomes of packets, one a second.
    private func outcomes(_ packets: [[UInt8]], limits: Reassembly.Limits = .init()) -> [Reassembly.Outcome] {
        var reassembly = Reassembly(limits: limits)
        return packets.enumerated().map { reassembly.receive($1.span.bytes, at: .seconds($0)) }
    }

    @Test("fragments that overlap end their packet, and so do those that come later", arguments: [false, true])
    func overlap(v6: Bool) {
        let packets = [
            fragment(0, data(16), more: true, v6: v6), fragment(8, data(16), more: true, v6: v6),
            fragment(24, data(8), more: false, v6: v6), fragment(16, data(8), more: true, v6: v6),
        ]
        let expected: [Reassembly.Outcome] = [.waiting] + (0..<3).map { _ in .discarded(.overlap) }
        #expect(outcomes(packets) == expected)
    }

    @Test("the same fragment twice is no overlap, but another of the same place is")
    func duplicates() {
        let twice = [fragment(0, data(16), more: true), fragment(0, data(16), more: true)]
        #expect(outcomes(twice) == [.waiting, .waiting])
        let other = [fragment(0, data(16), more: true), fragment(0, data(16, 8), more: true)]
        #expect(outcomes(other) == [.waiting, .discarded(.overlap)])
    }

    @Test("two ends contradict each other, and so does data behind the end")
    func ends() {
        #expect(
            outcomes([fragment(16, data(8), more: false), fragment(24, data(8), more: false)])
                == [.waiting, .discarded(.contradictoryEnds)])
        #expect(
            outcomes([fragment(16, data(8), more: false), fragment(24, data(8), more: true)])
                == [.waiting, .discarded(.contradictoryEnds)])
        #expect(
            outcomes([fragment(24, data(8), more: true), fragment(16, data(8), more: false)])
                == [.waiting, .discarded(.contradictoryEnds)])
    }

    @Test("a fragment that isn't the last has a multiple of eight bytes, and none has none", arguments: [false, true])
    func lengths(v6: Bool) {
        #expect(outcomes([fragment(0, data(9), more: true, v6: v6)]) == [.discarded(.badLength)])
        #expect(outcomes([fragment(8, [], more: false, v6: v6)]) == [.discarded(.badLength)])
        #expect(outcomes([fragment(8, data(9), more: false, v6: v6)]) == [.waiting])
    }

    @Test("a packet that would be longer than any is, is refused")
    func tooLong() {
        #expect(outcomes([fragment(65_528, data(8), more: false)]) == [.discarded(.tooLong)])
        #expect(outcomes([fragment(65_528, data(7), more: false, v6: true)]) == [.waiting])
        #expect(outcomes([fragment(65_528, data(8), more: false, v6: true)]) == [.discarded(.tooLong)])
    }

    @Test("a fragment of which bytes are missing is refused")
    func cut() {
        let cut = Array(fragment(0, data(16), more: true).dropLast())
        let error = ParseError(.ipv4, .truncated(needed: 36, available: 35), at: 35)
        #expect(outcomes([cut]) == [.discarded(.malformed(error))])
    }

    @Test("a packet in one piece with a fragment header is whole at once, beside others of its number")
    func atomic() {
        let packets = [
            fragment(8, data(8), more: false, v6: true), fragment(0, data(5), more: false, v6: true),
            fragment(0, data(8), more: true, v6: true),
        ]
        let ends = IPv6Header(source: v6(1, 1), destination: v6(2, 2))
        func whole(_ count: Int) -> [UInt8] {
            LinkPacket.ipv6(IPv6Packet(ends, payload: .other(IPProtocol(rawValue: 253), data(count)))).bytes
        }
        #expect(outcomes(packets) == [.waiting, .whole(whole(5)), .whole(whole(16))])
    }

    @Test("a packet that is none, or whole, is none of its business")
    func others() {
        #expect(outcomes([CapturedIPv4.echoReply]) == [.notFragment])
        #expect(outcomes([[]]) == [.discarded(.malformed(ParseError(.ip, .truncated(needed: 1, available: 0), at: 0)))])
    }

    @Test("fragments belong together by their ends, protocol and number")
    func keys() {
        var other = fragment(8, data(8), more: false)
        other[9] = 17
        let packets = [
            fragment(0, data(8), more: true), fragment(8, data(8), more: false, of: 2), other,
            fragment(8, data(8), more: false, v6: true),
        ]
        #expect(outcomes(packets) == [.waiting, .waiting, .waiting, .waiting])
    }

    @Test("a minute after its first fragment a packet is given up, and its first fragment is there to be quoted")
    func timeout() {
        var reassembly = Reassembly()
        let first = fragment(0, data(8), more: true)
        _ = reassembly.receive(fragment(16, data(8), more: false).span.bytes, at: .seconds(100))
        _ = reassembly.receive(first.span.bytes, at: .seconds(130))
        _ = reassembly.receive(fragment(8, data(8), more: false, of: 2).span.bytes, at: .seconds(140))
        #expect(reassembly.nextExpiry == .seconds(160))
        #expect(reassembly.expire(at: .milliseconds(159_999)) == [])
        let expired = reassembly.expire(at: .seconds(160))
        #expect(expired.map(\.firstFragment) == [first])
        #expect(expired.map(\.identification) == [1])
        #expect(reassembly.expire(at: .seconds(1_000)).map(\.firstFragment) == [nil])
        #expect(reassembly.nextExpiry == nil)
        #expect(reassembly.byteCount == 0)
    }

    @Test("a fragment after the time begins a new packet, although nobody asked what has expired")
    func late() {
        var reassembly = Reassembly()
        _ = reassembly.receive(fragment(0, data(8), more: true).span.bytes, at: .zero)
        #expect(reassembly.receive(fragment(8, data(8), more: false).span.bytes, at: .seconds(60)) == .waiting)
        #expect(reassembly.datagramCount == 1)
    }

    @Test("where there is no room, the packet that has waited longest is given up")
    func limits() {
        let packets =
            (1...3).map { fragment(0, data(8), more: true, of: $0) }
            + (1...3).map { fragment(8, data(8), more: false, of: $0) }
        let outcomes = outcomes(packets, limits: .init(datagrams: 2))
        // The end of the first begins it anew, and costs the second its place; and so on.
        #expect(outcomes == [.waiting, .waiting, .waiting, .waiting, .waiting, .waiting])
        #expect(self.outcomes(packets, limits: .init(bytes: 100)) == packets.map { _ in .discarded(.limit) })
    }

    @Test("memory is bounded whatever comes, and is given back")
    func flood() {
        var random = SplitMix64(seed: 51)
        let limits = Reassembly.Limits(datagrams: 50, bytes: 100_000)
        var reassembly = Reassembly(limits: limits)
        for second in 0..<20_000 {
            let packet = fragment(
                8 * random.below(300), data(8 * random.below(60)), more: random.below(3) > 0,
                of: UInt16(random.below(200)), v6: random.below(2) == 0)
            _ = reassembly.receive(packet.span.bytes, at: .milliseconds(second * 10))
            #expect(reassembly.byteCount <= limits.bytes && reassembly.datagramCount <= limits.datagrams)
        }
        _ = reassembly.expire(at: .seconds(1_000))
        #expect(reassembly.byteCount == 0)
        #expect(reassembly.datagramCount == 0)
    }

    @Test("damaged fragments survive")
    func damaged() {
        var random = SplitMix64(seed: 52)
        var reassembly = Reassembly()
        for second in 0..<20_000 {
            var packet = fragment(
                8 * random.below(4), data(8 * random.below(4)), more: random.below(2) == 0, v6: random.below(2) == 0)
            for _ in 0..<random.below(3) { packet[random.below(packet.count)] = random.integer() }
            packet = Array(packet.prefix(random.below(packet.count + 20)))
            let outcome = reassembly.receive(packet.span.bytes, at: .milliseconds(second))
            guard case .whole(let whole) = outcome else { continue }
            // Whoever is given a whole packet finds no fragment.
            var other = Reassembly()
            if case .notFragment = other.receive(whole.span.bytes, at: .zero) { continue }
            Issue.record("\(packet) became \(whole)")
        }
    }
}
