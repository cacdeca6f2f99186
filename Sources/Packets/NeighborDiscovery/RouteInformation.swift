import Addresses

/// A route through the router that is not the default route, in a router advertisement (RFC 4191 section 2.3).
public struct RouteInformation: Hashable, Sendable {
    /// What is behind the router.
    public var prefix: IPv6Address
    /// The prefix's bits, 0 to 128; parsing lets any number pass.
    public var prefixLength: UInt8
    /// Which of two routers to the same prefix to take first.
    public var preference: RouterPreference
    /// For how many seconds the route is good; all ones for ever.
    public var routeLifetime: UInt32
    /// The option's length in units of eight bytes, 1 to 3: how much of the prefix is written. `nil` for what the
    /// prefix length needs; parsing keeps another.
    public var lengthUnits: UInt8?

    /// A route to `prefix`.
    public init(
        prefix: IPv6Address, prefixLength: UInt8, preference: RouterPreference = .medium, routeLifetime: UInt32,
        lengthUnits: UInt8? = nil
    ) {
        self.prefix = prefix
        self.prefixLength = prefixLength
        self.preference = preference
        self.routeLifetime = routeLifetime
        self.lengthUnits = lengthUnits
    }
}

extension RouteInformation {
    /// Bytes of the option, type and length included.
    var optionLength: Int { Int(min(max(lengthUnits ?? neededUnits, 1), 3)) * 8 }

    private var neededUnits: UInt8 { prefixLength == 0 ? 1 : prefixLength <= 64 ? 2 : 3 }

    /// `option` has 8, 16 or 24 bytes: the caller has counted them.
    init(parsing option: RawSpan) {
        prefixLength = option.uint8(at: 2)
        preference = RouterPreference(in: option.uint8(at: 3))
        routeLifetime = option.uint32(at: 4)
        let written = (8..<option.byteCount).reduce(0 as UInt128) { $0 << 8 | UInt128(option.uint8(at: $1)) }
        prefix = IPv6Address(rawValue: written << (8 * (24 - option.byteCount)))
        let units = UInt8(option.byteCount / 8)
        lengthUnits = units == neededUnits ? nil : units
    }

    /// Appends what follows type and length.
    func serialize(into output: inout OutputRawSpan) {
        output.append(prefixLength)
        output.append(preference.bits)
        output.append(bigEndian: routeLifetime)
        if optionLength >= 16 { output.append(bigEndian: UInt64(truncatingIfNeeded: prefix.rawValue >> 64)) }
        if optionLength >= 24 { output.append(bigEndian: UInt64(truncatingIfNeeded: prefix.rawValue)) }
    }

    func fields(of option: RawSpan) -> [Field] {
        let fields: [Field] = [
            .number("Prefix length", prefixLength, 2..<3),
            .hexadecimal(
                "Flags", option.uint8(at: 3), 3..<4,
                fields: [.number("Route preference", preference.rawValue, 3..<4, meaning: preference.description)]),
            .lifetime("Route lifetime", routeLifetime, 4..<8),
        ]
        return fields + (option.byteCount > 8 ? [.text("Prefix", prefix, 8..<option.byteCount)] : [])
    }
}
