import Addresses
import PacketSamples
import Packets
import TestSupport
import Testing

@Suite struct FragmentationTests {
    private let echo = ICMPv4Message(.echoRequest(ICMPEcho(identifier: 1, sequenceNumber: 2)))

    private func packet(_ count: Int, options: [IPv4Option] = [], flags: IPv4Header.Flags = []) -> IPv4Packet {
        let header = IPv4Header(
            source: v4(198, 18, 0, 1), destination: v4(198, 18, 0, 2), identification: 0x4321, flags: flags,
            options: options)
        return IPv4Packet(header, payload: .icmp(echo, payload: (0..<count).map { UInt8(truncatingIfNeeded: $0) }))
    }

    private func packet6(_ count: Int, extensions: [IPv6ExtensionHeader] = []) -> IPv6Packet {
        let message = ICMPv6Message(.echoRequest(ICMPEcho(identifier: 1, sequenceNumber: 2)))
        return IPv6Packet(
            IPv6Header(source: v6(1, 1), destination: v6(2, 2)), extensions: extensions,
            payload: .icmpv6(message, payload: (0..<count).map { UInt8(truncatingIfNeeded: $0) }))
    }

    @Test("a packet that fits is one piece, as it is")
    func fits() throws {
        let packet = packet(72, flags: .dontFragment)
        #expect(try packet.fragments(maximumTransmissionUnit: 100) == [packet])
        #expect(try packet6(52).fragments(maximumTransmissionUnit: 100, identification: 1) == [packet6(52)])
    }

    @Test("pieces are cut at multiples of eight bytes, and all but the last say that more follow")
    func pieces() throws {
        let fragments = try packet(72).fragments(maximumTransmissionUnit: 55)
        #expect(fragments.map(\.header.fragmentOffset) == [0, 4, 8])
        #expect(fragments.map { $0.header.flags.contains(.moreFragments) } == [true, true, false])
        #expect(fragments.map(\.length) == [52, 52, 36])
        #expect(fragments.allSatisfy { $0.header.identification == 0x4321 })
    }

    @Test("only options with the copied flag are in the later pieces")
    func options() throws {
        let options: [IPv4Option] = [.routerAlert(0), .recordRoute(RouteRecord(emptySlots: 1)), .noOperation]
        let fragments = try packet(72, options: options).fragments(maximumTransmissionUnit: 64)
        #expect(fragments.map(\.header.options) == [options, [.routerAlert(0)], [.routerAlert(0)]])
    }

    @Test("a header longer than its options is so in the first piece")
    func paddedHeader() throws {
        var padded = packet(72)
        padded.header.internetHeaderLength = 7
        let fragments = try padded.fragments(maximumTransmissionUnit: 68)
        #expect(fragments.map(\.header.length) == [28, 20])
        #expect(fragments.map(\.payload.length) == [40, 40])
        padded.header.internetHeaderLength = 1
        #expect(try padded.fragments(maximumTransmissionUnit: 68).map(\.header.internetHeaderLength) == [nil, nil])
    }

    @Test("a fragment that is cut again has pieces of the same packet")
    func again() throws {
        let first = try packet(200).fragments(maximumTransmissionUnit: 140)
        let pieces = try first.flatMap { try $0.fragments(maximumTransmissionUnit: 60) }
        #expect(pieces.last?.header.flags == [])
        #expect(pieces.dropLast().allSatisfy { $0.header.flags == .moreFragments })
        #expect(pieces.map(\.header.fragmentOffset) == [0, 5, 10, 15, 20, 25])
    }

    @Test("in IPv6 the headers that routers look at are in every piece")
    func perFragmentHeaders() throws {
        let hop = IPv6ExtensionHeader(.hopByHopOptions([.routerAlert(0)].aligned))
        let options = IPv6ExtensionHeader(.destinationOptions([IPv6Option]().aligned))
        let packet = packet6(100, extensions: [hop, options])
        let fragments = try packet.fragments(maximumTransmissionUnit: 104, identification: 7)
        #expect(
            fragments.map { $0.extensions.map(\.protocolNumber) }
                == [[.hopByHopOptions, .fragment, .destinationOptions]] + [[.hopByHopOptions, .fragment]] * 2)
    }

    @Test("what can't be cut is refused")
    func refused() {
        func error(_ cut: () throws(FragmentationError) -> Void) -> FragmentationError? {
            do { try cut() } catch { return error }
            return nil
        }
        #expect(
            error { () throws(FragmentationError) in
                _ = try packet(72, flags: .dontFragment).fragments(maximumTransmissionUnit: 60)
            } == .forbidden)
        #expect(
            error { () throws(FragmentationError) in _ = try packet(72).fragments(maximumTransmissionUnit: 27) }
                == .maximumTransmissionUnitTooSmall(minimum: 28))
        #expect(
            error { () throws(FragmentationError) in _ = try packet(72).fragments(maximumTransmissionUnit: .min) }
                == .maximumTransmissionUnitTooSmall(minimum: 28))
        #expect(
            error { () throws(FragmentationError) in _ = try packet(65_508).fragments(maximumTransmissionUnit: 1_500) }
                == .tooLong)
        let atomic = packet6(
            100, extensions: [IPv6ExtensionHeader(.fragment(offset: 0, moreFragments: false, identification: 1))])
        #expect(
            error { () throws(FragmentationError) in
                _ = try atomic.fragments(maximumTransmissionUnit: 100, identification: 1)
            } == .isFragment)
    }

    @Test("what has been cut is whole again, in whatever order its pieces come, once or twice")
    func thereAndBack() throws {
        var random = SplitMix64(seed: 50)
        for _ in 0..<300 {
            let mtu = 100 + random.below(300)
            let options: [IPv4Option] = random.below(2) == 0 ? [] : [.noOperation, .routerAlert(0)]
            let packet = packet(random.below(2_000), options: options, flags: random.below(2) == 0 ? [] : .reserved)
            let hop = IPv6ExtensionHeader(.hopByHopOptions([.routerAlert(0)].aligned))
            let packet6 = packet6(random.below(2_000), extensions: random.below(2) == 0 ? [] : [hop])
            var pieces = try packet.fragments(maximumTransmissionUnit: mtu).map { LinkPacket.ipv4($0).bytes }
            pieces += try packet6.fragments(maximumTransmissionUnit: mtu, identification: random.integer())
                .map { LinkPacket.ipv6($0).bytes }
            pieces += pieces.filter { _ in random.below(4) == 0 }
            pieces.shuffle(using: &random)

            var reassembly = Reassembly()
            var whole: Set<[UInt8]> = []
            for piece in pieces {
                switch reassembly.receive(piece.span.bytes, at: .zero) {
                case .whole(let bytes): whole.insert(bytes)
                case .notFragment: whole.insert(piece)
                case .waiting: break
                case .discarded(let reason): Issue.record("\(reason)")
                }
            }
            #expect(whole == [LinkPacket.ipv4(packet).bytes, LinkPacket.ipv6(packet6).bytes])
        }
    }
}

private func * (array: [[IPProtocol]], count: Int) -> [[IPProtocol]] { (0..<count).flatMap { _ in array } }
