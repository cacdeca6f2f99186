public import Addresses
import Packets

/// Reading what may be answers. What is `nil` here is none for certain; the rest a session believes, or not.
extension SweepProbeFormat {
    /// What an ICMP or ICMPv6 message says of a probe: a reply, or an error that quotes one.
    /// - Parameters:
    ///   - message: the message from its type on, as a raw socket hands it over behind the IP header.
    ///   - source: who sent it.
    public func answer(toICMP message: RawSpan, from source: IPAddress) -> SweepAnswer? {
        guard message.byteCount >= 8 else { return nil }
        // A kernel verifies the checksum of ICMPv6 before a socket sees it, that of ICMP not.
        if case .v4 = source, InternetChecksum.of(message) != 0 { return nil }
        let type = message.uint8(at: 0)
        if type == replyType(in: source.family) {
            var answer = SweepAnswer(.reply, from: source, byteCount: message.byteCount)
            return read(message, into: &answer) ? answer : nil
        }
        guard let (error, isNotice) = ICMPError.reading(message, family: source.family),
            let packet = try? QuotedPacket(parsing: message.extracting(8...)), packet.fragmentOffset == 0,
            packet.destination.family == source.family,
            packet.protocolNumber == protocolNumber(in: source.family), packet.transportByteCount == 8
        else { return nil }
        let quote = message.extracting((8 + packet.transportOffset)...)
        return answer(
            isNotice ? .notice(error) : .error(error), from: source, about: packet.destination, quoting: quote)
    }

    /// What an ICMP error says that came through the error queue of a datagram socket.
    /// - Parameters:
    ///   - offender: who sent it.
    ///   - destination: whom the probe asked.
    ///   - quote: what is quoted of the probe, from its ICMP type on.
    public func answer(
        to error: ICMPError, from offender: IPAddress, about destination: IPAddress, quoting quote: RawSpan
    ) -> SweepAnswer? {
        quote.byteCount < 8 ? nil : answer(.error(error), from: offender, about: destination, quoting: quote)
    }

    /// What a TCP segment or a UDP datagram says of a probe.
    /// - Parameters:
    ///   - segment: from its source port on.
    ///   - source: who sent it.
    ///   - now: when it was received.
    public func answer(inSegment segment: RawSpan, from source: IPAddress, at now: MonotonicTime) -> SweepAnswer? {
        var answer = SweepAnswer(.reply, from: source, byteCount: segment.byteCount)
        switch method {
        case .tcp(let port):
            guard segment.byteCount >= TCPHeader.minimumLength, segment.uint16(at: 0) == port,
                let header = try? TCPHeader(parsing: segment)
            else { return nil }
            if header.flags.contains(.rst) {
                answer.meaning = .closed
            } else if !header.flags.isSuperset(of: [.syn, .ack]) {
                return nil
            }
            guard header.flags.contains(.ack) else { return nil }
            // It acknowledges the SYN, which counts for one.
            setProof(sourcePort: header.destinationPort, sequence: header.acknowledgmentNumber &- 1, of: &answer)
            for case .timestamps(_, let echo) in header.options where echo != 0 {
                let ago = Int64(Self.tcpTime(now) &- echo) * 1024
                answer.sent = MonotonicTime(nanoseconds: (now.nanoseconds & ~1023) &- ago)
            }
        case .udp(let port):
            guard segment.byteCount >= 8, segment.uint16(at: 0) == port else { return nil }
            setProof(sourcePort: segment.uint16(at: 2), sequence: nil, of: &answer)
        case .echo, .timestamp: return nil
        }
        return answer.proofMask == 0 ? nil : answer
    }

    // MARK: - Quotes

    /// - Parameter quote: the probe behind its IP header, eight bytes at least.
    private func answer(
        _ meaning: SweepAnswer.Meaning, from source: IPAddress, about destination: IPAddress, quoting quote: RawSpan
    ) -> SweepAnswer? {
        var answer = SweepAnswer(meaning, from: source, byteCount: quote.byteCount)
        answer.destination = destination
        switch method {
        case .echo, .timestamp:
            guard quote.uint8(at: 0) == requestType(in: destination.family), read(quote, into: &answer) else {
                return nil
            }
        case .tcp(let port):
            guard quote.uint16(at: 2) == port else { return nil }
            setProof(sourcePort: quote.uint16(at: 0), sequence: quote.uint32(at: 4), of: &answer)
        case .udp(let port):
            guard quote.uint16(at: 2) == port else { return nil }
            setProof(sourcePort: quote.uint16(at: 0), sequence: nil, of: &answer)
            guard answer.proofMask != 0 else { return nil }
            readPayload(quote, into: &answer)
            if case .error(let error) = meaning, error.isPortUnreachable, source == destination {
                answer.meaning = .closed
            }
        }
        return answer.proofMask == 0 ? nil : answer
    }

    // MARK: - Proofs

    private func replyType(in family: IPFamily) -> UInt8 {
        switch method {
        case .echo: family == .v4 ? 0 : 129
        case .timestamp: 14
        // There is none.
        case .tcp, .udp: .max
        }
    }

    private func requestType(in family: IPFamily) -> UInt8 {
        method == .timestamp ? 13 : family == .v4 ? 8 : 128
    }

    /// Reads the identifier and all behind it of an echo or timestamp message. Where a payload has the whole proof, the
    /// identifier has to agree.
    private func read(_ message: RawSpan, into answer: inout SweepAnswer) -> Bool {
        let found = message.uint16(at: 4)
        answer.countedProof = message.uint16(at: 6)
        if let identifier {
            guard found == identifier else { return false }
            let target = answer.destination ?? answer.source
            answer.proof = Self.proof(of: target, key: key) & 0xFFFF
        } else {
            answer.proof = UInt64(found)
        }
        answer.proofMask = 0xFFFF
        if method == .timestamp {
            guard message.byteCount >= ICMPField.timestampLength else { return answer.meaning != .reply }
            answer.timestamps = SweepTimestamps(
                originate: message.uint32(at: 8), receive: message.uint32(at: 12), transmit: message.uint32(at: 16))
            return true
        }
        let identifierProof = answer.proof
        readPayload(message, into: &answer)
        return identifier != nil || answer.proof & 0xFFFF == identifierProof
    }

    /// Reads what there is of a payload behind a header of eight bytes.
    private func readPayload(_ message: RawSpan, into answer: inout SweepAnswer) {
        // A quote may have been filled up with zeros (RFC 4884): behind its end there is no payload of ours.
        guard payloadLength >= 8, message.byteCount >= 16 else { return }
        let proof = message.uint64(at: 8)
        guard proof != 0 || answer.meaning == .reply else { return }
        answer.proof = proof
        answer.proofMask = .max
        guard payloadLength >= 24, message.byteCount >= 32 else { return }
        answer.number = message.uint32(at: 16)
        answer.index = message.uint32(at: 20)
        answer.sent = MonotonicTime(nanoseconds: Int64(bitPattern: message.uint64(at: 24)))
    }

    private func setProof(sourcePort: UInt16, sequence: UInt32?, of answer: inout SweepAnswer) {
        guard sourcePort & 0x8000 != 0 else { return }
        answer.proof = UInt64(sourcePort & 0x7FFF)
        answer.proofMask = 0x7FFF
        guard let sequence else { return }
        answer.proof |= UInt64(sequence >> 16) << 32
        answer.proofMask |= 0xFFFF << 32
        answer.countedProof = UInt16(truncatingIfNeeded: sequence)
    }
}

extension ICMPError {
    /// The error that a message of at least eight bytes is, and whether it says something that ends no probe; `nil` for
    /// what is neither.
    fileprivate static func reading(_ message: RawSpan, family: IPFamily) -> (ICMPError, isNotice: Bool)? {
        if let error = ICMPError(of: message, family: family) { return (error, false) }
        let type = message.uint8(at: 0)
        // Source quench and redirect.
        guard family == .v4, type == 4 || type == 5 else { return nil }
        let error = ICMPError(
            family: family, type: type, code: message.uint8(at: 1), information: message.uint32(at: 4))
        return (error, true)
    }

    fileprivate var isPortUnreachable: Bool {
        switch (family, type, code) {
        case (.v4, 3, 3), (.v6, 1, 4): true
        default: false
        }
    }
}

extension RawSpan {
    fileprivate func uint64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
