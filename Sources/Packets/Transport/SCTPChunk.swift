/// A chunk of an SCTP packet (RFC 9260 section 3.2).
///
/// Chunks fill 32-bit words; the zeros that pad them follow from their length.
public struct SCTPChunk: Hashable, Sendable {
    /// What the chunk says. Chunks of these types whose length is not the type's are ``unknown(type:value:)``.
    public enum Body: Hashable, Sendable {
        /// Type 0, DATA: a message of the user's, or part of one. `streamSequenceNumber` orders the stream's messages.
        case data(
            transmissionSequenceNumber: UInt32, streamIdentifier: UInt16, streamSequenceNumber: UInt16,
            payloadProtocolIdentifier: UInt32, userData: [UInt8])
        /// Type 1, INIT: asks for an association.
        case initiation(SCTPInitiation)
        /// Type 2, INIT ACK: agrees, with a state cookie.
        case initiationAcknowledgment(SCTPInitiation)
        /// Type 3, SACK: what has arrived.
        case selectiveAcknowledgment(SCTPSelectiveAcknowledgment)
        /// Type 4, HEARTBEAT: is this address reachable?
        case heartbeat([SCTPParameter])
        /// Type 5, HEARTBEAT ACK: it is; what came is sent back.
        case heartbeatAcknowledgment([SCTPParameter])
        /// Type 6, ABORT: the association is gone; the error causes as they are on the wire.
        case abort(errorCauses: [UInt8])
        /// Type 7, SHUTDOWN: the sender has no more data.
        case shutdown(cumulativeTSNAck: UInt32)
        /// Type 8, SHUTDOWN ACK.
        case shutdownAcknowledgment
        /// Type 9, ERROR: error causes as they are on the wire.
        case error(errorCauses: [UInt8])
        /// Type 10, COOKIE ECHO: the state cookie, sent back.
        case cookieEcho([UInt8])
        /// Type 11, COOKIE ACK: the association stands.
        case cookieAcknowledgment
        /// Type 14, SHUTDOWN COMPLETE.
        case shutdownComplete
        /// Any other chunk: what follows its length.
        case unknown(type: UInt8, value: [UInt8])
        /// The rest of the packet, where the next chunk is cut short or has a length that is impossible.
        case malformed([UInt8])
    }

    /// Bits whose meaning depends on the type.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The flags byte.
        public let rawValue: UInt8

        /// Takes the byte as it is.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// In DATA, E: the last part of a message.
        public static let ending = Self(rawValue: 0x01)
        /// In DATA, B: the first part of a message.
        public static let beginning = Self(rawValue: 0x02)
        /// In DATA, U: the message has no place in its stream's order.
        public static let unordered = Self(rawValue: 0x04)
        /// In DATA, I: answer at once (RFC 7053).
        public static let immediate = Self(rawValue: 0x08)
        /// In ABORT and SHUTDOWN COMPLETE, T: the sender has no association, and the tag is the one that it was sent.
        public static let reflectedTag = Self(rawValue: 0x01)
    }

    /// What the chunk says.
    public var body: Body
    /// Bits whose meaning depends on the type; none in what is malformed.
    public var flags: Flags
    /// Bytes of the chunk as its header says; `nil` for the right number, which is without the padding of the last
    /// parameter. Senders may count that too (RFC 9260 section 3.2).
    public var chunkLength: UInt16?

    /// A chunk, by default without flags and with the right length.
    public init(_ body: Body, flags: Flags = [], chunkLength: UInt16? = nil) {
        self.body = body
        self.flags = flags
        self.chunkLength = chunkLength
    }

    /// The chunk's type number; `nil` for what is no chunk.
    public var type: UInt8? {
        switch body {
        case .data: 0
        case .initiation: 1
        case .initiationAcknowledgment: 2
        case .selectiveAcknowledgment: 3
        case .heartbeat: 4
        case .heartbeatAcknowledgment: 5
        case .abort: 6
        case .shutdown: 7
        case .shutdownAcknowledgment: 8
        case .error: 9
        case .cookieEcho: 10
        case .cookieAcknowledgment: 11
        case .shutdownComplete: 14
        case .unknown(let type, _): type
        case .malformed: nil
        }
    }

    /// Bytes of the chunk without its padding.
    public var length: Int {
        switch body {
        case .data(_, _, _, _, let userData): 16 + userData.count
        case .initiation(let initiation), .initiationAcknowledgment(let initiation): 4 + initiation.length
        case .selectiveAcknowledgment(let acknowledgment): 4 + acknowledgment.length
        case .heartbeat(let parameters), .heartbeatAcknowledgment(let parameters):
            4 + SCTPParameter.length(of: parameters)
        case .shutdown: 8
        case .shutdownAcknowledgment, .cookieAcknowledgment, .shutdownComplete: 4
        case .abort(let bytes), .error(let bytes), .cookieEcho(let bytes), .unknown(_, let bytes): 4 + bytes.count
        case .malformed(let bytes): bytes.count
        }
    }

    /// Bytes that the chunk takes in a packet.
    var paddedLength: Int {
        if case .malformed = body { length } else { length.paddedToWord }
    }
}

extension SCTPChunk {
    /// Reads chunks up to the end of the bytes. One without all of its padding is malformed, as to Linux.
    static func parseList(_ bytes: RawSpan) -> [SCTPChunk] {
        var chunks: [SCTPChunk] = []
        var offset = 0
        while offset < bytes.byteCount {
            guard let length = bytes.sctpElementLength(at: offset), length.paddedToWord <= bytes.byteCount - offset
            else { return chunks + [SCTPChunk(.malformed(bytes.extracting(droppingFirst: offset).array))] }
            chunks.append(SCTPChunk(parsing: bytes.extracting(offset..<offset + length)))
            offset += length.paddedToWord
        }
        return chunks
    }

    /// Reads one chunk that fills `bytes`.
    private init(parsing bytes: RawSpan) {
        let type = bytes.uint8(at: 0)
        let value = bytes.extracting(droppingFirst: 4)
        flags = Flags(rawValue: bytes.uint8(at: 1))
        body =
            switch (type, value.byteCount) {
            case (0, 12...):
                .data(
                    transmissionSequenceNumber: value.uint32(at: 0), streamIdentifier: value.uint16(at: 4),
                    streamSequenceNumber: value.uint16(at: 6), payloadProtocolIdentifier: value.uint32(at: 8),
                    userData: value.extracting(droppingFirst: 12).array)
            case (1, SCTPInitiation.minimumLength...): .initiation(SCTPInitiation(parsing: value))
            case (2, SCTPInitiation.minimumLength...): .initiationAcknowledgment(SCTPInitiation(parsing: value))
            case (3, _):
                SCTPSelectiveAcknowledgment(parsing: value).map(Body.selectiveAcknowledgment)
                    ?? .unknown(type: type, value: value.array)
            case (4, _): .heartbeat(SCTPParameter.parseList(value))
            case (5, _): .heartbeatAcknowledgment(SCTPParameter.parseList(value))
            case (6, _): .abort(errorCauses: value.array)
            case (7, 4): .shutdown(cumulativeTSNAck: value.uint32(at: 0))
            case (8, 0): .shutdownAcknowledgment
            case (9, _): .error(errorCauses: value.array)
            case (10, _): .cookieEcho(value.array)
            case (11, 0): .cookieAcknowledgment
            case (14, 0): .shutdownComplete
            default: .unknown(type: type, value: value.array)
            }
        chunkLength = nil
        if length != bytes.byteCount { chunkLength = bytes.uint16(at: 2) }
    }

    /// Appends the chunk with its padding. A length that sixteen bits can't hold is written as 65,535.
    func serialize(into output: inout OutputRawSpan) {
        if case .malformed(let bytes) = body { return output.append(contentsOf: bytes.span.bytes) }
        output.append(bigEndian: row(type ?? 0, flags.rawValue, chunkLength ?? UInt16(clamping: length)))
        switch body {
        case .data(let sequenceNumber, let stream, let streamSequence, let payloadProtocol, let userData):
            output.append(bigEndian: sequenceNumber)
            output.append(bigEndian: row(stream, streamSequence))
            output.append(bigEndian: payloadProtocol)
            output.append(contentsOf: userData.span.bytes)
        case .initiation(let initiation), .initiationAcknowledgment(let initiation): initiation.serialize(into: &output)
        case .selectiveAcknowledgment(let acknowledgment): acknowledgment.serialize(into: &output)
        case .heartbeat(let parameters), .heartbeatAcknowledgment(let parameters):
            SCTPParameter.serializeList(parameters, into: &output)
        case .shutdown(let sequenceNumber): output.append(bigEndian: sequenceNumber)
        case .shutdownAcknowledgment, .cookieAcknowledgment, .shutdownComplete: break
        case .abort(let bytes), .error(let bytes), .cookieEcho(let bytes), .unknown(_, let bytes),
            .malformed(let bytes):
            output.append(contentsOf: bytes.span.bytes)
        }
        output.append(repeating: 0, count: paddedLength - length, as: UInt8.self)
    }
}

/// Chunks and parameters begin alike: 16 bits, and a length of 16 bits that counts them both.
extension RawSpan {
    /// The length that stands at `offset + 2`; `nil` unless it is possible.
    func sctpElementLength(at offset: Int) -> Int? {
        guard byteCount - offset >= 4 else { return nil }
        let length = Int(uint16(at: offset + 2))
        return length >= 4 && length <= byteCount - offset ? length : nil
    }
}

extension Int {
    /// The next multiple of four.
    var paddedToWord: Int { (self + 3) / 4 * 4 }
}
