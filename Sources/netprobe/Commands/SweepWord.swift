import Addresses

/// What one word among the targets of a sweep stands for.
enum SweepWord {
    /// An address, with its zone, called by the word.
    case address(ZonedAddress)
    /// Addresses that are called by themselves.
    case range(SweepRange)
    /// What is to be looked up.
    case name(String)

    /// Reads a name or an address as fping(8) does; and where `withRanges`, a prefix or a range.
    init(_ word: String, withRanges: Bool) throws(UsageError) {
        if let address = Self.address(word) {
            self = .address(address)
        } else if withRanges, let range = try SweepRange(word) {
            self = .range(range)
        } else {
            self = .name(word)
        }
    }

    /// The forms of getaddrinfo(3).
    static func address(_ word: String) -> ZonedAddress? {
        if word.utf8.contains(UInt8(ascii: ":")) { return ZonedAddress(word) }
        guard word.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false else { return nil }
        return (try? IPv4Address(parsingClassic: word)).map { ZonedAddress(.v4($0)) }
    }
}

/// Addresses from one to another of the same family and zone.
struct SweepRange: Equatable {
    let first: IPAddress
    let last: IPAddress
    /// The interface on which link-local ones are meant.
    let zone: String?

    /// More than these are not probed with a record of each.
    static let most: UInt128 = 1 << 24

    /// How many addresses there are; of all IPv6 addresses, one less.
    var count: UInt128 {
        switch (first, last) {
        case (.v4(let first), .v4(let last)): AddressRange(first: first, last: last)?.count ?? 0
        case (.v6(let first), .v6(let last)): AddressRange(first: first, last: last).map { $0.count ?? .max } ?? 0
        default: 0
        }
    }

    /// The address that comes so many after the first, which the range has to hold.
    subscript(index: UInt64) -> IPAddress {
        switch first {
        case .v4(let first): .v4(IPv4Address(rawValue: first.rawValue &+ UInt32(truncatingIfNeeded: index)))
        case .v6(let first): .v6(IPv6Address(rawValue: first.rawValue &+ UInt128(index)))
        }
    }

    /// Reads a prefix, without the addresses of the network itself and of all its hosts as fping(8) has it, or two
    /// addresses with a hyphen between them; `nil` for what looks like neither.
    init?(_ word: String) throws(UsageError) {
        if word.utf8.contains(UInt8(ascii: "/")) {
            self = try Self.hosts(ofPrefix: word)
            return
        }
        // A zone may hold a hyphen too. Whole addresses only: 10-20 is a name.
        var wrongEnd: String?
        for hyphen in word.indices where word[hyphen] == "-" {
            guard let first = ZonedAddress(word[..<hyphen].description) else { continue }
            let end = String(word[word.index(after: hyphen)...])
            guard let last = ZonedAddress(end) else {
                wrongEnd = wrongEnd ?? end
                continue
            }
            try self.init(from: first, to: last)
            return
        }
        guard let wrongEnd else { return nil }
        throw UsageError("'\(word.forTerminal)': '\(wrongEnd.forTerminal)' is no address to end a range with")
    }

    /// Addresses from one to another.
    init(from first: ZonedAddress, to last: ZonedAddress) throws(UsageError) {
        let words = "\(first)-\(last)"
        guard first.address.family == last.address.family else {
            throw UsageError("\(words): the range begins in one family and ends in the other")
        }
        guard first.zone == last.zone else {
            throw UsageError("\(words): different scopes for start and end addresses")
        }
        guard first.address <= last.address else { throw UsageError("\(words): the range ends before it starts") }
        (self.first, self.last, zone) = (first.address, last.address, first.zone)
    }

    /// All addresses of a prefix, with its network's own and the broadcast address.
    init(prefix word: String) throws(UsageError) {
        let (address, length, zone) = try Self.parts(ofPrefix: word)
        self.zone = zone
        switch address {
        case .v4(let address):
            let prefix = Prefix(address, length: length)
            (first, last) = (.v4(prefix.first), .v4(prefix.last))
        case .v6(let address):
            let prefix = Prefix(address, length: length)
            (first, last) = (.v6(prefix.first), .v6(prefix.last))
        }
    }

    private init(_ first: IPAddress, _ last: IPAddress, zone: String?) {
        (self.first, self.last, self.zone) = (first, last, zone)
    }

    private static func hosts(ofPrefix word: String) throws(UsageError) -> SweepRange {
        let all = try SweepRange(prefix: word)
        guard case (.v4(let first), .v4(let last)) = (all.first, all.last), last.rawValue - first.rawValue > 1 else {
            return all
        }
        return SweepRange(
            .v4(IPv4Address(rawValue: first.rawValue + 1)), .v4(IPv4Address(rawValue: last.rawValue - 1)), zone: nil)
    }

    private static func parts(ofPrefix word: String) throws(UsageError) -> (IPAddress, length: Int, zone: String?) {
        // The zone stands behind the address, which ends at the slash.
        let slash = word.lastIndex(of: "/") ?? word.endIndex
        let zoned: ZonedAddress
        do throws(AddressError) { zoned = try ZonedAddress(parsing: word[..<slash]) } catch {
            throw UsageError("'\(word.forTerminal)': \(error)")
        }
        let bits = zoned.address.family == .v4 ? IPv4Address.bitCount : IPv6Address.bitCount
        let digits = word[slash...].dropFirst()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(digits), length <= bits else {
            throw UsageError(
                "'\(word.forTerminal)': netmask must be between 0 and \(bits) (is: '\(digits.forTerminal)')")
        }
        return (zoned.address, length, zoned.zone)
    }

    /// Checks that there are not more addresses than are probed with a record of each.
    func checkCount(_ word: String) throws(UsageError) {
        guard count > Self.most else { return }
        throw UsageError(
            "'\(word.forTerminal)': more addresses than the \(Self.most) of which records are kept: --scan keeps none")
    }
}
