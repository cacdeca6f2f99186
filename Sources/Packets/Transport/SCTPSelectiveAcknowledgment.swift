/// What a SACK says (RFC 9260 section 3.3.4).
public struct SCTPSelectiveAcknowledgment: Hashable, Sendable {
    /// Transmission sequence numbers that have arrived behind a gap, as distances from the cumulative one.
    public struct GapBlock: Hashable, Sendable {
        /// The first.
        public var start: UInt16
        /// The last.
        public var end: UInt16

        /// A block from the first to the last, both in it.
        public init(start: UInt16, end: UInt16) {
            self.start = start
            self.end = end
        }
    }

    static let minimumLength = 12

    /// All up to this one have arrived.
    public var cumulativeTSNAck: UInt32
    /// Bytes that the sender can take.
    public var advertisedReceiverWindowCredit: UInt32
    /// What has arrived behind gaps. A count that sixteen bits can't hold is written as 65,535.
    public var gapBlocks: [GapBlock]
    /// What has arrived more than once. A count that sixteen bits can't hold is written as 65,535.
    public var duplicateTSNs: [UInt32]

    /// An acknowledgment, by default without gaps and duplicates.
    public init(
        cumulativeTSNAck: UInt32, advertisedReceiverWindowCredit: UInt32 = 106_496, gapBlocks: [GapBlock] = [],
        duplicateTSNs: [UInt32] = []
    ) {
        self.cumulativeTSNAck = cumulativeTSNAck
        self.advertisedReceiverWindowCredit = advertisedReceiverWindowCredit
        self.gapBlocks = gapBlocks
        self.duplicateTSNs = duplicateTSNs
    }

    var length: Int { Self.minimumLength + (gapBlocks.count + duplicateTSNs.count) * 4 }

    /// - Parameters:
    ///   - bytes: what follows the chunk's length; `nil` comes out if it is not what the counts in it say.
    init?(parsing bytes: RawSpan) {
        guard bytes.byteCount >= Self.minimumLength else { return nil }
        cumulativeTSNAck = bytes.uint32(at: 0)
        advertisedReceiverWindowCredit = bytes.uint32(at: 4)
        let gapEnd = Self.minimumLength + Int(bytes.uint16(at: 8)) * 4
        guard bytes.byteCount == gapEnd + Int(bytes.uint16(at: 10)) * 4 else { return nil }
        gapBlocks = []
        duplicateTSNs = []
        for offset in stride(from: Self.minimumLength, to: gapEnd, by: 4) {
            gapBlocks.append(GapBlock(start: bytes.uint16(at: offset), end: bytes.uint16(at: offset + 2)))
        }
        for offset in stride(from: gapEnd, to: bytes.byteCount, by: 4) {
            duplicateTSNs.append(bytes.uint32(at: offset))
        }
    }

    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: cumulativeTSNAck)
        output.append(bigEndian: advertisedReceiverWindowCredit)
        output.append(bigEndian: row(UInt16(clamping: gapBlocks.count), UInt16(clamping: duplicateTSNs.count)))
        for block in gapBlocks { output.append(bigEndian: row(block.start, block.end)) }
        for sequenceNumber in duplicateTSNs { output.append(bigEndian: sequenceNumber) }
    }
}
