import Addresses
import Packets

/// What is quoted of a probe, beside the format that says how it was sent.
struct TraceQuote {
    private let format: TraceProbeFormat
    private let packet: QuotedPacket
    private let payload: TraceProbeFormat.PayloadHead
    /// The token in a number that has the key beside it.
    private let numbered: UInt16?
    /// Whether all of a TCP segment is quoted, and its checksum is not that of what is quoted.
    private let contradictsItself: Bool
    private let isFragment: Bool

    /// - Parameters:
    ///   - packet: what was read at the start of `bytes`, with eight bytes or more behind its IP header, which are of
    ///     the format's protocol.
    init(of packet: QuotedPacket, in bytes: RawSpan, _ format: TraceProbeFormat) {
        let transport = bytes.extracting(packet.transportOffset...)
        self.format = format
        self.packet = packet
        payload = format.payloadOffset.map { format.payloadHead(in: transport, at: $0) } ?? .absent
        isFragment = packet.source.family == .v4 && bytes.uint8(at: 6) & 0x20 != 0
        let offset: Int? =
            switch format.method {
            case .icmp, .tcp: 4
            case .dccp: 12
            case .sctp: 16
            case .udp, .udpLite, .ip: nil
            }
        numbered = offset.flatMap { offset in
            transport.byteCount < offset + 4 ? nil : format.token(inNumber: transport.uint32(at: offset))
        }
        let length = packet.totalLength - packet.transportOffset
        guard case .tcp = format.method, !isFragment, length >= 20, length <= transport.byteCount else {
            contradictsItself = false
            return
        }
        var sum = InternetChecksum()
        sum.add(packet.source)
        sum.add(packet.endpoint(of: format))
        sum.add(UInt16(packet.protocolNumber.rawValue))
        sum.add(UInt16(truncatingIfNeeded: length))
        sum.add(transport.extracting(..<length))
        contradictsItself = sum.value != 0
    }

    // MARK: - Whose it was

    /// The probe that the quote proves, and its flow where that can be told.
    var identity: (token: UInt16, flow: UInt16?)? {
        guard !isOfReply else { return nil }
        switch payload {
        case .foreign: return nil
        case .ours(let payload): return (payload.token, payload.flow)
        case .absent: break
        }
        if let numbered { return (numbered, flow(shownBeside: format.shown(numbered))) }
        let isICMP = format.method == .icmp
        guard packet.source == format.source || format.isOnTheWay(packet.destination) else { return nil }
        let first = isICMP ? UInt16(truncatingIfNeeded: packet.transportBytes) : identification
        if let first, let token = format.token(shownAs: first), let flow = flow(shownBeside: first) {
            return (token, flow)
        }
        let second = isICMP ? identification : format.checksumIsToken ? checksum : nil
        guard let second, let token = format.token(shownAs: second) else { return nil }
        // With another address or port goes another checksum.
        if !isICMP, hasOwnAddresses, let flow = quotedFlow { return (token, flow) }
        return packet.source != format.source && first == second ? (token, nil) : nil
    }

    /// Whether it is what the destination sent back: on its way from a host to itself a system refuses that aloud.
    private var isOfReply: Bool {
        guard packet.source == format.destination, packet.destination == format.source, let ports = packet.ports else {
            return false
        }
        return format.flow(ofPorts: ports) == nil
            && format.flow(ofPorts: (source: ports.destination, destination: ports.source)) != nil
    }

    private var identification: UInt16? {
        packet.source.family == .v4 ? packet.identification.map { UInt16(truncatingIfNeeded: $0) } : nil
    }

    /// Of ICMP.
    private var identifier: UInt16 { UInt16(truncatingIfNeeded: packet.transportBytes >> 16) }

    /// Of ICMP it stands elsewhere than of UDP and UDP-Lite.
    private var checksum: UInt16 {
        let shift: UInt64 = if case .icmp = format.method { 32 } else { 0 }
        return UInt16(truncatingIfNeeded: packet.transportBytes >> shift)
    }

    // MARK: - Its flow

    private var hasOwnAddresses: Bool {
        packet.source == format.source && format.isOnTheWay(packet.destination)
    }

    /// The flow of the probe, if the quoted token is what was sent. Ports beside our own addresses are believed before
    /// the checksum, which a translation may have left changed when it put all else back.
    private func flow(shownBeside token: UInt16) -> UInt16? {
        let hasOwnEnds = hasOwnAddresses && (format.method != .icmp || identifier == format.key)
        let original = originalFlowWord(of: token).flatMap { format.flow($0, from: format.firstFlowWord) }
        return hasOwnEnds ? quotedFlow ?? original : original ?? quotedFlow
    }

    /// The flow whose ports, or whose checksum, are quoted.
    private var quotedFlow: UInt16? {
        switch format.method {
        case .icmp: format.flow(checksum, from: format.firstFlow)
        case .ip:
            // Whatever has the key at its start.
            packet.transportBytes >> 48 == UInt64(format.key)
                ? UInt16(truncatingIfNeeded: packet.transportBytes >> 32) : nil
        case .udp, .udpLite, .tcp, .sctp, .dccp: packet.ports.flatMap { format.flow(ofPorts: $0) }
        }
    }

    /// The port or checksum in which flows differ, before addresses, ports or identifier were translated: a translation
    /// adds to the checksum what it takes away elsewhere (RFC 1624, RFC 3022 section 4.1), and all else is known of
    /// what was sent.
    private func originalFlowWord(of token: UInt16) -> UInt16? {
        // The ones' complement sum of what is here is the complement of what is missing in it.
        var sum = InternetChecksum()
        sum.add(~checksum)
        sum.add(complementOfQuotedEndpoints)
        if case .icmp = format.method {
            sum.add(format.key)
            if packet.source.family == .v6 { addSentAddresses(to: &sum) }
            return sum.value == 0 ? .max : sum.value
        }
        guard format.checksumIsToken, let port = format.method.port else { return nil }
        addSentAddresses(to: &sum)
        sum.add(token)
        sum.add(format.keepsSourcePort ? max(1, format.firstFlow) : port)
        return sum.value == 0 ? .max : sum.value
    }

    private func addSentAddresses(to sum: inout InternetChecksum) {
        sum.add(format.source)
        sum.add(format.destination)
    }

    /// To be added where they are to be taken away.
    private var complementOfQuotedEndpoints: UInt16 {
        var sum = InternetChecksum()
        if case .icmp = format.method {
            sum.add(identifier)
            guard packet.source.family == .v6 else { return sum.value }
        } else {
            sum.add(UInt32(truncatingIfNeeded: packet.transportBytes >> 32))
        }
        sum.add(packet.source)
        sum.add(packet.endpoint(of: format))
        return sum.value
    }

    // MARK: - What had changed in it

    /// How the quote differs from the probe that was sent.
    func rewriting(token: UInt16, flow: UInt16?) -> TraceAnswer.Rewriting {
        let shown = format.shown(token)
        var rewriting: TraceAnswer.Rewriting = []
        if packet.source != format.source { rewriting.insert(.source) }
        if !format.isOnTheWay(packet.destination) { rewriting.insert(.destination) }
        if let identification, identification != shown { rewriting.insert(.identification) }
        if packet.differentiatedServices != format.differentiatedServices { rewriting.insert(.differentiatedServices) }
        if let sentLength, sentLength != packet.totalLength, !isFragment { rewriting.insert(.length) }
        if hasOtherPorts(than: flow) { rewriting.insert(.ports) }
        if hasOtherChecksum(than: flow, shown) { rewriting.insert(.checksum) }
        return rewriting
    }

    /// Bytes of the packet as it was sent, where the quote says so a second time.
    private var sentLength: Int? {
        if case .ours(let payload) = payload, let length = payload.packetLength { return Int(length) }
        guard case .udp = format.method else { return nil }
        return format.headLength + Int(packet.transportBytes >> 16 & 0xFFFF)
    }

    private func hasOtherPorts(than flow: UInt16?) -> Bool {
        switch format.method {
        case .icmp: identifier != format.key
        case .ip: false
        case .udp, .udpLite, .tcp, .sctp, .dccp:
            if let found = packet.ports, let sent = flow.flatMap({ format.ports(of: $0) }) {
                found != sent
            } else {
                true
            }
        }
    }

    private func hasOtherChecksum(than flow: UInt16?, _ shown: UInt16) -> Bool {
        if case .tcp = format.method { return contradictsItself }
        guard format.method == .icmp || format.checksumIsToken else { return false }
        return flow.map { originalFlowWord(of: shown) != format.flowWord(of: $0) } ?? true
    }
}

extension QuotedPacket {
    /// The destination that the transport's checksum covers: of a source route the last.
    fileprivate func endpoint(of format: TraceProbeFormat) -> IPAddress {
        format.gateways.contains(destination) ? format.destination : destination
    }
}

extension InternetChecksum {
    fileprivate mutating func add(_ address: IPAddress) {
        switch address {
        case .v4(let address): add(address.rawValue)
        case .v6(let address): add(address.rawValue)
        }
    }
}
