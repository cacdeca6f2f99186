public import Addresses
import Packets

/// Knowing the answers. Nothing is believed of a packet but that it answers the probe whose token it carries, and that
/// only with proof:
///
/// - the key beside the token: as an ICMP identifier, in a sequence number or initiate tag, or in the payload;
/// - or, where a router quotes no more than eight bytes of a UDP, UDP-Lite, SCTP or DCCP probe over IPv4, the
///   identification, together with the two ports.
///
/// Where two places disagree about the token, the payload counts most, then what lies beside a key, then the
/// identification, which some firewalls make random.
extension TraceProbeFormat {
    /// The probe that an ICMP or ICMPv6 message answers: an echo reply, or an error that quotes it.
    /// - Parameters:
    ///   - message: the message from its type on, as a raw socket hands it over behind the IP header.
    ///   - source: who sent it.
    ///   - hopLimit: the TTL or hop limit that it arrived with, where known.
    /// - Returns: `nil` if it answers no probe of this format.
    public func answer(
        toICMP message: RawSpan, from source: IPAddress, hopLimit: UInt8? = nil
    ) -> TraceAnswer? {
        guard message.byteCount >= 8, source.family == destination.family else { return nil }
        // A kernel verifies the checksum of ICMPv6 before a socket sees it, that of ICMP not.
        if case .v4 = source, InternetChecksum.of(message) != 0 { return nil }
        let type = message.uint8(at: 0)
        if type == (source.family == .v4 ? 0 : 129) {
            guard case .icmp = method, message.uint8(at: 1) == 0, message.uint16(at: 4) == key else { return nil }
            var answer = TraceAnswer(token: message.uint16(at: 6), from: source, .reply(.echo))
            answer.hopLimit = hopLimit
            return answer
        }
        guard let error = ICMPError(of: message, family: source.family), let meaning = error.meaning else { return nil }
        var quote = message.extracting(8...)
        let length = error.originalDatagramLength(in: message)
        let extensionOffset = length.flatMap {
            ICMPExtensions.offset(in: quote, originalDatagramLength: $0 == 0 ? nil : $0)
        }
        var extensions: [ICMPExtensionObject] = []
        if let extensionOffset {
            extensions = (try? ICMPExtensions(parsing: quote.extracting(extensionOffset...)))?.objects ?? []
            quote = quote.extracting(..<extensionOffset)
        }
        guard var answer = answer(quotedIn: quote, from: source, meaning) else { return nil }
        answer.hopLimit = hopLimit
        answer.extensions = extensions
        return answer
    }

    /// The probe that a packet of the method's own protocol answers.
    /// - Parameters:
    ///   - segment: the packet behind the IP header.
    ///   - source: who sent it.
    ///   - hopLimit: the TTL or hop limit that it arrived with, where known.
    /// - Returns: `nil` if it answers no probe of this format, or does not say which: a UDP datagram does so only where
    ///   it sends the payload back.
    public func answer(
        inSegment segment: RawSpan, from source: IPAddress, hopLimit: UInt8? = nil
    ) -> TraceAnswer? {
        guard source == destination, let (token, reply) = reply(in: segment) else { return nil }
        var answer = TraceAnswer(token: token, from: source, .reply(reply))
        answer.hopLimit = hopLimit
        return answer
    }

    /// The probe about which an error came through the error queue of a datagram socket.
    /// - Parameters:
    ///   - error: its type, code and information.
    ///   - offender: who sent it.
    ///   - quote: what is quoted behind the headers that the kernel made: the payload of a UDP or UDP-Lite datagram, or
    ///     an ICMP message from its type on.
    /// - Returns: `nil` if too little is quoted to say which.
    public func answer(to error: ICMPError, from offender: IPAddress, quoting quote: RawSpan) -> TraceAnswer? {
        guard let meaning = error.meaning else { return nil }
        let token: UInt16
        if case .icmp = method {
            guard quote.byteCount >= 8, quote.uint16(at: 4) == key else { return nil }
            token = quote.uint16(at: 6)
        } else {
            guard let head = payloadHead(in: quote) else { return nil }
            token = head.token
        }
        return TraceAnswer(token: token, from: offender, meaning)
    }

    // MARK: - Quotes

    private func answer(
        quotedIn quote: RawSpan, from source: IPAddress, _ meaning: TraceAnswer.Meaning
    ) -> TraceAnswer? {
        guard let packet = try? QuotedPacket(parsing: quote), packet.fragmentOffset == 0,
            packet.protocolNumber == method.protocolNumber(in: destination.family),
            packet.source.family == destination.family
        else { return nil }
        let transport = quote.extracting(packet.transportOffset...)
        guard let (token, flow) = probe(of: packet, transport) else { return nil }
        var answer = TraceAnswer(token: token, from: source, meaning)
        answer.quotedHopLimit = packet.timeToLive
        answer.quotedDifferentiatedServices = packet.differentiatedServices
        answer.rewriting = rewriting(of: packet, transport, token: token, flow: flow)
        return answer
    }

    /// The token that a quote proves, and the flow where it tells.
    private func probe(of packet: QuotedPacket, _ transport: RawSpan) -> (token: UInt16, flow: UInt16?)? {
        let quotedFlow = packet.ports.flatMap { flow(ofPorts: $0) }
        switch method {
        case .icmp:
            if let head = payloadHead(in: transport, at: 8) { return head }
            guard transport.byteCount >= 8, transport.uint16(at: 4) == key else { return nil }
            return (transport.uint16(at: 6), nil)
        case .udp, .udpLite:
            if let head = payloadHead(in: transport, at: 8) { return head }
        case .ip:
            if let head = payloadHead(in: transport) { return head }
        case .tcp:
            guard transport.byteCount >= 8, let token = token(in: transport.uint32(at: 4)) else { return nil }
            return (token, quotedFlow)
        case .sctp:
            if transport.byteCount >= 20, let token = token(in: transport.uint32(at: 16)) { return (token, quotedFlow) }
        case .dccp:
            if transport.byteCount >= 16, let token = token(in: transport.uint32(at: 12)) { return (token, quotedFlow) }
        }
        guard let quotedFlow, isOnTheWay(packet.destination), let token = packet.identification, token > 0,
            transport.byteCount >= 8, destination.family == .v4
        else { return nil }
        return (UInt16(truncatingIfNeeded: token), quotedFlow)
    }

    private func rewriting(
        of packet: QuotedPacket, _ transport: RawSpan, token: UInt16, flow: UInt16?
    ) -> TraceAnswer.Rewriting {
        var rewriting: TraceAnswer.Rewriting = []
        if packet.source != source { rewriting.insert(.source) }
        if !isOnTheWay(packet.destination) { rewriting.insert(.destination) }
        if let identification = packet.identification, destination.family == .v4, identification != UInt32(token) {
            rewriting.insert(.identification)
        }
        if packet.differentiatedServices != differentiatedServices { rewriting.insert(.differentiatedServices) }
        if packet.totalLength != length(of: Self.anyProbe) { rewriting.insert(.length) }
        guard transport.byteCount >= 8 else { return rewriting }
        switch method {
        case .icmp:
            if transport.uint16(at: 4) != key { rewriting.insert(.ports) }
            if let flow, transport.uint16(at: 2) != echoChecksum(of: flow) { rewriting.insert(.checksum) }
        case .udp:
            if transport.uint16(at: 6) != token { rewriting.insert(.checksum) }
        case .udpLite(_, let coverage):
            let isFree = coverage.map { $0 == 0 || $0 >= 8 + UInt16(Self.payloadHeadLength) } ?? true
            if isFree, transport.uint16(at: 6) != token { rewriting.insert(.checksum) }
        case .tcp, .sctp, .dccp, .ip: break
        }
        if let found = packet.ports {
            let sent = flow.flatMap { ports(of: $0) }
            if sent.map({ $0 != found }) ?? true { rewriting.insert(.ports) }
        }
        return rewriting
    }

    /// Whether a probe has this destination at some point of its way.
    private func isOnTheWay(_ address: IPAddress) -> Bool { address == destination || gateways.contains(address) }

    /// Flows beyond these are told by the payload alone.
    private static var flowsKnownByPorts: UInt16 { 8192 }

    private func flow(ofPorts found: (source: UInt16, destination: UInt16)) -> UInt16? {
        guard let port = method.port else { return nil }
        let first = max(1, keepsSourcePort ? port : firstFlow)
        let value = keepsSourcePort ? found.destination : found.source
        guard value > 0 else { return nil }
        let flow = UInt16((UInt32(value - 1) + 65534 - UInt32(first - 1) % 65534) % 65534)
        guard flow < Self.flowsKnownByPorts, let sent = ports(of: flow), sent == found else { return nil }
        return flow
    }

    private func payloadHead(in bytes: RawSpan, at offset: Int = 0) -> (token: UInt16, flow: UInt16?)? {
        guard bytes.byteCount >= offset + 6, bytes.uint16(at: offset) == key, bytes.uint16(at: offset + 2) > 0 else {
            return nil
        }
        return (bytes.uint16(at: offset + 2), bytes.uint16(at: offset + 4))
    }

    private func token(in number: UInt32) -> UInt16? {
        let token = UInt16(truncatingIfNeeded: number)
        return number >> 16 == UInt32(key) && token > 0 ? token : nil
    }

    // MARK: - The destination's own answers

    private func reply(in segment: RawSpan) -> (UInt16, TraceAnswer.Reply)? {
        if case .ip = method { return payloadHead(in: segment).map { ($0.token, .datagram) } }
        guard segment.byteCount >= 8, flow(ofPorts: (segment.uint16(at: 2), segment.uint16(at: 0))) != nil else {
            return nil
        }
        switch method {
        case .icmp, .ip: return nil
        case .udp, .udpLite: return payloadHead(in: segment, at: 8).map { ($0.token, .datagram) }
        case .tcp(let port, let probe): return tcpReply(in: segment, to: probe, at: port)
        case .sctp:
            // The first chunk: INIT ACK or ABORT (RFC 9260 sections 5.1 and 8.4).
            guard segment.byteCount >= 16, let token = token(in: segment.uint32(at: 4)) else { return nil }
            switch segment.uint8(at: 12) {
            case 2: return (token, .association(accepted: true))
            case 6: return (token, .association(accepted: false))
            default: return nil
            }
        case .dccp:
            // Response or Reset, with sequence numbers of 48 bits (RFC 4340 section 5.1).
            guard segment.byteCount >= 24, segment.uint8(at: 8) & 1 == 1,
                let token = token(in: segment.uint32(at: 20))
            else { return nil }
            switch segment.uint8(at: 8) >> 1 & 0x0F {
            case 1: return (token, .association(accepted: true))
            case 7: return (token, .association(accepted: false))
            default: return nil
            }
        }
    }

    /// A reset acknowledges all that the probe had in sequence, SYN, FIN and payload; where the port is open, the payload
    /// is left for later. A reset to what was itself an acknowledgment has that as its sequence number (RFC 9293
    /// section 3.5.2).
    private func tcpReply(in segment: RawSpan, to probe: TCPProbe, at port: UInt16) -> (UInt16, TraceAnswer.Reply)? {
        guard segment.byteCount >= TCPHeader.minimumLength else { return nil }
        let flags = TCPHeader.Flags(rawValue: segment.uint16(at: 12) & 0x01FF)
        if probe.flags.contains(.ack), flags.contains(.rst), let token = token(in: segment.uint32(at: 4)) {
            return (token, .tcp(flags))
        }
        guard flags.contains(.ack) else { return nil }
        let ends = probe.flags.intersection([.syn, .fin])
        let controls: UInt32 = ends.isEmpty ? 0 : ends == [.syn, .fin] ? 2 : 1
        let payload = length(of: Self.anyProbe) - headLength - tcpHeader(port, probe, of: Self.anyProbe).length
        let taken = flags.contains(.rst) ? controls + UInt32(clamping: payload) : controls
        return token(in: segment.uint32(at: 8) &- taken).map { ($0, .tcp(flags)) }
    }
}

extension ICMPError {
    /// The error that a message is, which must have at least eight bytes; `nil` for what is none.
    init?(of message: RawSpan, family: IPFamily) {
        let type = message.uint8(at: 0)
        let rest = message.uint32(at: 4)
        let information: UInt32
        switch (family, type) {
        case (.v4, 3): information = rest & 0xFFFF
        case (.v4, 12): information = rest >> 24
        case (.v4, 11), (.v6, 1), (.v6, 3): information = 0
        case (.v6, 2), (.v6, 4): information = rest
        default: return nil
        }
        self.init(family: family, type: type, code: message.uint8(at: 1), information: information)
    }

    /// What it says of a probe; `nil` if it ends none.
    package var meaning: TraceAnswer.Meaning? {
        switch (family, type, code) {
        case (.v4, 11, 0), (.v6, 3, 0): .timeExceeded
        case (.v4, 3, _), (.v4, 11, _), (.v4, 12, _), (.v6, 1...4, _): .error(self)
        default: nil
        }
    }

    /// Bytes of the quoted packet as the message says (RFC 4884 section 4), 0 where it does not; `nil` where there can
    /// be no extensions.
    func originalDatagramLength(in message: RawSpan) -> Int? {
        switch (family, type) {
        case (.v4, 3), (.v4, 11), (.v4, 12): Int(message.uint8(at: 5)) * 4
        case (.v6, 1), (.v6, 3): Int(message.uint8(at: 4)) * 8
        default: nil
        }
    }
}

/// Reading in network byte order, within bounds that have been looked at before.
extension RawSpan {
    func uint8(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }
    func uint16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
    func uint32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
