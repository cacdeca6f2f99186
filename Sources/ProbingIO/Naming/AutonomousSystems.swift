public import Addresses

/// The autonomous systems that announce an address to the world, as a zone of the domain name system has them.
///
/// Such a zone has a TXT record `64500 | 198.51.100.0/24 | …` at the reversed octets or nibbles of each address: all
/// systems that announce a prefix, the prefix, and what else there is to say. Team Cymru runs those of the Internet.
public struct AutonomousSystems: Hashable, Sendable {
    /// The zone in which IPv4 addresses stand.
    public var zone: String
    /// The zone in which IPv6 addresses stand.
    public var zone6: String

    /// More systems than these for one address are not shown.
    static var most: Int { 8 }

    /// The zones of Team Cymru, or others in their place.
    public init(zone: String? = nil, zone6: String? = nil) {
        self.zone = zone ?? Self.publicZone
        self.zone6 = zone6 ?? Self.publicZone6
    }

    private static var publicZone: String { "origin.asn.cymru.com" }
    private static var publicZone6: String { "origin6.asn.cymru.com" }

    /// The name whose TXT records tell of an address; `nil` where the zone can't know of it.
    ///
    /// No one announces private addresses to the world, so the public zones are not told of them; another zone may be
    /// that of a private network.
    public func name(for address: IPAddress) -> String? {
        switch address {
        case .v4(let address):
            guard zone != Self.publicZone || !address.isPrivateToSomeone else { return nil }
            return address.bytes.reversed().map { "\($0)." }.joined() + zone
        case .v6(let address):
            guard zone6 != Self.publicZone6 || !address.isPrivateToSomeone else { return nil }
            let nibbles = address.bytes.reversed().flatMap { [$0 & 0xF, $0 >> 4] }
            return nibbles.map { String($0, radix: 16) + "." }.joined() + zone6
        }
    }

    /// The systems that announce an address, by the records about it: those of the longest prefix, in the records'
    /// order. Records that make no sense, or are about a prefix without this address, count for nothing.
    public static func numbers(for address: IPAddress, in records: [String]) -> [UInt32] {
        var longest = -1
        var numbers: [UInt32] = []
        for record in records {
            let fields = record.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count >= 2, let prefix = fields[1].split(separator: " ").first,
                let length = prefixLength(String(prefix), with: address)
            else { continue }
            let found = fields[0].split(separator: " ").compactMap(number)
            guard !found.isEmpty, length >= longest else { continue }
            if length > longest { numbers = [] }
            longest = length
            for number in found where !numbers.contains(number) && numbers.count < most { numbers.append(number) }
        }
        return numbers
    }

    /// The length of a prefix, if it is one to which the address belongs.
    private static func prefixLength(_ text: String, with address: IPAddress) -> Int? {
        switch address {
        case .v4(let address): IPv4Prefix(text).flatMap { $0.contains(address) ? $0.length : nil }
        case .v6(let address): IPv6Prefix(text).flatMap { $0.contains(address) ? $0.length : nil }
        }
    }

    /// A number in decimal digits; none is 0 (RFC 7607).
    private static func number(_ text: Substring) -> UInt32? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt32(text) else { return nil }
        return number == 0 ? nil : number
    }
}

extension NameResolver {
    /// Begins to look up the autonomous systems of an address.
    public func lookUpSystems(of address: IPAddress, in systems: AutonomousSystems) {
        if let name = systems.name(for: address) { lookUpTexts(of: name) }
    }

    /// The autonomous systems of an address; `.none` also where they were not looked up.
    public func systems(of address: IPAddress, in systems: AutonomousSystems) -> LookUp<[UInt32]> {
        guard let name = systems.name(for: address) else { return .none }
        return texts(of: name).map { records in
            let numbers = AutonomousSystems.numbers(for: address, in: records)
            return numbers.isEmpty ? nil : numbers
        }
    }
}

extension IPv4Address {
    /// Whether it means something only in someone's own network (RFC 1918, RFC 6598, RFC 3927, loopback, groups).
    fileprivate var isPrivateToSomeone: Bool {
        let shared = rawValue >> 22 == 100 << 2 | 1
        return shared || isPrivate || isLoopback || isLinkLocal || isMulticast || isUnspecified
    }
}

extension IPv6Address {
    /// Whether it means something only in someone's own network (RFC 4193, RFC 4291).
    fileprivate var isPrivateToSomeone: Bool {
        isUniqueLocal || isLoopback || isLinkLocal || isMulticast || isUnspecified
    }
}
