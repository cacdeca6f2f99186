/// All addresses from one to another, both included. A range is never empty.
public struct AddressRange<Address: InternetAddress>: Hashable, Sendable {
    /// The lowest address of the range.
    public let first: Address
    /// The highest address of the range.
    public let last: Address

    /// Makes a range of its bounds: `AddressRange(first...last)`.
    @inlinable
    public init(_ bounds: ClosedRange<Address>) {
        first = bounds.lowerBound
        last = bounds.upperBound
    }

    /// Makes a range of its bounds, or returns `nil` if `last` comes before `first`.
    @inlinable
    public init?(first: Address, last: Address) {
        guard first <= last else { return nil }
        self.first = first
        self.last = last
    }
}

extension AddressRange {
    /// How many addresses there are; `nil` for the range of all IPv6 addresses only, which has 2^128.
    @inlinable
    public var count: UInt128? {
        let (count, overflow) = lastIndex.addingReportingOverflow(1)
        return overflow ? nil : count
    }

    /// The address that comes `index` addresses after the first.
    ///
    /// - Precondition: `index` is less than the number of addresses.
    @inlinable
    public subscript(index: UInt128) -> Address {
        precondition(index <= lastIndex, "the index of an address lies in the range")
        return Address(rawValue: first.rawValue + Address.RawValue(truncatingIfNeeded: index))
    }

    /// How many addresses of the range come before this one, or `nil` if it is not in the range.
    @inlinable
    public func index(of address: Address) -> UInt128? {
        contains(address) ? UInt128(truncatingIfNeeded: address.rawValue - first.rawValue) : nil
    }

    /// Whether an address is in the range.
    @inlinable
    public func contains(_ address: Address) -> Bool {
        first <= address && address <= last
    }

    /// Whether some address is in both ranges.
    @inlinable
    public func overlaps(_ other: AddressRange) -> Bool {
        first <= other.last && other.first <= last
    }

    /// The index of the last address, which can't overflow as the count can.
    @inlinable
    var lastIndex: UInt128 { UInt128(truncatingIfNeeded: last.rawValue - first.rawValue) }
}

extension AddressRange: Sequence {
    /// Walks through a range from its first address to its last.
    public struct Iterator: IteratorProtocol, Sendable {
        @usableFromInline var upcoming: Address?
        @usableFromInline let last: Address

        @inlinable
        init(_ range: AddressRange) {
            upcoming = range.first
            last = range.last
        }

        /// The next address, or `nil` behind the last one.
        @inlinable
        public mutating func next() -> Address? {
            guard let address = upcoming else { return nil }
            // The successor of the last address might not exist.
            upcoming = address == last ? nil : Address(rawValue: address.rawValue + 1)
            return address
        }
    }

    /// Walks through the range from its first address to its last.
    @inlinable
    public func makeIterator() -> Iterator { Iterator(self) }

    /// The number of addresses, as far as an `Int` can count.
    @inlinable
    public var underestimatedCount: Int { Int(clamping: count ?? .max) }
}

extension AddressRange: Comparable {
    /// By first address, then by last.
    @inlinable
    public static func < (left: AddressRange, right: AddressRange) -> Bool {
        left.first == right.first ? left.last < right.last : left.first < right.first
    }
}

extension AddressRange: LosslessStringConvertible {
    /// Reads `198.18.0.1-198.18.0.9`, a prefix, which stands for all its addresses, or a single address.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    public init(parsingUTF8 text: Span<UInt8>) throws(AddressError) {
        if let hyphen = text.firstIndex(of: .hyphen) {
            first = try Address(parsing: 0..<hyphen, of: text)
            last = try Address(parsing: hyphen + 1..<text.count, of: text)
            guard first <= last else { throw AddressError(.reversedRange, in: text, at: hyphen + 1) }
        } else if text.firstIndex(of: .slash) != nil {
            self = try Prefix<Address>(parsingUTF8: text).range
        } else {
            first = try Address(parsingUTF8: text)
            last = first
        }
    }

    /// Reads `198.18.0.1-198.18.0.9`, a prefix, which stands for all its addresses, or a single address.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    @inlinable
    public init(parsing text: some StringProtocol) throws(AddressError) {
        let text = String(text)
        try self.init(parsingUTF8: text.utf8.span)
    }

    /// Reads a range, or returns `nil` where ``init(parsing:)`` throws.
    @inlinable
    public init?(_ description: String) {
        do throws(AddressError) { try self.init(parsing: description) } catch { return nil }
    }

    /// The first and the last address with a hyphen between them, or the one address if there is only one.
    public var description: String { first == last ? "\(first)" : "\(first)-\(last)" }
}
