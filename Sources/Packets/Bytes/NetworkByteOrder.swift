import Addresses

/// Reading in network byte order. Every read checks its bounds; parsers ask `require` first, so that none can fail.
extension RawSpan {
    @inline(__always)
    func uint8(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    func uint16(at offset: Int) -> UInt16 { integer(at: offset) }

    @inline(__always)
    func uint32(at offset: Int) -> UInt32 { integer(at: offset) }

    @inline(__always)
    func uint64(at offset: Int) -> UInt64 { integer(at: offset) }

    @inline(__always)
    func ipv4Address(at offset: Int) -> IPv4Address { IPv4Address(rawValue: integer(at: offset)) }

    @inline(__always)
    func ipv6Address(at offset: Int) -> IPv6Address { IPv6Address(rawValue: integer(at: offset)) }

    @inline(__always)
    func macAddress(at offset: Int) -> MACAddress {
        MACAddress(rawValue: UInt64(uint16(at: offset)) << 32 | UInt64(uint32(at: offset + 2)))
    }

    /// Safe although the call says otherwise: bounds are checked, and every bit pattern is a valid integer.
    @inline(__always)
    private func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
        Value(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// The bytes as an array of their own.
    var array: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Throws unless there are at least `needed` bytes.
    @inline(__always)
    func require(_ needed: Int, of layer: ParseError.Layer) throws(ParseError) {
        guard byteCount >= needed else {
            throw ParseError(layer, .truncated(needed: needed, available: byteCount), at: byteCount)
        }
    }
}

/// Writing in network byte order. Running out of capacity is the caller's bug, and stops the program.
extension OutputRawSpan {
    @inline(__always)
    mutating func append(bigEndian value: some FixedWidthInteger & BitwiseCopyable) {
        append(value.bigEndian)
    }

    @inline(__always)
    mutating func append(_ address: IPv4Address) {
        append(bigEndian: address.rawValue)
    }

    @inline(__always)
    mutating func append(_ address: IPv6Address) {
        append(bigEndian: address.rawValue)
    }

    @inline(__always)
    mutating func append(_ address: MACAddress) {
        append(bigEndian: UInt16(truncatingIfNeeded: address.rawValue >> 32))
        append(bigEndian: UInt32(truncatingIfNeeded: address.rawValue))
    }

    /// Safe although the call says otherwise: an integer has no padding whose bytes could be uninitialised.
    @inline(__always)
    private mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        append(value, as: Value.self)
    }

    /// Overwrites two bytes that have been appended before: lengths and checksums are known last.
    @inline(__always)
    mutating func replace(at offset: Int, with value: UInt16) {
        var bytes = mutableBytes
        bytes.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }

    /// Safe: the copy stays inside the free capacity, which is checked, and only what it wrote counts as initialised.
    mutating func append(contentsOf bytes: RawSpan) {
        let length = bytes.byteCount
        precondition(length <= freeCapacity, "no room for \(length) bytes of payload")
        guard length > 0 else { return }
        withUnsafeMutableBytes { buffer, initializedCount in
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: buffer[initializedCount...]).copyMemory(from: source)
            }
            initializedCount += length
        }
    }
}

/// A row of an RFC's header diagram, which is 32 bits wide.
@inline(__always)
func row(_ first: UInt8, _ second: UInt8, _ rest: UInt16) -> UInt32 {
    UInt32(first) << 24 | UInt32(second) << 16 | UInt32(rest)
}

/// A row of an RFC's header diagram, which is 32 bits wide.
@inline(__always)
func row(_ first: UInt16, _ second: UInt16) -> UInt32 {
    UInt32(first) << 16 | UInt32(second)
}
