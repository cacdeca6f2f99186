/// What an authentication header says (RFC 4302 section 2): that the packet is its sender's, to those who have the key.
public struct AuthenticationHeader: Hashable, Sendable {
    /// Names the key.
    public var securityParametersIndex: UInt32
    /// Counts the packets under that key.
    public var sequenceNumber: UInt32
    /// The proof, a multiple of 4 bytes. Nothing here can verify it.
    public var integrityCheckValue: [UInt8]

    /// A header with its proof.
    public init(securityParametersIndex: UInt32, sequenceNumber: UInt32, integrityCheckValue: [UInt8]) {
        self.securityParametersIndex = securityParametersIndex
        self.sequenceNumber = sequenceNumber
        self.integrityCheckValue = integrityCheckValue
    }

    /// Bytes of the header: a multiple of 4, in IPv6 it should be one of 8.
    var length: Int { Self.fixedLength + (integrityCheckValue.count + 3) / 4 * 4 }

    /// Reads a header that fills `bytes`, at least 12.
    init(parsing bytes: RawSpan) {
        securityParametersIndex = bytes.uint32(at: 4)
        sequenceNumber = bytes.uint32(at: 8)
        integrityCheckValue = bytes.extracting(droppingFirst: Self.fixedLength).array
    }

    /// Appends what follows the length byte.
    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: 0 as UInt16)
        output.append(bigEndian: securityParametersIndex)
        output.append(bigEndian: sequenceNumber)
        output.append(contentsOf: integrityCheckValue.span.bytes)
    }

    static let fixedLength = 12
}
