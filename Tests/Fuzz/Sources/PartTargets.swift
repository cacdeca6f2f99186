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
        },
        Target("quoted-packet") { bytes in
            guard let quote = try? QuotedPacket(parsing: bytes) else { return }
            precondition(quote.transportOffset + quote.transportByteCount <= bytes.byteCount)
            _ = (quote.echoRequest, quote.ports)
        },
    ]
}
