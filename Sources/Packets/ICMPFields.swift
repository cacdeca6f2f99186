/// The eight bytes with which every ICMP and ICMPv6 message begins, before they mean anything.
struct ICMPFields {
    var type: UInt8
    var code: UInt8
    /// The four bytes behind the checksum: what they are depends on the type.
    var restOfHeader: UInt32

    static let length = 8
    static let checksumOffset = 2

    init(type: UInt8, code: UInt8 = 0, restOfHeader: UInt32 = 0) {
        self.type = type
        self.code = code
        self.restOfHeader = restOfHeader
    }

    @inline(__always)
    init(parsing bytes: RawSpan, of layer: ParseError.Layer) throws(ParseError) {
        try bytes.require(Self.length, of: layer)
        type = bytes.uint8(at: 0)
        code = bytes.uint8(at: 1)
        restOfHeader = bytes.uint32(at: 4)
    }

    /// Appends the fields and adds them to `sum`.
    @inline(__always)
    func serialize(into output: inout OutputRawSpan, checksum: UInt16, adding sum: inout InternetChecksum) {
        let typeCodeChecksum = row(type, code, checksum)
        output.append(bigEndian: typeCodeChecksum)
        output.append(bigEndian: restOfHeader)
        sum.add(typeCodeChecksum)
        sum.add(restOfHeader)
    }

    /// The checksum field of a message if it is not the right one, else `nil`.
    ///
    /// - Parameters:
    ///   - seed: a checksum over what comes before the message.
    ///   - verifying: whether a wrong one is an error.
    @inline(__always)
    static func unusualChecksum(
        of bytes: RawSpan, after seed: InternetChecksum, verifying: Bool, layer: ParseError.Layer
    ) throws(ParseError) -> UInt16? {
        guard let oddity = seed.oddity(of: bytes, fieldAt: checksumOffset) else { return nil }
        if verifying && oddity.isWrong {
            throw ParseError(
                layer, .badChecksum(expected: oddity.expected, found: oddity.found), at: checksumOffset)
        }
        return oddity.found
    }
}
