public import Addresses
import Packets

/// Knowing the answers. Nothing is believed of a packet but that it answers the probe whose token it carries, and that
/// only with proof of both the token and the key. For what is quoted that is, in this order:
///
/// 1. The payload, where key and token are quoted of it: no router changes it. One with another key is refused,
///    whatever else agrees.
/// 2. A token that stands beside the key: the sequence number of ICMP under our identifier; the numbers of TCP, SCTP
///    and DCCP.
/// 3. Another token together with a flow that is one of ours. The token: that of ICMP under another identifier, or the
///    IPv4 identification, or the checksum of UDP and UDP-Lite, in this order; the last only where addresses and ports
///    are ours, with which it would have been rewritten. The flow: by both ports, or the checksum of ICMP, as they are
///    quoted, or as they were before a translation that left its difference in the checksum.
/// 4. Two tokens that agree, where the quoted source address is not ours: a translation that mended neither the quote
///    nor the checksum.
///
/// For 3 and 4 one of the two addresses has to be ours. Eight bytes behind the IP header are enough for each. A
/// stranger who sees none of the probes has to guess 16 bits in every case: tokens are shown shifted by the key.
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
        if message.uint8(at: 0) == (source.family == .v4 ? 0 : 129) {
            guard let token = tokenOfEcho(message) else { return nil }
            var answer = TraceAnswer(token: token, from: source, .reply(.echo))
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

    /// The probe about which an error came through the error queue of a datagram socket.
    /// - Parameters:
    ///   - error: its type, code and information.
    ///   - offender: who sent it.
    ///   - quote: what is quoted behind the headers that the kernel made: the payload of a UDP or UDP-Lite datagram, or
    ///     an ICMP message from its type on.
    /// - Returns: `nil` if too little is quoted to say which.
    public func answer(to error: ICMPError, from offender: IPAddress, quoting quote: RawSpan) -> TraceAnswer? {
        guard let meaning = error.meaning else { return nil }
        var token: UInt16?
        if case .icmp = method {
            token = tokenOfEcho(quote)
        } else if case .ours(let payload) = payloadHead(in: quote) {
            token = payload.token
        }
        guard let token else { return nil }
        var answer = TraceAnswer(token: token, from: offender, meaning)
        answer.extensions = extensions(behind: quote, from: offender.family)
        return answer
    }

    /// The token of an echo request, or of the reply to it, under our identifier; `nil` if what it has of a payload
    /// says that it is not ours.
    private func tokenOfEcho(_ message: RawSpan) -> UInt16? {
        guard case .icmp = method, message.byteCount >= 8, message.uint8(at: 1) == 0, message.uint16(at: 4) == key,
            let token = token(shownAs: message.uint16(at: 6))
        else { return nil }
        switch payloadHead(in: message, at: 8) {
        case .foreign: return nil
        case .ours(let payload): return payload.token == token ? token : nil
        case .absent: return token
        }
    }

    /// The extensions behind what an error queue hands over. The quoted packet in front of them has 128 bytes (RFC 4884
    /// section 5.1), of which the kernel has taken the IP header, and that of UDP.
    private func extensions(behind quote: RawSpan, from family: IPFamily) -> [ICMPExtensionObject] {
        var taken = family == .v4 ? IPv4Header.minimumLength : IPv6Header.length
        if method != .icmp { taken += 8 }
        let offset = 128 - taken
        guard quote.byteCount > offset + 4, quote.uint16(at: offset + 2) != 0 else { return [] }
        return (try? ICMPExtensions(parsing: quote.extracting(offset...)))?.objects ?? []
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
