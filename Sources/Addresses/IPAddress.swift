/// An IP address of either family. All IPv4 addresses come before all IPv6 addresses; an IPv4-mapped IPv6 address is an
/// IPv6 address.
public enum IPAddress: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// An IPv4 address.
    case v4(IPv4Address)
    /// An IPv6 address.
    case v6(IPv6Address)

    /// Wraps an IPv4 address.
    @inlinable
    public init(_ address: IPv4Address) {
        self = .v4(address)
    }

    /// Wraps an IPv6 address.
    @inlinable
    public init(_ address: IPv6Address) {
        self = .v6(address)
    }

    /// Makes an address of its bytes in network order: 4 for IPv4, 16 for IPv6, `nil` for any other number of them.
    public init?(bytes: some Collection<UInt8>) {
        if let address = IPv4Address(bytes: bytes) {
            self = .v4(address)
        } else if let address = IPv6Address(bytes: bytes) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// Which of the two it is.
    @inlinable
    public var family: IPFamily {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }
}

extension IPAddress {
    /// Reads an address of either family; one with a colon in it is taken for IPv6.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    public init(parsingUTF8 text: Span<UInt8>) throws(AddressError) {
        if text.firstIndex(of: .colon) != nil {
            self = .v6(try IPv6Address(parsingUTF8: text))
        } else {
            self = .v4(try IPv4Address(parsingUTF8: text))
        }
    }

    /// Reads an address of either family; one with a colon in it is taken for IPv6.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    @inlinable
    public init(parsing text: some StringProtocol) throws(AddressError) {
        let text = String(text)
        try self.init(parsingUTF8: text.utf8.span)
    }

    /// Reads an address of either family, or returns `nil` where ``init(parsing:)`` throws.
    @inlinable
    public init?(_ description: String) {
        do throws(AddressError) { try self.init(parsing: description) } catch { return nil }
    }

    /// Dotted decimal, or the canonical text of RFC 5952.
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }

    /// Appends ``description`` to UTF-8, without a string in between.
    public func append(to text: inout [UInt8]) {
        switch self {
        case .v4(let address): address.append(to: &text)
        case .v6(let address): address.append(to: &text)
        }
    }
}

extension IPAddress {
    /// Whether this is 0.0.0.0 or ::.
    @inlinable
    public var isUnspecified: Bool {
        switch self {
        case .v4(let address): address.isUnspecified
        case .v6(let address): address.isUnspecified
        }
    }

    /// Whether this address belongs to 127.0.0.0/8, or is ::1.
    @inlinable
    public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.isLoopback
        case .v6(let address): address.isLoopback
        }
    }

    /// Whether this is the address of a group: 224.0.0.0/4 or ff00::/8.
    @inlinable
    public var isMulticast: Bool {
        switch self {
        case .v4(let address): address.isMulticast
        case .v6(let address): address.isMulticast
        }
    }

    /// Whether this is a unicast address of 169.254.0.0/16 or fe80::/10.
    @inlinable
    public var isLinkLocal: Bool {
        switch self {
        case .v4(let address): address.isLinkLocal
        case .v6(let address): address.isLinkLocal
        }
    }

    /// The 4 or 16 bytes of the address in network order.
    public var bytes: [UInt8] {
        switch self {
        case .v4(let address): address.bytes
        case .v6(let address): address.bytes
        }
    }

    /// Lends the 4 or 16 bytes of the address, in network order, for the length of a call. Nothing is allocated.
    ///
    /// - Throws: What `body` throws.
    @inlinable
    public func withBytes<Result, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch self {
        case .v4(let address): try address.withBytes(body)
        case .v6(let address): try address.withBytes(body)
        }
    }
}
