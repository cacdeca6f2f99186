import Addresses

/// What the record route and the two source route options hold (RFC 791 section 3.1): a row of addresses and a
/// pointer to the next one to use.
public struct RouteRecord: Hashable, Sendable {
    /// As many as fit into a header.
    public static let maximumSlots = 9

    /// Every slot, those not filled yet too.
    public var slots: [IPv4Address]
    /// Where the next router writes, counted in bytes from 1 at the option's type: 4 is the first slot, and behind the
    /// last slot means that the row is full.
    public var pointer: UInt8

    /// A row of addresses with a pointer, by default to the first.
    public init(slots: [IPv4Address], pointer: UInt8 = 4) {
        self.slots = slots
        self.pointer = pointer
    }

    /// A row of empty slots, for routers to fill.
    public init(emptySlots count: Int) {
        self.init(slots: [IPv4Address](repeating: IPv4Address(rawValue: 0), count: max(0, count)))
    }

    /// The slots before the pointer: the routers that the packet has passed.
    public var recorded: ArraySlice<IPv4Address> {
        slots.prefix(max(0, Int(pointer) - Self.firstSlot) / Self.slotLength)
    }

    var optionLength: Int { Self.firstSlot - 1 + Self.slotLength * slots.count }

    /// `nil` unless slots fill the option and the pointer stands at a slot or behind them all.
    init?(parsing option: RawSpan) {
        let slotBytes = option.byteCount - (Self.firstSlot - 1)
        guard slotBytes >= 0, slotBytes.isMultiple(of: Self.slotLength) else { return nil }
        pointer = option.uint8(at: 2)
        let beforePointer = Int(pointer) - Self.firstSlot
        guard beforePointer >= 0, beforePointer.isMultiple(of: Self.slotLength) || beforePointer > slotBytes
        else { return nil }
        slots = (0..<slotBytes / Self.slotLength).map { slot in
            option.ipv4Address(at: Self.firstSlot - 1 + slot * Self.slotLength)
        }
    }

    func serialize(into output: inout OutputRawSpan) {
        output.append(pointer)
        for address in slots { output.append(address) }
    }

    private static let firstSlot = 4
    private static let slotLength = 4
}
