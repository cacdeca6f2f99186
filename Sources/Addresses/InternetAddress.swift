/// An IP address of one family: a number of fixed width with a text form.
///
/// ``IPv4Address`` and ``IPv6Address`` are the two conformers. ``Prefix`` and ``AddressRange`` are generic over this
/// protocol, so that both families share one piece of code. Addresses compare as numbers, which is also the order of
/// their bytes on the wire.
public protocol InternetAddress: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// The unsigned number that holds an address of this family.
    associatedtype RawValue: FixedWidthInteger & UnsignedInteger & Sendable

    /// The address as a number in host byte order: 127.0.0.1 is 0x7f00_0001.
    var rawValue: RawValue { get }

    /// Makes the address with this number, in host byte order. Every number is an address.
    init(rawValue: RawValue)

    /// Reads the text form from UTF-8 (in practice ASCII) bytes, all of them.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    init(parsingUTF8 text: Span<UInt8>) throws(AddressError)

    /// How many bits an address of this family has: 32 or 128.
    static var bitCount: Int { get }

    /// Whether this is the address that stands for "none" or "any": 0.0.0.0 or ::.
    var isUnspecified: Bool { get }

    /// Whether packets to this address never leave the host: 127.0.0.0/8 (RFC 1122 §3.2.1.3) or ::1 (RFC 4291 §2.5.3).
    var isLoopback: Bool { get }

    /// Whether this is the address of a group: 224.0.0.0/4 (RFC 1112 §4) or ff00::/8 (RFC 4291 §2.7).
    var isMulticast: Bool { get }

    /// Whether this is a unicast address that is valid on one link only: 169.254.0.0/16 (RFC 3927) or fe80::/10
    /// (RFC 4291 §2.5.6).
    var isLinkLocal: Bool { get }
}

extension InternetAddress {
    /// Reads the text form: all of `text`, with nothing before or after it.
    ///
    /// The corresponding C function is `inet_pton`.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    @inlinable
    public init(parsing text: some StringProtocol) throws(AddressError) {
        let text = String(text)
        try self.init(parsingUTF8: text.utf8.span)
    }

    /// Reads the text form, or returns `nil` where ``init(parsing:)`` throws.
    @inlinable
    public init?(_ description: String) {
        do throws(AddressError) { try self.init(parsing: description) } catch { return nil }
    }

    /// Makes an address of its bytes in network order, or returns `nil` if there are too few or too many of them.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.bitCount / 8 else { return nil }
        self.init(rawValue: bytes.reduce(0) { $0 << 8 | RawValue($1) })
    }

    /// The 4 or 16 bytes of the address in network order.
    ///
    /// ``withBytes(_:)`` gives the same without an allocation.
    public var bytes: [UInt8] {
        withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    /// Lends the 4 or 16 bytes of the address, in network order, for the length of a call. Nothing is allocated.
    ///
    /// - Throws: What `body` throws.
    @inlinable
    public func withBytes<Result, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        let count = Self.bitCount / 8
        for index in 0..<count {
            bytes[index] = UInt8(truncatingIfNeeded: rawValue >> (Self.bitCount - 8 - 8 * index))
        }
        return try body(bytes.span.extracting(0..<count))
    }

    /// How many bits an address of this family has: 32 or 128.
    @inlinable
    public static var bitCount: Int { RawValue.bitWidth }

    /// Whether this is the address that stands for "none" or "any": 0.0.0.0 or ::.
    @inlinable
    public var isUnspecified: Bool { rawValue == 0 }

    /// The order of the addresses as numbers.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension InternetAddress {
    /// Reads an address that is a part of a longer text; an error speaks of the longer text.
    init(parsing range: Range<Int>, of text: Span<UInt8>) throws(AddressError) {
        do throws(AddressError) {
            try self.init(parsingUTF8: text.extracting(range))
        } catch {
            throw error.moved(into: text, by: range.lowerBound)
        }
    }
}
