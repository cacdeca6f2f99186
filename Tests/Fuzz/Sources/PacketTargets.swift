import Addresses
import Packets

extension Target {
    /// Whole packets.
    static let packets = [
        Target("ipv4") { ipv4($0) },
        Target("ipv6") { ipv6($0) },
        Target("ethernet") { ethernet($0) },
    ]

    /// Whatever stands behind an IP header, by protocol: the fuzzer need not find the number.
    static let payloads =
        [IPProtocol.icmp, .igmp, .ipv4, .tcp, .udp, .dccp, .ipv6, .gre, .sctp, .udpLite].map { number in
            Target("ipv4-\(name(number))") { bytes in
                let header = IPv4Header(
                    source: IPv4Address(rawValue: 0xC612_0001), destination: IPv4Address(rawValue: 0xC612_0002),
                    protocolNumber: number)
                behind(bytes, { header.serialize(into: &$0, payloadLength: $1) }, ipv4)
            }
        }
        + [
            IPProtocol.hopByHopOptions, .icmpv6, .routing, .fragment, .authentication, .destinationOptions, .tcp, .udp,
            .dccp, .gre, .sctp,
            .udpLite,
        ].map { number in
            Target("ipv6-\(name(number))") { bytes in
                let header = IPv6Header(
                    source: IPv6Address(rawValue: 0x2001_0db8 << 96 | 1),
                    destination: IPv6Address(rawValue: 0x2001_0db8 << 96 | 2),
                    nextHeader: number)
                behind(bytes, { header.serialize(into: &$0, payloadLength: $1) }, ipv6)
            }
        }

    private static func name(_ number: IPProtocol) -> String { "\(number)".lowercased() }

    /// Hands `test` a packet of a header and the bytes.
    private static func behind(
        _ bytes: RawSpan, _ header: (inout OutputRawSpan, Int) -> Void, _ test: (RawSpan) -> Void
    ) {
        let packet = Packets.serialized(capacity: 40 + bytes.byteCount) { output in
            header(&output, bytes.byteCount)
            for index in 0..<bytes.byteCount { output.append(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
        }
        test(packet.span.bytes)
    }

    private static func ipv4(_ bytes: RawSpan) {
        expectStable(
            bytes, parse: { try IPv4Packet(parsing: $0, verifyingChecksums: false) }, length: \.length,
            serialize: { $0.serialize(into: &$1) })
        guard isChosen(bytes), let packet = try? IPv4Packet(parsing: bytes, verifyingChecksums: false) else { return }
        precondition(!packet.description.isEmpty)
        expectInside(packet.layers(of: bytes), 0..<bytes.byteCount)
        _ = try? IPv4Packet(parsing: bytes)
    }

    private static func ethernet(_ bytes: RawSpan) {
        expectStable(
            bytes, parse: { try EthernetFrame(parsing: $0, verifyingChecksums: false) }, length: \.length,
            serialize: { $0.serialize(into: &$1) })
        guard isChosen(bytes), let frame = try? EthernetFrame(parsing: bytes, verifyingChecksums: false) else { return }
        precondition(!frame.description.isEmpty)
        expectInside(frame.layers(of: bytes), 0..<bytes.byteCount)
        _ = try? EthernetFrame(parsing: bytes)
    }

    private static func ipv6(_ bytes: RawSpan) {
        expectStable(
            bytes, parse: { try IPv6Packet(parsing: $0, verifyingChecksums: false) }, length: \.length,
            serialize: { $0.serialize(into: &$1) })
        guard isChosen(bytes), let packet = try? IPv6Packet(parsing: bytes, verifyingChecksums: false) else { return }
        precondition(!packet.description.isEmpty)
        expectInside(packet.layers(of: bytes), 0..<bytes.byteCount)
        _ = try? IPv6Packet(parsing: bytes)
    }

    /// One in eight inputs, and the same in every run: to put packets into words takes longer than all the rest.
    private static func isChosen(_ bytes: RawSpan) -> Bool { InternetChecksum.of(bytes) & 7 == 0 }

    /// No field reaches out of the bytes.
    static func expectInside(_ fields: [Field], _ bytes: Range<Int>) {
        for field in fields {
            precondition(
                field.bytes.lowerBound >= bytes.lowerBound && field.bytes.upperBound <= bytes.upperBound, field.name)
            expectInside(field.fields, bytes)
        }
    }
}
