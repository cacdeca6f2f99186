import Addresses
import Packets

extension Target {
    /// What comes back to the probes of a sweep.
    static let sweeps = [
        Target("sweep-answers") { bytes in
            guard bytes.byteCount >= 2 else { return }
            let choice = bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
            let size = bytes.unsafeLoad(fromByteOffset: 1, as: UInt8.self)
            let methods: [SweepMethod] = [.echo, .timestamp, .tcp(port: 443), .udp(port: 53)]
            var format = SweepProbeFormat(methods[Int(choice >> 1 & 3)], key: SipHash(key: (1, 2)))
            format.payloadLength = Int(size)
            if choice & 0x10 != 0 { format.identifier = 4711 }
            let isIPv4 = choice & 1 == 0 || format.method == .timestamp
            let address: IPAddress =
                isIPv4 ? .v4(IPv4Address(rawValue: 0xC612_0001)) : .v6(IPv6Address(rawValue: 1))
            let damage = bytes.extracting(2...)
            let probe = SweepProbe(
                to: address, number: Int(choice), index: Int(size), sent: MonotonicTime(nanoseconds: 1_000_000))
            let request = Packets.serialized(capacity: format.maximumPacketLength) {
                format.writeMessage(probe, from: isIPv4 ? address : nil, into: &$0)
            }
            precondition(request.count == format.messageLength, "another length")
            var reply = request
            for index in 0..<min(reply.count, damage.byteCount) {
                reply[index] ^= damage.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            }
            for message in [reply, damage.withUnsafeBytes { Array($0) }] {
                var message = message
                let now = MonotonicTime(nanoseconds: Int64(choice) << 40)
                _ = format.answer(inSegment: message.span.bytes, from: address, at: now)
                let error = ICMPError(family: address.family, type: isIPv4 ? 3 : 1, code: size)
                _ = format.answer(to: error, from: address, about: address, quoting: message.span.bytes)
                if message.count >= 4, isIPv4 {
                    (message[2], message[3]) = (0, 0)
                    let checksum = InternetChecksum.of(message.span.bytes)
                    (message[2], message[3]) = (UInt8(checksum >> 8), UInt8(truncatingIfNeeded: checksum))
                }
                guard let answer = format.answer(toICMP: message.span.bytes, from: address) else { continue }
                precondition(answer.proofMask != 0, "an answer without any proof")
            }
        }
    ]
}
