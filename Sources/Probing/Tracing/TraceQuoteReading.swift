import Addresses
import Packets

/// What a router quotes of a probe: which one it was, and what had changed in it.
extension TraceProbeFormat {
    /// What the first bytes of a payload say.
    enum PayloadHead {
        /// They are not there: a quote ends before them, or has zeros behind its end.
        case absent
        /// They carry another key.
        case foreign
        case ours(PayloadOfProbe)
    }

    /// What the payload of a probe says.
    struct PayloadOfProbe {
        var token: UInt16
        var flow: UInt16
        /// Bytes of the packet, where they are quoted.
        var packetLength: UInt16?
    }

    /// Reads the payload that begins at `offset`.
    func payloadHead(in bytes: RawSpan, at offset: Int = 0) -> PayloadHead {
        guard bytes.byteCount >= offset + 6, let token = token(shownAs: bytes.uint16(at: offset + 4)) else {
            return .absent
        }
        guard bytes.uint16(at: offset) == key else { return .foreign }
        let length = bytes.byteCount >= offset + 10 ? bytes.uint16(at: offset + 8) : 0
        return .ours(
            PayloadOfProbe(token: token, flow: bytes.uint16(at: offset + 2), packetLength: length == 0 ? nil : length))
    }

    /// The answer that quotes a probe of this format; `nil` if it quotes something else.
    func answer(
        quotedIn bytes: RawSpan, from source: IPAddress, _ meaning: TraceAnswer.Meaning
    ) -> TraceAnswer? {
        guard let packet = try? QuotedPacket(parsing: bytes), packet.fragmentOffset == 0,
            packet.protocolNumber == method.protocolNumber(in: destination.family),
            packet.source.family == destination.family, packet.transportByteCount == 8,
            method != .icmp || packet.echoRequest != nil
        else { return nil }
        let quote = TraceQuote(of: packet, in: bytes, self)
        guard let (token, flow) = quote.identity else { return nil }
        var answer = TraceAnswer(token: token, from: source, meaning)
        answer.quotedHopLimit = packet.timeToLive
        answer.quotedDifferentiatedServices = packet.differentiatedServices
        answer.rewriting = quote.rewriting(token: token, flow: flow)
        return answer
    }

    /// Whether a probe has this destination at some point of its way.
    func isOnTheWay(_ address: IPAddress) -> Bool { address == destination || gateways.contains(address) }

    /// Flows beyond these are told by the payload alone.
    private static var flowsKnownWithoutPayload: UInt16 { 4096 }

    /// The flow whose probes have these ports; `nil` for none that can be told from the ports of other programs.
    func flow(ofPorts found: (source: UInt16, destination: UInt16)) -> UInt16? {
        guard method.port != nil,
            let flow = flow(keepsSourcePort ? found.destination : found.source, from: firstFlowWord),
            let sent = ports(of: flow), sent == found
        else { return nil }
        return flow
    }

    /// The flow of this port, or this checksum of an echo request, where that of flow 0 is `first`.
    func flow(_ value: UInt16, from first: UInt16) -> UInt16? {
        guard let flow = Self.steps(from: first, to: value), flow < Self.flowsKnownWithoutPayload else { return nil }
        return flow
    }

    /// Where the payload begins that proves a probe, counted from the transport header; `nil` where it has none.
    var payloadOffset: Int? {
        switch method {
        case .icmp, .udp, .udpLite: 8
        case .ip: 0
        case .tcp, .sctp, .dccp: nil
        }
    }

    /// Whether the checksum is the token, and not merely right.
    var checksumIsToken: Bool {
        switch method {
        case .udp: true
        case .udpLite(_, let coverage): coverage.map { $0 == 0 || $0 >= 8 + UInt16(Self.payloadHeadLength) } ?? true
        case .icmp, .tcp, .sctp, .dccp, .ip: false
        }
    }
}
