/// An address together with the zone that says on which link it is meant (RFC 4007), as `fe80::1%eth0`.
///
/// Only an IPv6 address can have a zone, and the zone is the name or the index of an interface as it was written: this
/// library does not ask the system whether there is such an interface. A zone is 1 to 15 bytes long, holds no slash and
/// nothing that acts on a terminal, and is neither `.` nor `..`.
public struct ZonedAddress: Hashable, Sendable {
    /// The address.
    public let address: IPAddress
    /// The name of an interface, or its index in decimal; `nil` if the address has no zone.
    public let zone: String?

    /// Makes an address without a zone.
    public init(_ address: IPAddress) {
        self.address = address
        zone = nil
    }

    /// Makes an address with a zone, or without if `zone` is `nil`.
    ///
    /// - Throws: ``AddressError`` if the address is IPv4, or no interface can have the name.
    public init(address: IPAddress, zone: String?) throws(AddressError) {
        guard let zone else {
            self.init(address)
            return
        }
        let text = "\(address)%\(zone)"
        let bytes = text.utf8.span
        try self.init(address, zone: bytes.count - zone.utf8.count..<bytes.count, of: bytes)
    }

    private init(_ address: IPAddress, zone range: Range<Int>, of text: Span<UInt8>) throws(AddressError) {
        let start = range.lowerBound
        guard address.family == .v6 else { throw AddressError(.zoneOnIPv4, in: text, at: start - 1) }
        guard !range.isEmpty else { throw AddressError(.emptyZone, in: text, at: start) }
        guard range.count <= 15 else { throw AddressError(.zoneTooLong, in: text, at: start) }
        let zone = String(decoding: range.map { text[$0] }, as: UTF8.self)
        guard zone != ".", zone != ".." else { throw AddressError(.malformedZone, in: text, at: start) }
        var offset = start
        for scalar in zone.unicodeScalars {
            let isAllowed = scalar.isPrintable && scalar != "/" && scalar != "%" && scalar != " "
            guard isAllowed, scalar != "\u{fffd}" else { throw AddressError(.malformedZone, in: text, at: offset) }
            offset += UTF8.width(scalar)
        }
        self.address = address
        self.zone = zone
    }
}

extension ZonedAddress: LosslessStringConvertible {
    /// Reads an address of either family, behind which `%` and a zone may stand (RFC 4007 §11.2).
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    public init(parsingUTF8 text: Span<UInt8>) throws(AddressError) {
        guard let percent = text.firstIndex(of: .percent) else {
            self.init(try IPAddress(parsingUTF8: text))
            return
        }
        let address: IPAddress
        do throws(AddressError) {
            address = try IPAddress(parsingUTF8: text.extracting(0..<percent))
        } catch {
            throw error.moved(into: text, by: 0)
        }
        try self.init(address, zone: percent + 1..<text.count, of: text)
    }

    /// Reads an address of either family, behind which `%` and a zone may stand (RFC 4007 §11.2).
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    @inlinable
    public init(parsing text: some StringProtocol) throws(AddressError) {
        let text = String(text)
        try self.init(parsingUTF8: text.utf8.span)
    }

    /// Reads an address with or without a zone, or returns `nil` where ``init(parsing:)`` throws.
    @inlinable
    public init?(_ description: String) {
        do throws(AddressError) { try self.init(parsing: description) } catch { return nil }
    }

    /// The address, and the zone behind a `%` if there is one.
    public var description: String {
        guard let zone else { return address.description }
        return "\(address)%\(zone)"
    }
}

extension ZonedAddress: Comparable {
    /// By address, then by zone; an address without a zone comes first.
    public static func < (left: ZonedAddress, right: ZonedAddress) -> Bool {
        guard left.address == right.address else { return left.address < right.address }
        guard let rightZone = right.zone else { return false }
        guard let leftZone = left.zone else { return true }
        return leftZone < rightZone
    }
}
