public import Addresses
import Packets

/// The destination's own answers in the protocol that it was asked in.
extension TraceProbeFormat {
    /// The probe that a packet of the method's own protocol answers. Ports and token, beside the key, have to be right.
    /// - Parameters:
    ///   - segment: the packet behind the IP header.
    ///   - source: who sent it.
    ///   - hopLimit: the TTL or hop limit that it arrived with, where known.
    /// - Returns: `nil` if it answers no probe of this format, or does not say which: a UDP datagram does so only where
    ///   it sends the payload back. A TCP reset acknowledges the payload, too: it is taken to be that of a probe of the
    ///   format's own length.
    public func answer(
        inSegment segment: RawSpan, from source: IPAddress, hopLimit: UInt8? = nil
    ) -> TraceAnswer? {
        guard source == destination, let (token, reply) = reply(in: segment) else { return nil }
        var answer = TraceAnswer(token: token, from: source, .reply(reply))
        answer.hopLimit = hopLimit
        return answer
    }

    private func reply(in segment: RawSpan) -> (token: UInt16, TraceAnswer.Reply)? {
        if case .ip = method { return echoed(in: segment, at: 0) }
        guard segment.byteCount >= 8, flow(ofPorts: (segment.uint16(at: 2), segment.uint16(at: 0))) != nil else {
            return nil
        }
        switch method {
        case .icmp, .ip: return nil
        case .udp, .udpLite: return echoed(in: segment, at: 8)
        case .tcp(let port, let probe): return tcpReply(in: segment, to: probe, at: port)
        case .sctp:
            // The first chunk: INIT ACK or ABORT (RFC 9260 sections 5.1 and 8.4).
            guard segment.byteCount >= 16, let token = token(inNumber: segment.uint32(at: 4)) else { return nil }
            switch segment.uint8(at: 12) {
            case 2: return (token, .association(accepted: true))
            case 6: return (token, .association(accepted: false))
            default: return nil
            }
        case .dccp:
            // Response or Reset, with sequence numbers of 48 bits (RFC 4340 section 5.1).
            guard segment.byteCount >= 24, segment.uint8(at: 8) & 1 == 1, segment.uint16(at: 18) == 0,
                let token = token(inNumber: segment.uint32(at: 20))
            else { return nil }
            switch segment.uint8(at: 8) >> 1 & 0x0F {
            case 1: return (token, .association(accepted: true))
            case 7: return (token, .association(accepted: false))
            default: return nil
            }
        }
    }

    /// A payload that was sent back.
    private func echoed(in segment: RawSpan, at offset: Int) -> (token: UInt16, TraceAnswer.Reply)? {
        guard case .ours(let payload) = payloadHead(in: segment, at: offset) else { return nil }
        return (payload.token, .datagram)
    }

    /// An open port acknowledges the SYN alone, a reset all that the probe had in sequence: SYN, FIN and payload (RFC
    /// 9293 sections 3.4 and 3.10.7). A reset to what was itself an acknowledgment has that as its sequence number.
    private func tcpReply(
        in segment: RawSpan, to probe: TCPProbe, at port: UInt16
    ) -> (token: UInt16, TraceAnswer.Reply)? {
        guard segment.byteCount >= TCPHeader.minimumLength else { return nil }
        let flags = TCPHeader.Flags(rawValue: segment.uint16(at: 12) & 0x01FF)
        if probe.flags.contains(.ack), flags.contains(.rst), !flags.contains(.ack) {
            return token(inNumber: segment.uint32(at: 4)).map { ($0, .tcp(flags)) }
        }
        guard flags.contains(.ack) else { return nil }
        var taken: UInt32 = probe.flags.contains(.syn) ? 1 : 0
        if flags.contains(.rst) {
            let header = tcpHeader(port, probe, of: Self.anyProbe).length
            taken += UInt32(clamping: length(of: Self.anyProbe) - headLength - header)
            if probe.flags.contains(.fin) { taken += 1 }
        }
        return token(inNumber: segment.uint32(at: 8) &- taken).map { ($0, .tcp(flags)) }
    }
}
