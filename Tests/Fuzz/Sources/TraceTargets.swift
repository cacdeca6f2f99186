import Addresses
import Packets

extension Target {
    /// What comes back to the probes of a trace.
    static let traces = [
        Target("trace-answers") { bytes in
            guard bytes.byteCount >= 2 else { return }
            let choice = bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
            let size = bytes.unsafeLoad(fromByteOffset: 1, as: UInt8.self)
            let format = TraceProbeFormat.chosen(by: choice)
            let damage = bytes.extracting(2...)
            let probe = TraceProbe(
                token: 1 + UInt16(size), hopLimit: 1, flow: UInt16(choice), packetLength: Int(size) * 257)
            var packet = Packets.serialized(capacity: format.length(of: probe)) { format.write(probe, into: &$0) }
            precondition(packet.count == format.length(of: probe), "another length")
            for index in 0..<min(packet.count, damage.byteCount) {
                packet[index] ^= damage.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            }
            expectAnswers(of: format, behind: Array(packet.prefix(Int(size) * 4)))
            expectAnswers(of: format, behind: damage.withUnsafeBytes { Array($0) })
        }
    ]

    /// Takes bytes for all that they may come as.
    private static func expectAnswers(of format: TraceProbeFormat, behind quote: [UInt8]) {
        let family = format.destination.family
        var message: [UInt8] = [family == .v4 ? 11 : 3, 0, 0, 0, 0, 0, 0, 0] + quote
        let checksum = InternetChecksum.of(message.span.bytes)
        (message[2], message[3]) = (UInt8(checksum >> 8), UInt8(truncatingIfNeeded: checksum))
        let error = ICMPError(family: family, type: family == .v4 ? 11 : 3, code: 0)
        let answers = [
            format.answer(toICMP: message.span.bytes, from: format.source),
            format.answer(toICMP: quote.span.bytes, from: format.source),
            format.answer(inSegment: quote.span.bytes, from: format.destination),
            format.answer(to: error, from: format.source, quoting: quote.span.bytes),
        ]
        for case let answer? in answers { precondition(answer.token > 0, "no probe has this token") }
    }
}

extension TraceProbeFormat {
    /// A method in either family, with a source route or without.
    fileprivate static func chosen(by number: UInt8) -> TraceProbeFormat {
        let methods: [TraceMethod] = [
            .icmp, .udp(port: 33434), .udpLite(port: 33434, coverage: UInt16(number)), .tcp(port: 80, TCPProbe()),
            .sctp(port: 80), .dccp(port: 33434, serviceCode: 0), .ip(IPProtocol(rawValue: number)),
        ]
        let isIPv4 = number & 1 == 0
        let address: (UInt32) -> IPAddress = { host in
            isIPv4 ? .v4(IPv4Address(rawValue: 0xC612_0000 | host)) : .v6(IPv6Address(rawValue: UInt128(host)))
        }
        var format = TraceProbeFormat(
            methods[Int(number >> 2) % methods.count], from: address(1), to: address(2), key: UInt16(number) &* 257)
        format.keepsSourcePort = number & 2 != 0
        if number >= 0xC0 { format.gateways = [address(3), address(4)] }
        return format
    }
}
