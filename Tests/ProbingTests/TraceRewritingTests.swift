import Addresses
import Packets
import Probing
import Testing

/// What became of a probe on its way to the router that quotes it. Ports and identifiers are in the same place for all.
private enum Translation: CaseIterable {
    /// All put back in the quote but the transport checksum.
    case mendedButForChecksum
    /// The quote shows the outer address, with the checksum that belongs to it.
    case source
    /// The quote shows outer address and port, or identifier, with the checksum that belongs to them.
    case sourceAndPort
    case port
    case identification
}

@Suite("What a quote says of translators")
struct TraceRewritingTests {
    private static let methods: [TraceMethod] = [
        .icmp, .udp(port: 33434), .udpLite(port: 33434, coverage: nil), .tcp(port: 80, TCPProbe()),
    ]
    private static let probe = TraceProbe(token: 300, hopLimit: 4, flow: 2)

    /// Where the transport checksum is, and whether it covers the addresses.
    private func checksumOffset(_ method: TraceMethod) -> Int {
        switch method {
        case .icmp: 2
        case .tcp: 16
        default: 6
        }
    }

    /// The probe as it is quoted.
    private func quote(_ format: TraceProbeFormat, _ translation: Translation) -> [UInt8] {
        let family = format.family
        let header = family.headerLength
        var packet = format.written(Self.probe)
        let checksum = header + checksumOffset(format.method)
        let port = header + (format.method == .icmp ? 4 : 0)
        let covering = format.method == .icmp && family == .v4 ? nil : checksum
        switch translation {
        case .mendedButForChecksum:
            packet.set(
                InternetChecksum.updating(packet.word(at: checksum), replacing: 0x1111 as UInt16, with: 0x5157),
                at: checksum)
        case .source: packet.translate(source: family.translated, checksumAt: covering)
        case .sourceAndPort:
            packet.translate(source: family.translated, checksumAt: covering)
            packet.translate(61_001, at: port, checksumAt: checksum)
        case .port: packet.translate(61_001, at: port, checksumAt: checksum)
        case .identification: if family == .v4 { packet.set(0xBEEF, at: 4) }
        }
        return packet
    }

    private func expected(
        _ translation: Translation, _ method: TraceMethod, _ family: IPFamily, isWhole: Bool
    ) -> TraceAnswer.Rewriting {
        switch translation {
        // A TCP checksum says nothing unless all that it covers is quoted.
        case .mendedButForChecksum: method.hasTCP && !isWhole ? [] : .checksum
        case .source: .source
        case .sourceAndPort: [.source, .ports]
        case .port: .ports
        case .identification: family == .v4 ? .identification : []
        }
    }

    @Test("A whole quote tells the probe, whatever was translated, and just what was", arguments: methods)
    func whole(method: TraceMethod) throws {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            for translation in Translation.allCases {
                let message = timeExceeded(family, quoting: quote(format, translation))
                let answer = try #require(format.answer(toICMP: message), "\(family) \(translation)")
                #expect(answer.token == 300)
                #expect(
                    answer.rewriting == expected(translation, method, family, isWhole: true), "\(family) \(translation)"
                )
            }
        }
    }

    @Test("So do eight bytes", arguments: methods)
    func eightBytes(method: TraceMethod) throws {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            for translation in Translation.allCases {
                // Which of the two tokens of UDP was changed can't be told: the identification is believed.
                if family == .v4, translation == .identification, method.hasChecksumToken { continue }
                // Nor, over IPv6, that the only one of UDP was changed by something else than its own packet shows.
                if family == .v6, translation == .mendedButForChecksum, method.hasChecksumToken { continue }
                let quote = quote(format, translation).prefix(family.headerLength + 8)
                let found = format.answer(toICMP: timeExceeded(family, quoting: Array(quote)))
                // Over IPv6 the checksum of UDP is all that has the token: one that was translated has it no more.
                if family == .v6, method.hasChecksumToken,
                    ![.identification, .mendedButForChecksum].contains(translation)
                {
                    #expect(found == nil)
                    continue
                }
                let answer = try #require(found, "\(family) \(translation)")
                #expect(answer.token == 300, "\(family) \(translation)")
                #expect(
                    answer.rewriting == expected(translation, method, family, isWhole: false),
                    "\(family) \(translation)")
            }
        }
    }

    @Test("A translator that mends nothing, not even the checksum, is known by two tokens that agree")
    func unsummed() throws {
        let format = TraceProbeFormat.probing(.udp(port: 33434), .v4)
        var quote = Array(format.written(Self.probe).prefix(28))
        quote.translate(source: IPFamily.v4.translated, checksumAt: nil)
        quote.translate(61_001, at: 20, checksumAt: nil)
        let answer = try #require(format.answer(toICMP: timeExceeded(.v4, quoting: quote)))
        #expect(answer.token == 300 && answer.rewriting == [.source, .ports, .checksum])
    }

    @Test("A destination that was translated, a type of service and a length that were changed are told")
    func others() throws {
        let format = TraceProbeFormat.probing(.udp(port: 33434), .v4) { $0.differentiatedServices = 0x20 }
        var quote = format.written(Self.probe)
        quote.translate(0x0A01, at: 16, checksumAt: 26)
        #expect(format.answer(toICMP: timeExceeded(.v4, quoting: quote))?.rewriting == .destination)
        quote = format.written(Self.probe)
        quote[1] = 0
        let answer = try #require(format.answer(toICMP: timeExceeded(.v4, quoting: quote)))
        #expect(answer.rewriting == .differentiatedServices && answer.quotedDifferentiatedServices == 0)
        quote = format.written(Self.probe)
        quote.set(quote.word(at: 2) - 20, at: 2)
        #expect(format.answer(toICMP: timeExceeded(.v4, quoting: quote))?.rewriting == .length)
    }

    @Test("A probe of another length than the format's is not taken for one that was changed", arguments: methods)
    func ownLength(method: TraceMethod) {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            let quote = format.written(TraceProbe(token: 9, hopLimit: 3, packetLength: 1280))
            for length in [family.headerLength + 8, 548] {
                let answer = format.answer(toICMP: timeExceeded(family, quoting: Array(quote.prefix(length))))
                #expect(answer?.token == 9 && answer?.rewriting == [])
            }
        }
    }

    @Test("The first fragment of a probe is not taken for a shorter one")
    func fragment() {
        let format = TraceProbeFormat.probing(.udp(port: 33434), .v4)
        var quote = Array(format.written(TraceProbe(token: 9, hopLimit: 3, packetLength: 3000)).prefix(548))
        quote.set(1500, at: 2)
        quote[6] |= 0x20
        #expect(format.answer(toICMP: timeExceeded(.v4, quoting: quote))?.rewriting == [])
    }

    @Test(
        "Flows beyond those that ports tell are told by the payload", arguments: [TraceMethod.icmp, .udp(port: 33434)])
    func farFlow(method: TraceMethod) {
        let format = TraceProbeFormat.probing(method, .v4)
        let quote = format.written(TraceProbe(token: 9, hopLimit: 3, flow: 50_000))
        let answer = format.answer(toICMP: timeExceeded(.v4, quoting: quote))
        #expect(answer?.token == 9 && answer?.rewriting == [])
    }

    // MARK: - What is refused

    @Test("A probe with another key is not ours, however much of it is quoted", arguments: allTraceMethods)
    func otherKey(method: TraceMethod) {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            let other = TraceProbeFormat.probing(method, family, key: 0x6A31)
            let packet = other.written(Self.probe)
            for count in [8, 20, packet.count - family.headerLength] {
                let quote = Array(packet.prefix(family.headerLength + count))
                #expect(format.answer(toICMP: timeExceeded(family, quoting: quote)) == nil, "\(family) \(count)")
            }
        }
    }

    @Test(
        "A quoted payload with another key or token is refused, whatever else agrees",
        arguments: [
            TraceMethod.icmp, .udp(port: 33434), .udpLite(port: 33434, coverage: nil),
        ])
    func forgedPayload(method: TraceMethod) {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family)
            var quote = format.written(Self.probe)
            quote[family.headerLength + 8] ^= 0x40
            #expect(format.answer(toICMP: timeExceeded(family, quoting: quote)) == nil)
        }
    }

    @Test("What a destination sends back is no probe, though it has the probe's payload", arguments: IPFamily.allCases)
    func reply(family: IPFamily) {
        let format = TraceProbeFormat.probing(.udp(port: 33434), family)
        var quote = format.written(Self.probe)
        let header = family.headerLength
        let (addresses, length) = family == .v4 ? (12, 4) : (8, 16)
        for (first, length) in [(addresses, length), (header, 2)] {
            for byte in first..<first + length { quote.swapAt(byte, byte + length) }
        }
        #expect(format.answer(toICMP: timeExceeded(family, quoting: quote)) == nil)
    }

    @Test("Another protocol, a later fragment, and another type of ICMP are not ours", arguments: allTraceMethods)
    func otherPackets(method: TraceMethod) {
        let format = TraceProbeFormat.probing(method, .v4)
        var quote = format.written(Self.probe)
        quote[9] ^= 0x10
        #expect(format.answer(toICMP: timeExceeded(.v4, quoting: quote)) == nil)
        quote = format.written(Self.probe)
        quote[7] = 1
        #expect(format.answer(toICMP: timeExceeded(.v4, quoting: quote)) == nil)
        guard method == .icmp else { return }
        quote = format.written(Self.probe)
        quote[20] = 0
        #expect(format.answer(toICMP: timeExceeded(.v4, quoting: quote)) == nil)
    }

    @Test("Of all that a stranger may guess of eight bytes, few are taken for a probe")
    func guesses() {
        let format = TraceProbeFormat.probing(.udp(port: 33434), .v4)
        var quote = Array(format.written(Self.probe).prefix(28))
        var taken = 0
        for port in UInt16(1)...65_535 where port % 7 == 0 {
            quote.set(port, at: 20)
            quote.set(port &* 31 | 1, at: 4)
            quote.set(port &* 57 | 1, at: 26)
            let token = format.answer(toICMP: timeExceeded(.v4, quoting: quote))?.token
            if let token, token <= 100 { taken += 1 }
        }
        #expect(taken <= 5)
    }
}

extension TraceMethod {
    fileprivate var hasTCP: Bool { if case .tcp = self { true } else { false } }
    fileprivate var hasChecksumToken: Bool { port != nil && !hasTCP }
}
