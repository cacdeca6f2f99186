import Addresses
import Packets
import Testing

/// Where extensions stand in messages, and how the quoted packet in front of them is counted.
@Suite struct ICMPExtensionPlacementTests {
    private static let extensions: ICMPExtensions = [
        .mplsLabelStack([MPLSLabel(label: 16001, isBottomOfStack: true, timeToLive: 1)])
    ]

    /// A UDP datagram of `length` bytes, IP header included.
    private func quote(length: Int) -> [UInt8] {
        let packet = IPv4Packet(
            IPv4Header(source: v4(198, 18, 0, 1), destination: v4(198, 18, 2, 2)),
            payload: .udp(
                UDPHeader(sourcePort: 40000, destinationPort: 33434),
                payload: [UInt8](repeating: 7, count: length - 28)))
        return serialized { packet.serialize(into: &$0) }
    }

    private func packet(_ body: ICMPv4Message.Body, _ quote: [UInt8], _ extensions: ICMPExtensions?) -> IPv4Packet {
        IPv4Packet(
            IPv4Header(source: v4(198, 18, 0, 254), destination: v4(198, 18, 0, 1)),
            payload: .icmp(ICMPv4Message(body), payload: quote, extensions: extensions))
    }

    private func read(_ bytes: [UInt8]) throws -> IPv4Packet { try IPv4Packet(parsing: bytes.span.bytes) }

    @Test(
        "the quoted packet is padded to 128 bytes or whole words, and counted in them",
        arguments: [
            (28, 128, 32, 16), (128, 128, 32, 16), (130, 132, 33, 17), (132, 132, 33, 17), (1020, 1020, 255, 128),
        ])
    func counts(length: Int, padded: Int, words4: UInt8, words6: UInt8) throws {
        let quote = quote(length: length)
        let sent = packet(.timeExceeded(.inTransit), quote, Self.extensions)
        let bytes = serialized { sent.serialize(into: &$0) }
        #expect(bytes[25] == words4)
        #expect(bytes.count == 20 + 8 + padded + 12)
        #expect(try read(bytes) == sent)

        let sent6 = IPv6Packet(
            IPv6Header(source: v6(0, 254), destination: v6(0, 1)),
            payload: .icmpv6(ICMPv6Message(.timeExceeded(.inTransit)), payload: quote, extensions: Self.extensions))
        let bytes6 = serialized { sent6.serialize(into: &$0) }
        #expect(bytes6[44] == words6)
        #expect(bytes6.count == 40 + 8 + (padded + 7) / 8 * 8 + 12)
        #expect(try IPv6Packet(parsing: bytes6.span.bytes) == sent6)
    }

    @Test("a message that doesn't count has its extensions behind 128 bytes, as before RFC 4884")
    func uncounted() throws {
        let sent = packet(.timeExceeded(.inTransit, originalDatagramWords: 0), quote(length: 60), Self.extensions)
        let bytes = serialized { sent.serialize(into: &$0) }
        #expect(bytes[25] == 0)
        #expect(try read(bytes) == sent)
    }

    @Test(
        "without a count, a structure whose checksum is missing or wrong is part of the quote", arguments: [0, 0xBAD])
    func uncountedAndUnproven(checksum: UInt16) throws {
        let doubtful = ICMPExtensions(Self.extensions.objects, checksum: checksum)
        let sent = packet(.timeExceeded(.inTransit, originalDatagramWords: 0), quote(length: 128), doubtful)
        let bytes = serialized { sent.serialize(into: &$0) }
        #expect(try read(bytes).payload == .icmp(ICMPv4Message(.timeExceeded(.inTransit)), payload: bytes.after(28)))
    }

    @Test("with a count, a structure with a wrong checksum is one, and keeps it")
    func countedAndWrong() throws {
        let wrong = ICMPExtensions(Self.extensions.objects, checksum: 0xBAD)
        let sent = packet(.destinationUnreachable(.host), quote(length: 60), wrong)
        #expect(try read(serialized { sent.serialize(into: &$0) }) == sent)
    }

    @Test("a count that is not the right one is kept", arguments: [(5, 20), (40, 160)])
    func oddCount(words: UInt8, offset: Int) throws {
        let quote = quote(length: 60)
        let sent = packet(
            .timeExceeded(.inTransit, originalDatagramWords: words), Array(quote.prefix(offset)), Self.extensions)
        let bytes = serialized { sent.serialize(into: &$0) }
        #expect(bytes.count == 20 + 8 + offset + 12)
        #expect(try read(bytes) == sent)
    }

    // Cut by eight bytes it would be one without objects.
    @Test("a structure that is cut short is left to the quote, and no byte is lost", arguments: [1, 4, 7, 9, 11])
    func cut(missing: Int) throws {
        let sent = packet(.timeExceeded(.inTransit), quote(length: 60), Self.extensions)
        let message = serialized { sent.serialize(into: &$0) }.dropFirst(20).dropLast(missing)
        let header = IPv4Header(source: v4(198, 18, 0, 254), destination: v4(198, 18, 0, 1), protocolNumber: .icmp)
        let bytes = header.packet(payload: Array(message))
        let received = try IPv4Packet(parsing: bytes.span.bytes, verifyingChecksums: false)
        guard case .icmp(_, let payload, nil) = received.payload else {
            Issue.record("extensions in \(received)")
            return
        }
        #expect(payload == bytes.after(28))
        #expect(serialized { received.serialize(into: &$0) } == bytes)
    }

    @Test("an extended echo has the structure directly behind it, and Linux sends it back")
    func extendedEcho() throws {
        // Linux 6.18's reply, from Vectors/icmpv4.captured.txt
        let bytes = bytes("45000028d97600003e011337c6120302c6120101 2b00c1c412340107 20006ac4 00080301 72320000")
        let reply = ICMPExtendedEchoReply(
            identifier: 0x1234, sequenceNumber: 1, isActive: true, runsIPv4: true, runsIPv6: true)
        let packet = try read(bytes)
        #expect(
            packet.payload
                == .icmp(
                    ICMPv4Message(.extendedEchoReply(reply)), extensions: [.interfaceIdentification(.name("r2"))]))
        #expect(serialized { packet.serialize(into: &$0) } == bytes)
    }

    @Test("a message's layers are its own, those of the quoted packet, its padding and the extensions")
    func layers() throws {
        let bytes = serialized {
            packet(.timeExceeded(.inTransit), quote(length: 60), Self.extensions).serialize(into: &$0)
        }
        let layers = try read(bytes).layers(of: bytes.span.bytes)
        #expect(layers.map(\.name) == ["IPv4", "ICMP", "Quoted packet", "Padding", "ICMP extensions"])
        #expect(layers.map(\.bytes) == [0..<20, 20..<28, 28..<88, 88..<156, 156..<168])
        #expect(layers[2].fields.map(\.name) == ["IPv4", "UDP", "Payload"])
    }

    @Test("an error that is quoted is not opened again, and its bytes are those that came")
    func nestedErrors() throws {
        var inner = serialized {
            packet(.destinationUnreachable(.host), quote(length: 60), nil).serialize(into: &$0)
        }
        inner[24] = 0x55  // a reserved byte
        let bytes = serialized { packet(.timeExceeded(.inTransit), inner, nil).serialize(into: &$0) }
        let layers = try read(bytes).layers(of: bytes.span.bytes)
        #expect(layers.map(\.name) == ["IPv4", "ICMP", "Quoted packet"])
        #expect(layers[2].fields.map(\.name) == ["IPv4", "Payload"])
        #expect(layers[2].fields.last?.value == .bytes(inner.after(20)))
    }
}
