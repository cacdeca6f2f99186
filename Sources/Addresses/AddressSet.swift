/// A set of addresses of one family, kept as ranges: as large as it may be, it takes the memory of its ranges.
///
/// ```swift
/// let asked = AddressSet([AddressRange<IPv4Address>("198.18.0.0/15")!])
/// let wanted = asked.subtracting(AddressSet([AddressRange<IPv4Address>("198.18.0.0/24")!]))
/// ```
public struct AddressSet<Address: InternetAddress>: Hashable, Sendable {
    /// The addresses as ranges in ascending order, none of which overlaps or touches another.
    public let ranges: [AddressRange<Address>]
    /// How many addresses come before each range.
    @usableFromInline let offsets: [UInt128]

    /// The addresses of some ranges, which may overlap and come in any order.
    public init(_ ranges: some Sequence<AddressRange<Address>>) {
        var merged: [AddressRange<Address>] = []
        for range in ranges.sorted() {
            guard let last = merged.last, last.reaches(range.first) else {
                merged.append(range)
                continue
            }
            merged[merged.count - 1] = AddressRange(last.first...max(last.last, range.last))
        }
        self.init(inOrder: merged)
    }

    /// No addresses.
    public init() { self.init(inOrder: []) }

    private init(inOrder ranges: [AddressRange<Address>]) {
        self.ranges = ranges
        var offsets: [UInt128] = []
        var count: UInt128 = 0
        for range in ranges {
            offsets.append(count)
            count &+= range.count ?? 0
        }
        self.offsets = offsets
    }

    /// Whether there are none.
    public var isEmpty: Bool { ranges.isEmpty }

    /// How many addresses there are; `nil` for all of IPv6, which are 2^128.
    public var count: UInt128? {
        guard let last = ranges.last, let offset = offsets.last else { return 0 }
        return last.count.map { offset + $0 }
    }

    /// The address that `position` others come before.
    ///
    /// - Precondition: `position` is less than ``count``.
    @inlinable
    public subscript(position: UInt128) -> Address {
        let index = Self.lastIndex(of: offsets) { $0 <= position }
        precondition(index >= 0, "an empty set has no address")
        return ranges[index][position - offsets[index]]
    }

    /// How many addresses of the set come before this one; `nil` if it is not in the set.
    @inlinable
    public func position(of address: Address) -> UInt128? {
        let index = Self.lastIndex(of: ranges) { $0.first <= address }
        guard index >= 0, let position = ranges[index].index(of: address) else { return nil }
        return offsets[index] + position
    }

    /// Whether an address is in the set.
    @inlinable
    public func contains(_ address: Address) -> Bool { position(of: address) != nil }

    /// The addresses of both sets.
    public func union(_ other: Self) -> Self { Self(ranges + other.ranges) }

    /// The addresses of this set that are not in the other.
    public func subtracting(_ other: Self) -> Self {
        var left: [AddressRange<Address>] = []
        var index = 0
        for range in ranges {
            var first: Address? = range.first
            while index < other.ranges.count, other.ranges[index].last < range.first { index += 1 }
            var next = index
            while let begin = first, next < other.ranges.count, other.ranges[next].first <= range.last {
                let hole = other.ranges[next]
                if hole.first > begin, let before = hole.first.previous { left.append(AddressRange(begin...before)) }
                first = hole.last < range.last ? hole.last.following : nil
                next += 1
            }
            if let first { left.append(AddressRange(first...range.last)) }
        }
        return Self(inOrder: left)
    }

    /// The last element of an ordered array that is not yet too large; -1 if the first is.
    @inlinable
    static func lastIndex<Element>(of elements: [Element], where isInside: (Element) -> Bool) -> Int {
        var (low, high) = (0, elements.count)
        while low < high {
            let middle = (low + high) / 2
            if isInside(elements[middle]) { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}

extension AddressRange {
    /// Whether an address, which is not before the range, is in it or just behind it.
    fileprivate func reaches(_ address: Address) -> Bool { address <= last || last.following == address }
}

extension InternetAddress {
    /// The next address; `nil` behind the last.
    fileprivate var following: Self? { rawValue == .max ? nil : Self(rawValue: rawValue + 1) }
    /// The address before; `nil` before the first.
    fileprivate var previous: Self? { rawValue == .min ? nil : Self(rawValue: rawValue - 1) }
}
