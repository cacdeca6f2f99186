import Addresses
import PacketSamples
import Packets
import TestSupport
import Testing

/// No bytes stop the program. A trap would end the test run; what is checked beside it is that no parser reports more
/// than it was given.
@Suite struct HostileBytesTests {
    /// Feeds bytes to every parser, on its own; says whether the lengths that come out are within the bytes.
    private func survives(_ bytes: [UInt8]) -> Bool {
        let span = bytes.span.bytes
        var sound = true
        if let header = try? IPv4Header(parsing: span) {
            sound = sound && header.length + header.payloadLength(available: bytes.count) <= bytes.count
            if let message = try? ICMPv4Message(parsing: span.extracting(droppingFirst: header.length)) {
                sound = sound && header.length + message.length <= bytes.count
            }
        }
        if let header = try? IPv6Header(parsing: span) {
            sound = sound && 40 + header.payloadLength(available: bytes.count) <= bytes.count
        }
        if let quote = try? QuotedPacket(parsing: span) {
            sound = sound && quote.transportOffset + quote.transportByteCount <= bytes.count
            _ = (quote.echoRequest, quote.ports)
        }
        if let message = try? ICMPv4Message(parsing: span, verifyingChecksum: false) {
            sound = sound && message.length <= bytes.count
        }
        _ = try? ICMPv6Message(parsing: span)
        _ = try? ICMPv6Message(parsing: span, in: .v6(source: v6(1, 1), destination: v6(2, 2)))
        if let message = try? IGMPMessage(parsing: span, verifyingChecksum: false) {
            sound = sound && message.length <= bytes.count
        }
        if let message = try? Mtrace2Message(parsing: span) { sound = sound && message.length == bytes.count }
        if let options = try? IPv4Option.parseList(span) {
            sound = sound && IPv4Option.paddedLength(of: options) < bytes.count + 4
        }
        let chain = IPv6ExtensionChain(parsing: span, nextHeader: .hopByHopOptions)
        return sound && chain.length <= bytes.count
    }

    @Test("every captured packet survives being cut at every length", arguments: CapturedIPv4.all + CapturedIPv6.all)
    func cut(_ packet: [UInt8]) {
        for length in 0...packet.count {
            #expect(survives(Array(packet.prefix(length))), "cut to \(length) bytes")
        }
    }

    @Test(
        "every captured packet survives any bit flipped, and any byte at its extremes",
        arguments: CapturedIPv4.all + CapturedIPv6.all)
    func flipped(_ packet: [UInt8]) {
        for index in packet.indices {
            let flipped = (0..<8).map { packet[index] ^ 1 << UInt8($0) }
            for value in flipped + [0x00, 0xFF, ~packet[index]] {
                var damaged = packet
                damaged[index] = value
                if !survives(damaged) { Issue.record("byte \(index) as \(value)") }
            }
        }
    }

    @Test(
        "random bytes survive, behind heads that let them in",
        arguments: [[], [0x4F], [0x46], [0x60], [0x08, 0], [0x22, 0], [1, 0, 20]])
    func random(head: [UInt8]) {
        var generator = SplitMix64(seed: 20)
        for _ in 0..<20_000 {
            let bytes = head + generator.bytes(generator.below(90))
            if !survives(bytes) { Issue.record("\(bytes)") }
        }
    }

    @Test("random options survive, and those that are read are written back as they were")
    func randomOptions() throws {
        var generator = SplitMix64(seed: 21)
        let types: [UInt8] = [1, 7, 68, 131, 137, 148, 0x88]
        var readable = 0
        for _ in 0..<100_000 {
            let length = 2 + generator.below(39)
            var list = [types[generator.below(types.count)], UInt8(length)]
            list += [UInt8(generator.below(12)), generator.integer() & 0xF3] + generator.bytes(length - 2)
            list = Array(list.prefix(length))
            guard let options = try? IPv4Option.list(of: list), options.count == 1 else { continue }
            readable += 1
            let written = serialized(capacity: 64) { IPv4Option.serializeList(options, into: &$0) }
            #expect(Array(written.prefix(length)) == list)
        }
        #expect(readable > 1_000)
    }
}
