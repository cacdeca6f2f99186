/// All addresses that begin with the same bits: a network as it stands in a routing table, 198.18.0.0/15.
///
/// An address of the network and the length say the same as the network's own address and the length: what comes behind
/// the prefix is cut off, and two prefixes of one network are equal.
public struct Prefix<Address: InternetAddress>: Hashable, Sendable {
    /// The first address of the network: the common bits, and then zeros.
    public let address: Address
    /// How many bits are common, from 0 to the number of bits of an address.
    public let length: Int

    /// Makes the prefix of this length to which an address belongs.
    ///
    /// - Precondition: `length` is not negative, and not more than an address has bits.
    @inlinable
    public init(_ address: Address, length: Int) {
        precondition(0...Address.bitCount ~= length, "a prefix length lies between 0 and \(Address.bitCount)")
        self.address = Address(rawValue: address.rawValue & Self.mask(length: length))
        self.length = length
    }

    /// Makes the prefix with this address, or returns `nil` if the address has bits behind the prefix, or if it has
    /// fewer bits than `length`.
    @inlinable
    public init?(exactly address: Address, length: Int) {
        guard 0...Address.bitCount ~= length, address.rawValue & ~Self.mask(length: length) == 0 else { return nil }
        self.address = address
        self.length = length
    }

    @inlinable
    static func mask(length: Int) -> Address.RawValue {
        Address.RawValue.max << (Address.bitCount - length)
    }
}

/// A prefix of IPv4 addresses.
public typealias IPv4Prefix = Prefix<IPv4Address>
/// A prefix of IPv6 addresses.
public typealias IPv6Prefix = Prefix<IPv6Address>

extension Prefix {
    /// The mask with a one for every common bit: 255.254.0.0 for a length of 15.
    @inlinable
    public var netmask: Address { Address(rawValue: Self.mask(length: length)) }

    /// The first address of the network.
    @inlinable
    public var first: Address { address }

    /// The last address of the network, which is its broadcast address if it is an IPv4 network that has one.
    @inlinable
    public var last: Address { Address(rawValue: address.rawValue | ~Self.mask(length: length)) }

    /// All addresses of the network, which can be counted, numbered and iterated.
    @inlinable
    public var range: AddressRange<Address> { AddressRange(first...last) }

    /// Whether an address belongs to the network.
    @inlinable
    public func contains(_ address: Address) -> Bool {
        address.rawValue & Self.mask(length: length) == self.address.rawValue
    }

    /// Whether some address belongs to both networks. One then contains the other.
    @inlinable
    public func overlaps(_ other: Prefix) -> Bool {
        (address.rawValue ^ other.address.rawValue) & Self.mask(length: min(length, other.length)) == 0
    }
}

extension Prefix: Comparable {
    /// By address; of two networks that start at the same one, the larger comes first.
    @inlinable
    public static func < (left: Prefix, right: Prefix) -> Bool {
        left.address == right.address ? left.length < right.length : left.address < right.address
    }
}

extension Prefix: LosslessStringConvertible {
    /// Reads an address, a slash and a number of bits (RFC 4632 §3.1, RFC 4291 §2.3). The address may be any of the
    /// network: 198.18.5.0/15 is 198.18.0.0/15.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    public init(parsingUTF8 text: Span<UInt8>) throws(AddressError) {
        guard let slash = text.firstIndex(of: .slash) else {
            _ = try Address(parsingUTF8: text)
            throw AddressError(.missingPrefixLength, in: text, at: text.count)
        }
        let address = try Address(parsing: 0..<slash, of: text)
        let start = slash + 1
        guard start < text.count else { throw AddressError(.missingPrefixLength, in: text, at: start) }
        var length = 0
        for position in start..<text.count {
            guard let digit = text[position].decimalDigit else {
                throw AddressError(.malformedPrefixLength, in: text, at: position)
            }
            length = min(length * 10 + Int(digit), 1000)
        }
        guard text[start] != .zero || text.count == start + 1 else {
            throw AddressError(.malformedPrefixLength, in: text, at: start)
        }
        guard length <= Address.bitCount else {
            throw AddressError(.prefixLengthTooLarge(maximum: Address.bitCount), in: text, at: start)
        }
        self.init(address, length: length)
    }

    /// Reads an address, a slash and a number of bits. The address may be any of the network.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    @inlinable
    public init(parsing text: some StringProtocol) throws(AddressError) {
        let text = String(text)
        try self.init(parsingUTF8: text.utf8.span)
    }

    /// Reads a prefix, or returns `nil` where ``init(parsing:)`` throws.
    @inlinable
    public init?(_ description: String) {
        do throws(AddressError) { try self.init(parsing: description) } catch { return nil }
    }

    /// The first address of the network, a slash and the length.
    public var description: String { "\(address)/\(length)" }
}
