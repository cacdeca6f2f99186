/// An option of the TCP header (RFC 9293 section 3.2).
public enum TCPOption: Hashable, Sendable {
    /// Bytes of the stream that have arrived behind a gap (RFC 2018).
    public struct SelectiveAcknowledgment: Hashable, Sendable {
        /// The first sequence number of the block.
        public var leftEdge: UInt32
        /// The sequence number behind the block's last.
        public var rightEdge: UInt32

        /// A block from one sequence number to before another.
        public init(leftEdge: UInt32, rightEdge: UInt32) {
            self.leftEdge = leftEdge
            self.rightEdge = rightEdge
        }
    }

    /// One byte that fills a gap, for alignment.
    case noOperation
    /// The largest payload in bytes that the sender will take in one segment.
    case maximumSegmentSize(UInt16)
    /// By how many bits the sender's windows are to be shifted (RFC 7323 section 2).
    case windowScale(UInt8)
    /// The sender understands selective acknowledgments (RFC 2018 section 2).
    case selectiveAcknowledgmentPermitted
    /// What has arrived behind a gap (RFC 2018 section 3).
    case selectiveAcknowledgments([SelectiveAcknowledgment])
    /// The sender's clock, and the last that it saw of the other's (RFC 7323 section 3).
    case timestamps(value: UInt32, echoReply: UInt32)
    /// How long unacknowledged data may wait (RFC 5482), 15 bits; in seconds unless in minutes.
    case userTimeout(UInt16, isInMinutes: Bool)
    /// An MD5 digest of 16 bytes over the segment (RFC 2385).
    case md5Signature([UInt8])
    /// Which keys, and a code over the segment (RFC 5925).
    case authentication(keyID: UInt8, receiveNextKeyID: UInt8, code: [UInt8])
    /// A cookie of 4 to 16 bytes, or the request for one if empty (RFC 7413); of kind 254 if experimental.
    case fastOpenCookie([UInt8], isExperimental: Bool = false)
    /// Any other option, also those above with a length that they can't have: what follows its length byte.
    case unknown(kind: UInt8, data: [UInt8])
    /// The end of the list, only if not all that follows it is zero.
    case end([UInt8])
    /// The rest of the options, where the next has a length that is impossible.
    case malformed([UInt8])

    /// The option's kind byte; `nil` for what is no option.
    public var kind: UInt8? {
        switch self {
        case .end: Self.endKind
        case .noOperation: Self.noOperationKind
        case .maximumSegmentSize: 2
        case .windowScale: 3
        case .selectiveAcknowledgmentPermitted: 4
        case .selectiveAcknowledgments: 5
        case .timestamps: 8
        case .md5Signature: 19
        case .userTimeout: 28
        case .authentication: 29
        case .fastOpenCookie(_, let isExperimental): isExperimental ? Self.experimentKind : 34
        case .unknown(let kind, _): kind
        case .malformed: nil
        }
    }

    /// Bytes that the option takes.
    public var length: Int {
        switch self {
        case .noOperation: 1
        case .maximumSegmentSize, .userTimeout: 4
        case .windowScale: 3
        case .selectiveAcknowledgmentPermitted: 2
        case .selectiveAcknowledgments(let blocks): 2 + blocks.count * 8
        case .timestamps: 10
        case .md5Signature(let digest): 2 + digest.count
        case .authentication(_, _, let code): 4 + code.count
        case .fastOpenCookie(let cookie, let isExperimental): (isExperimental ? 4 : 2) + cookie.count
        case .unknown(_, let data): 2 + data.count
        case .end(let rest): 1 + rest.count
        case .malformed(let bytes): bytes.count
        }
    }

    private static let endKind: UInt8 = 0
    private static let noOperationKind: UInt8 = 1
    private static let experimentKind: UInt8 = 254
    /// By which fast open is known among experiments (RFC 7413 appendix A).
    private static let fastOpenExperiment: UInt16 = 0xF989
}

extension TCPOption {
    /// Bytes that options take in a header: a multiple of four.
    static func paddedLength(of options: [TCPOption]) -> Int {
        (options.reduce(0) { $0 + $1.length } + 3) / 4 * 4
    }

    /// Reads options up to the end of the list, or of the bytes.
    static func parseList(_ bytes: RawSpan) -> [TCPOption] {
        var options: [TCPOption] = []
        var offset = 0
        while offset < bytes.byteCount {
            let kind = bytes.uint8(at: offset)
            if kind == endKind {
                let rest = bytes.extracting(droppingFirst: offset + 1).array
                return rest.contains { $0 != 0 } ? options + [.end(rest)] : options
            }
            if kind == noOperationKind {
                options.append(.noOperation)
                offset += 1
                continue
            }
            guard let length = lengthOfOption(at: offset, in: bytes) else {
                return options + [.malformed(bytes.extracting(droppingFirst: offset).array)]
            }
            options.append(TCPOption(parsing: bytes.extracting(offset..<offset + length)))
            offset += length
        }
        return options
    }

    private static func lengthOfOption(at offset: Int, in bytes: RawSpan) -> Int? {
        guard offset + 1 < bytes.byteCount else { return nil }
        let length = Int(bytes.uint8(at: offset + 1))
        return length >= 2 && offset + length <= bytes.byteCount ? length : nil
    }

    /// Reads one option that has a length byte and fills `bytes`.
    private init(parsing bytes: RawSpan) {
        let kind = bytes.uint8(at: 0)
        let data = bytes.extracting(droppingFirst: 2)
        switch (kind, data.byteCount) {
        case (2, 2): self = .maximumSegmentSize(data.uint16(at: 0))
        case (3, 1): self = .windowScale(data.uint8(at: 0))
        case (4, 0): self = .selectiveAcknowledgmentPermitted
        case (5, let count) where count.isMultiple(of: 8):
            var blocks: [SelectiveAcknowledgment] = []
            for offset in stride(from: 0, to: count, by: 8) {
                blocks.append(.init(leftEdge: data.uint32(at: offset), rightEdge: data.uint32(at: offset + 4)))
            }
            self = .selectiveAcknowledgments(blocks)
        case (8, 8): self = .timestamps(value: data.uint32(at: 0), echoReply: data.uint32(at: 4))
        case (19, 16): self = .md5Signature(data.array)
        case (28, 2): self = .userTimeout(data.uint16(at: 0) & 0x7FFF, isInMinutes: data.uint16(at: 0) >> 15 == 1)
        case (29, 2...):
            self = .authentication(
                keyID: data.uint8(at: 0), receiveNextKeyID: data.uint8(at: 1),
                code: data.extracting(droppingFirst: 2).array)
        case (34, let count) where isCookie(count): self = .fastOpenCookie(data.array)
        case (Self.experimentKind, let count)
        where isCookie(count - 2) && data.uint16(at: 0) == Self.fastOpenExperiment:
            self = .fastOpenCookie(data.extracting(droppingFirst: 2).array, isExperimental: true)
        default: self = .unknown(kind: kind, data: data.array)
        }
        func isCookie(_ count: Int) -> Bool { count == 0 || (4...16).contains(count) && count.isMultiple(of: 2) }
    }

    /// Appends one option. A length that a byte can't hold is written as 255.
    func serialize(into output: inout OutputRawSpan) {
        if case .malformed(let bytes) = self { return output.append(contentsOf: bytes.span.bytes) }
        output.append(kind ?? 0)
        switch self {
        case .noOperation, .end: break
        default: output.append(UInt8(clamping: length))
        }
        switch self {
        case .noOperation, .selectiveAcknowledgmentPermitted, .malformed: break
        case .maximumSegmentSize(let size): output.append(bigEndian: size)
        case .windowScale(let shift): output.append(shift)
        case .selectiveAcknowledgments(let blocks):
            for block in blocks {
                output.append(bigEndian: block.leftEdge)
                output.append(bigEndian: block.rightEdge)
            }
        case .timestamps(let value, let echoReply):
            output.append(bigEndian: value)
            output.append(bigEndian: echoReply)
        case .userTimeout(let timeout, let isInMinutes):
            output.append(bigEndian: timeout & 0x7FFF | (isInMinutes ? 0x8000 : 0))
        case .authentication(let keyID, let receiveNextKeyID, let code):
            output.append(keyID)
            output.append(receiveNextKeyID)
            output.append(contentsOf: code.span.bytes)
        case .fastOpenCookie(let cookie, let isExperimental):
            if isExperimental { output.append(bigEndian: Self.fastOpenExperiment) }
            output.append(contentsOf: cookie.span.bytes)
        case .md5Signature(let data), .unknown(_, let data), .end(let data): output.append(contentsOf: data.span.bytes)
        }
    }
}
