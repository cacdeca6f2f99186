import Addresses

/// The internet timestamp option (RFC 791 section 3.1): routers write down when the packet passed them.
public struct IPv4TimestampOption: Hashable, Sendable {
    /// What an entry is; the numbers are those of the flag field.
    public enum Form: UInt8, Hashable, Sendable {
        /// Times alone.
        case timestampsOnly = 0
        /// Each router writes its address, too.
        case withAddresses = 1
        /// The sender has filled in addresses, and only those write a time.
        case prespecified = 3

        var entryLength: Int { self == .timestampsOnly ? 4 : 8 }

        /// As many entries as fit into a header.
        public var maximumEntries: Int { 36 / entryLength }
    }

    /// What one router writes.
    public struct Entry: Hashable, Sendable {
        /// Whose time it is; `nil` in the form of times alone, and then only there.
        public var address: IPv4Address?
        /// The time at that router.
        public var timestamp: InternetTimestamp

        /// A time, and whose it is.
        public init(address: IPv4Address?, timestamp: InternetTimestamp) {
            self.address = address
            self.timestamp = timestamp
        }
    }

    /// What an entry is.
    public let form: Form
    /// Every entry, those not filled yet too.
    public var entries: [Entry]
    /// Where the next router writes, counted in bytes from 1 at the option's type: 5 is the first entry, and behind
    /// the last entry means that there is no room left.
    public var pointer: UInt8
    /// Routers that found no room, 0 to 15; higher bits are dropped.
    public var overflow: UInt8

    /// Empty entries for routers to fill, in one of the two forms where they choose themselves.
    public init(emptyEntries count: Int, withAddresses: Bool) {
        let entry = Entry(
            address: withAddresses ? IPv4Address(rawValue: 0) : nil, timestamp: InternetTimestamp(rawValue: 0))
        self.init(
            form: withAddresses ? .withAddresses : .timestampsOnly,
            entries: [Entry](repeating: entry, count: max(0, count)))
    }

    /// Entries for these routers alone.
    public init(prespecified addresses: [IPv4Address]) {
        let entries = addresses.map { Entry(address: $0, timestamp: InternetTimestamp(rawValue: 0)) }
        self.init(form: .prespecified, entries: entries)
    }

    /// An option with all its fields. Addresses are dropped from the form of times alone, and 0.0.0.0 in the others
    /// where there is none.
    public init(form: Form, entries: [Entry], pointer: UInt8 = 5, overflow: UInt8 = 0) {
        self.form = form
        self.pointer = pointer
        self.overflow = overflow
        self.entries = entries.map { entry in
            let address = entry.address ?? IPv4Address(rawValue: 0)
            return Entry(address: form == .timestampsOnly ? nil : address, timestamp: entry.timestamp)
        }
    }

    /// The entries before the pointer: what routers have written.
    public var recorded: ArraySlice<Entry> {
        entries.prefix(max(0, Int(pointer) - Self.firstEntry) / form.entryLength)
    }

    var optionLength: Int { Self.firstEntry - 1 + form.entryLength * entries.count }

    /// `nil` unless the flag is known, entries fill the option and the pointer stands at an entry or behind them all.
    init?(parsing option: RawSpan) {
        guard option.byteCount >= Self.firstEntry - 1, let form = Form(rawValue: option.uint8(at: 3) & 0x0F)
        else { return nil }
        let entryBytes = option.byteCount - (Self.firstEntry - 1)
        let beforePointer = Int(option.uint8(at: 2)) - Self.firstEntry
        guard entryBytes.isMultiple(of: form.entryLength), beforePointer >= 0,
            beforePointer.isMultiple(of: form.entryLength) || beforePointer > entryBytes
        else { return nil }
        self.form = form
        pointer = option.uint8(at: 2)
        overflow = option.uint8(at: 3) >> 4
        entries = (0..<entryBytes / form.entryLength).map { index in
            let end = Self.firstEntry - 1 + (index + 1) * form.entryLength
            return Entry(
                address: form == .timestampsOnly ? nil : option.ipv4Address(at: end - 8),
                timestamp: InternetTimestamp(rawValue: option.uint32(at: end - 4)))
        }
    }

    func serialize(into output: inout OutputRawSpan) {
        output.append(pointer)
        output.append(overflow << 4 | form.rawValue)
        for entry in entries {
            if form != .timestampsOnly { output.append(entry.address ?? IPv4Address(rawValue: 0)) }
            output.append(bigEndian: entry.timestamp.rawValue)
        }
    }

    private static let firstEntry = 5
}
