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

    /// Appends the fields.
    @inline(__always)
    func serialize(into output: inout OutputRawSpan, checksum: UInt16) {
        output.append(bigEndian: row(type, code, checksum))
        output.append(bigEndian: restOfHeader)
    }

    /// A checksum over the fields, without their checksum.
    @inline(__always)
    var sum: InternetChecksum {
        var sum = InternetChecksum()
        sum.add(row(type, code, 0))
        sum.add(restOfHeader)
        return sum
    }
}
