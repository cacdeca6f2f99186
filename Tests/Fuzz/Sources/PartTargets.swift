import Packets

extension Target {
    /// What is read on its own, besides packets.
    static let parts = [
        Target("ipv4-options") { bytes in
            guard let options = try? IPv4Option.parseList(bytes) else { return }
            let written = Packets.serialized(capacity: IPv4Option.paddedLength(of: options)) {
                IPv4Option.serializeList(options, into: &$0)
            }
            precondition((try? IPv4Option.parseList(written.span.bytes)) == options)
        },
        Target("ipv6-extension-chain") { bytes in
            let chain = IPv6ExtensionChain(parsing: bytes, nextHeader: .hopByHopOptions)
            precondition(chain.length <= bytes.byteCount)
        },
        Target("mtrace2") { bytes in
            expectStable(
                bytes, parse: { try Mtrace2Message(parsing: $0) }, length: \.length,
                serialize: { $0.serialize(into: &$1) })
            guard let message = try? Mtrace2Message(parsing: bytes) else { return }
            expectInside(message.fields(of: bytes), 0..<bytes.byteCount)
        },
        Target("icmp-extensions") { bytes in
            expectStable(
                bytes, parse: { try ICMPExtensions(parsing: $0, verifyingChecksum: false) }, length: \.length,
                serialize: { $0.serialize(into: &$1) })
            guard let extensions = try? ICMPExtensions(parsing: bytes, verifyingChecksum: false) else { return }
            precondition(extensions.length == bytes.byteCount)
            expectInside(extensions.fields(of: bytes), 0..<bytes.byteCount)
            // The reader of hot paths finds the same objects.
            guard extensions.version == 2, var walk = try? ICMPExtensionWalk(parsing: bytes) else { return }
            for object in extensions.objects {
                let found = try? walk.next(in: bytes)
                precondition(found?.data.count == object.length - 4, "another object")
            }
            precondition((try? walk.next(in: bytes)) == .some(nil), "one object more")
        },
        Target("reassembly") { reassemble($0) },
        Target("quoted-packet") { bytes in
            guard let quote = try? QuotedPacket(parsing: bytes) else { return }
            precondition(quote.transportOffset + quote.transportByteCount <= bytes.byteCount)
            _ = (quote.echoRequest, quote.ports)
        },
    ]
}

extension Target {
    /// Takes the bytes as packets, each behind a byte that says how long it is, and cuts what becomes whole again.
    private static func reassemble(_ bytes: RawSpan) {
        var reassembly = Reassembly(limits: Reassembly.Limits(datagrams: 4, bytes: 4_096))
        var offset = 0
        while offset < bytes.byteCount {
            let length = Int(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            let end = min(bytes.byteCount, offset + 1 + length)
            let outcome = reassembly.receive(bytes.extracting(offset + 1..<end), at: .seconds(offset))
            precondition(reassembly.byteCount <= 4_096 && reassembly.datagramCount <= 4)
            if case .whole(let packet) = outcome { cut(packet.span.bytes) }
            offset = end
        }
        _ = reassembly.expire(at: .seconds(100_000))
        precondition(reassembly.byteCount == 0 && reassembly.datagramCount == 0)
    }

    private static func cut(_ bytes: RawSpan) {
        if let packet = try? IPv4Packet(parsing: bytes, verifyingChecksums: false) {
            _ = try? packet.fragments(maximumTransmissionUnit: 68)
        }
        if let packet = try? IPv6Packet(parsing: bytes, verifyingChecksums: false) {
            _ = try? packet.fragments(maximumTransmissionUnit: 88, identification: 1)
        }
    }
}
