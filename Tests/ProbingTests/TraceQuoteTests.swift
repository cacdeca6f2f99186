import Addresses
import Packets
import Probing
import TestSupport
import Testing

@Suite("What routers quote of probes")
struct TraceQuoteTests {
    private static let probe = TraceProbe(token: 300, hopLimit: 4, flow: 2)

    @Test(
        "A quote of eight bytes, or of more, tells the probe, and that nothing was rewritten",
        arguments: allTraceMethods)
    func roundTrip(method: TraceMethod) throws {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            for token in [1, 2, 300, 0x1D07, 65_535] as [UInt16] {
                var packet = format.written(TraceProbe(token: token, hopLimit: 4, flow: 2))
                packet[family == .v4 ? 8 : 7] = 1
                for count in [8, 12, 20, 21, packet.count - family.headerLength] {
                    let quote = Array(packet.prefix(family.headerLength + count))
                    // Without an identification, SCTP and DCCP have their tokens farther behind; and so does UDP-Lite
                    // whose checksum covers no payload.
                    guard
                        family == .v4 || count >= 20 || ![132, 33].contains(method.protocolNumber(in: family).rawValue)
                    else { continue }
                    if family == .v6, count < 16, method == .udpLite(port: 33434, coverage: 8) { continue }
                    let answer = format.answer(toICMP: timeExceeded(family, quoting: quote))
                    var expected = TraceAnswer(token: token, from: family.router, .timeExceeded)
                    expected.hopLimit = 61
                    expected.quotedHopLimit = 1
                    expected.quotedDifferentiatedServices = 0
                    #expect(answer == expected, "\(family) \(count) \(token)")
                }
            }
        }
    }

    @Test("Less than eight bytes behind the IP header tell nothing", arguments: allTraceMethods)
    func tooShort(method: TraceMethod) {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            let packet = format.written(Self.probe)
            for count in 0..<family.headerLength + 8 {
                #expect(format.answer(toICMP: timeExceeded(family, quoting: Array(packet.prefix(count)))) == nil)
            }
        }
    }

    @Test("MPLS labels are read behind a padded quote, counted or not", arguments: allTraceMethods)
    func extensions(method: TraceMethod) throws {
        let labels: [ICMPExtensionObject] = [
            .mplsLabelStack([MPLSLabel(label: 24_001, trafficClass: 1, isBottomOfStack: true, timeToLive: 1)])
        ]
        let structure = serialized(capacity: 64) { ICMPExtensions(labels).serialize(into: &$0) }
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            let packet = format.written(Self.probe)
            let long = family.headerLength + 20
            for length in [packet.count, min(long, packet.count)] {
                let quote = packet.prefix(length) + Array(repeating: 0, count: 128 - length)
                for words in [nil, family == .v4 ? 32 : 16] as [UInt8?] {
                    let message = timeExceeded(
                        family, quoting: Array(quote), originalDatagramWords: words, behind: structure)
                    let answer = try #require(format.answer(toICMP: message))
                    #expect(answer.token == 300 && answer.extensions == labels && answer.rewriting == [])
                }
                // Counted, the quote may be shorter than RFC 4884 wants it.
                let whole = length / 8 * 8
                let message = timeExceeded(
                    family, quoting: Array(packet.prefix(whole)),
                    originalDatagramWords: UInt8(whole / (family == .v4 ? 4 : 8)), behind: structure)
                guard family == .v4 || whole >= 60 else { continue }
                #expect(format.answer(toICMP: message)?.extensions == labels)
            }
        }
    }

    @Test("Zeros that pad a short quote are not taken for a payload")
    func padding() throws {
        let format = TraceProbeFormat.probing(.udp(port: 33434), .v4)
        let quote = format.written(Self.probe).prefix(28) + Array(repeating: 0, count: 100)
        #expect(format.answer(toICMP: timeExceeded(.v4, quoting: Array(quote)))?.token == 300)
    }

    @Test("What an error says is told with its code and information", arguments: IPFamily.allCases)
    func errors(family: IPFamily) throws {
        let format = TraceProbeFormat.probing(.udp(port: 33434), family, packetLength: 1500)
        let quote = Array(format.written(Self.probe).prefix(100))
        let message = serialized(capacity: 200) {
            switch family {
            case .v4:
                ICMPv4Message(.destinationUnreachable(.fragmentationNeeded, nextHopMTU: 1400))
                    .serialize(into: &$0, payload: quote.span.bytes)
            case .v6: ICMPv6Message(.packetTooBig(mtu: 1400)).serialize(into: &$0, payload: quote.span.bytes)
            }
        }
        let error = ICMPError(
            family: family, type: family == .v4 ? 3 : 2, code: family == .v4 ? 4 : 0, information: 1400)
        let answer = try #require(format.answer(toICMP: message))
        #expect(answer.meaning == .error(error) && answer.token == 300)
    }

    @Test("An ICMP message with a wrong checksum is none")
    func checksum() {
        let format = TraceProbeFormat.probing(.icmp, .v4)
        var message = timeExceeded(.v4, quoting: format.written(Self.probe))
        message[20] ^= 1
        #expect(format.answer(toICMP: message) == nil)
    }

    @Test("A probe through gateways is known from each stop's quote", arguments: IPFamily.allCases)
    func gateways(family: IPFamily) {
        let format = TraceProbeFormat.probing(.udp(port: 33434), family) {
            $0.gateways = [family.router, family.translated]
        }
        var packet = format.written(Self.probe)
        #expect(format.answer(toICMP: timeExceeded(family, quoting: packet))?.rewriting == [])
        // The first gateway swaps the addresses.
        let second: [UInt8] =
            family == .v4 ? [203, 0, 113, 9] : [0x20, 1, 0x0d, 0xb8, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]
        packet.replaceSubrange(family == .v4 ? 16..<20 : 24..<40, with: second)
        let answer = format.answer(toICMP: timeExceeded(family, quoting: packet))
        #expect(answer?.token == 300 && answer?.rewriting == [])
    }

    @Test("Nothing traps on damaged, truncated or random messages", arguments: allTraceMethods)
    func hostile(method: TraceMethod) {
        var random = SplitMix64(seed: 4884)
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family) {
                if random.next() & 1 == 0 { $0.gateways = [family.router] }
            }
            let message = timeExceeded(family, quoting: format.written(Self.probe))
            for _ in 0..<3000 {
                var bytes = Array(message.prefix(Int(random.next() % UInt64(message.count + 1))))
                for _ in 0..<random.next() % 6 where !bytes.isEmpty {
                    bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                if family == .v4, bytes.count >= 4 {
                    bytes.set(0, at: 2)
                    bytes.set(InternetChecksum.of(bytes.span.bytes), at: 2)
                }
                _ = format.answer(toICMP: bytes)
                _ = format.answer(inSegment: Array(bytes.dropFirst(28)))
                _ = format.answer(to: ICMPError(family: family, type: 11, code: 0), quoting: Array(bytes.dropFirst(36)))
            }
        }
    }
}
