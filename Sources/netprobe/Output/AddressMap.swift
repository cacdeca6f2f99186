import Addresses

/// Which addresses of a range are alive, in memory that does not grow with it: by fields of 1, 4, 16… addresses.
struct AddressMap {
    /// What it is of.
    let range: SweepRange
    /// The fields fill a square with sides of 2 to the power of this.
    let order: Int
    /// How many addresses are alive.
    private(set) var aliveCount: UInt64 = 0
    /// The addresses of a field are 2 to the power of this.
    private let shift: Int
    /// Where in the square the first address of the range is: prefixes begin at the corners of squares.
    private let start: UInt128
    private var alive: [UInt32]

    /// The sides of the largest square are 2 to the power of this.
    private static var highestOrder: Int { 8 }

    /// So many addresses are worth a drawing.
    static var leastCount: Int { 8 }

    /// - Returns: `nil` for a range that is too small to be worth a drawing.
    init?(_ range: SweepRange) {
        guard range.count >= Self.leastCount else { return nil }
        self.range = range
        var half = (UInt128.bitWidth - (range.count - 1).leadingZeroBitCount + 1) / 2
        let (first, last) = (range.first.number, range.last.number)
        var block = half
        while block < UInt128.bitWidth / 2, first >> UInt128(2 * block) != last >> UInt128(2 * block) { block += 1 }
        // A range that lies across the border of large blocks would be lost in them: it begins in the corner.
        let isAligned = block <= half + 1
        if isAligned { half = block }
        start = isAligned ? first & ((1 << UInt128(2 * half)) &- 1) : 0
        order = min(half, Self.highestOrder)
        shift = 2 * (half - order)
        alive = Array(repeating: 0, count: 1 << (2 * order))
    }

    /// One more address is known to be alive.
    mutating func record(_ address: IPAddress) {
        guard let position = range.position(of: address) else { return }
        let field = Int(truncatingIfNeeded: (start + position) >> UInt128(shift))
        guard alive.indices.contains(field), alive[field] < .max else { return }
        alive[field] += 1
        aliveCount += 1
    }

    /// Some of its fields put together.
    struct Field {
        let first: IPAddress
        let last: IPAddress
        let count: UInt128
        let alive: UInt64
        let x: Int
        let y: Int

        /// Which part of them is alive, from 0 to 1.
        var share: Double { min(1, Double(alive) / Double(count)) }
    }

    /// The fields of a square with sides of 2 to the power of `order`, which is at most the map's own.
    func fields(order wanted: Int) -> [Field] {
        let wanted = min(wanted, order)
        let together = 1 << (2 * (order - wanted))
        let size = UInt128(together) << UInt128(shift)
        var fields: [Field] = []
        for index in 0..<(1 << (2 * wanted)) {
            // The last addresses, for behind them there may be none.
            let begin = max(UInt128(index) * size, start)
            let end = min(UInt128(index) * size + (size - 1), start + (range.last.number - range.first.number))
            guard begin <= end else { continue }
            let (x, y) = HilbertCurve.point(index, order: wanted)
            let alive = alive[index * together..<(index + 1) * together].reduce(UInt64(0)) { $0 + UInt64($1) }
            fields.append(
                Field(
                    first: range.address(at: begin - start), last: range.address(at: end - start),
                    count: end - begin + 1, alive: alive, x: x, y: y))
        }
        return fields
    }

    /// What it says in one line.
    var title: String {
        "\(range.first)-\(range.last): \(aliveCount) of \(range.count) alive"
    }
}

extension SweepRange {
    /// How many addresses of the range come before this one; `nil` if it is not in it.
    fileprivate func position(of address: IPAddress) -> UInt128? {
        guard first <= address, address <= last else { return nil }
        switch (first, address) {
        case (.v4(let first), .v4(let address)): return UInt128(address.rawValue - first.rawValue)
        case (.v6(let first), .v6(let address)): return address.rawValue - first.rawValue
        default: return nil
        }
    }

    fileprivate func address(at position: UInt128) -> IPAddress {
        switch first {
        case .v4(let first): .v4(IPv4Address(rawValue: first.rawValue &+ UInt32(truncatingIfNeeded: position)))
        case .v6(let first): .v6(IPv6Address(rawValue: first.rawValue &+ position))
        }
    }
}

extension IPAddress {
    /// It as a number.
    fileprivate var number: UInt128 {
        switch self {
        case .v4(let address): UInt128(address.rawValue)
        case .v6(let address): address.rawValue
        }
    }
}
