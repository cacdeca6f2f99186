extension ParseError.Layer {
    /// What follows the quoted packet of an ICMP or ICMPv6 error.
    public static var icmpExtensions: Self { Self(rawValue: "ICMP extensions") }
}

/// The extension structure of ICMP and ICMPv6 messages (RFC 4884 section 7): what routers tell beside the quoted packet.
public struct ICMPExtensions: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// The structure's version, 0 to 15; higher bits are dropped.
    public var version: UInt8
    /// The checksum over the structure; `nil` for the right one. 0 says that there is none.
    public var checksum: UInt16?
    /// What is told.
    public var objects: [ICMPExtensionObject]

    /// A structure, by default of the only version there is and with the right checksum.
    public init(_ objects: [ICMPExtensionObject], version: UInt8 = 2, checksum: UInt16? = nil) {
        self.objects = objects
        self.version = version
        self.checksum = checksum
    }

    /// A structure of these objects.
    public init(arrayLiteral objects: ICMPExtensionObject...) {
        self.init(objects)
    }

    /// Bytes of the structure.
    public var length: Int { objects.reduce(Self.headerLength) { $0 + $1.length } }

    /// Bytes before the first object.
    static let headerLength = 4
    static let checksumOffset = 2
}

extension ICMPExtensions {
    /// Reads a structure that fills `bytes`.
    ///
    /// - Parameters:
    ///   - verifyingChecksum: whether a wrong checksum is an error; if not, ``checksum`` holds it.
    /// - Throws: when the version is not 2, an object is longer than what is left or shorter than its own header, or the
    ///   checksum is wrong and shall not be.
    public init(parsing bytes: RawSpan, verifyingChecksum: Bool = true) throws(ParseError) {
        var walk = try ICMPExtensionWalk(parsing: bytes)
        version = bytes.uint8(at: 0) >> 4
        objects = []
        while let object = try walk.next(in: bytes) { objects.append(ICMPExtensionObject(object, in: bytes)) }
        checksum = bytes.uint16(at: Self.checksumOffset)
        guard checksum != 0 else { return }
        let oddity = try InternetChecksum().oddity(
            of: bytes, fieldAt: Self.checksumOffset, verifying: verifyingChecksum, layer: .icmpExtensions)
        checksum = oddity.flatMap { $0.isWrong ? $0.found : nil }
    }

    /// Appends the structure, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        let start = output.byteCount
        output.append(bigEndian: row(version << 4, 0, checksum ?? 0))
        for object in objects { object.serialize(into: &output) }
        guard checksum == nil else { return }
        let sum = InternetChecksum.of(output.bytes.extracting(droppingFirst: start))
        // A checksum of zero would say that there is none; 0xFFFF is the same in ones' complement.
        output.replace(at: start + Self.checksumOffset, with: sum == 0 ? 0xFFFF : sum)
    }
}

/// Walks over the objects of an extension structure without allocating anything: for probers that read very many.
///
/// ```swift
/// var walk = try ICMPExtensionWalk(parsing: structure)
/// while let object = try walk.next(in: structure) {
///     guard object.classNumber == 1, object.type == 1 else { continue }
///     let label = try MPLSLabel(parsing: structure.extracting(object.data))
/// }
/// ```
public struct ICMPExtensionWalk: Sendable {
    /// An object, before it means anything.
    public struct Object: Hashable, Sendable {
        /// What kind of thing is told.
        public let classNumber: UInt8
        /// Which thing of the class, and in which form.
        public let type: UInt8
        /// Where the object's data is in the structure.
        public let data: Range<Int>
    }

    private var offset = ICMPExtensions.headerLength

    /// Begins at the first object of a structure.
    ///
    /// - Throws: when there are fewer than 4 bytes, or the version is not 2.
    public init(parsing structure: RawSpan) throws(ParseError) {
        try structure.require(ICMPExtensions.headerLength, of: .icmpExtensions)
        let version = structure.uint8(at: 0) >> 4
        guard version == 2 else { throw ParseError(.icmpExtensions, .wrongVersion(version), at: 0) }
    }

    /// The next object; `nil` after the last.
    ///
    /// - Parameters:
    ///   - structure: the bytes that the walk began with.
    /// - Throws: when an object is shorter than its header, or longer than what is left.
    public mutating func next(in structure: RawSpan) throws(ParseError) -> Object? {
        guard offset < structure.byteCount else { return nil }
        let rest = structure.byteCount - offset
        guard rest >= Self.headerLength else {
            throw ParseError(.icmpExtensions, .truncated(needed: Self.headerLength, available: rest), at: offset)
        }
        let length = Int(structure.uint16(at: offset))
        guard length >= Self.headerLength, length <= rest else {
            throw ParseError(.icmpExtensions, .badLength(length), at: offset)
        }
        defer { offset += length }
        return Object(
            classNumber: structure.uint8(at: offset + 2), type: structure.uint8(at: offset + 3),
            data: offset + Self.headerLength..<offset + length)
    }

    /// Bytes of an object before its data.
    static let headerLength = 4
}
