import Addresses
import Sockets

/// How the kernel is to send probes: what `-i -s -r -d --fwmark` say.
struct TraceRouteRequest {
    /// The interface or VRF to send through.
    private(set) var device: String?
    private(set) var source: IPAddress?
    let bypassesRouting: Bool
    let debugs: Bool
    let mark: UInt32?

    init(_ arguments: TraceArguments) throws(UsageError) {
        bypassesRouting = arguments.bypassRouting
        debugs = arguments.debug
        mark = try UsageError.decimalOrHexadecimal(arguments.mark, option: "--fwmark", atMost: .max)
        if let source = arguments.source {
            do {
                let zoned = try ZonedAddress(parsing: source)
                self.source = zoned.address
                device = zoned.zone
            } catch {
                throw UsageError("invalid -s value: \(error)")
            }
        }
        if let interface = arguments.interface {
            guard NetworkInterface.index(name: interface) != nil else {
                throw UsageError("unknown interface -i '\(interface.forTerminal)'")
            }
            device = interface
        }
    }
}

/// `--asn-server`: whom to ask for autonomous systems, and in which zones.
struct TraceNameServer: Equatable {
    let address: IPAddress
    var port: UInt16 = 53
    /// The zones of the origins of IPv4 and of IPv6 addresses; `nil` for the default.
    let zones: (v4: String?, v6: String?)

    init(_ text: String) throws(UsageError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let wrong = UsageError(
            "invalid --asn-server value: '\(text.forTerminal)': not address[:port][,zone[,zone6]], IPv6 addresses "
                + "in brackets before a port")
        guard parts.count <= 3, let server = parts.first, let (address, port) = Self.endpoint(server) else {
            throw wrong
        }
        let zones = parts.dropFirst().map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
        guard zones.allSatisfy(Self.isZone) else { throw wrong }
        self.address = address
        if let port { self.port = port }
        self.zones = (zones.first, zones.dropFirst().first)
    }

    private static func endpoint(_ text: String) -> (IPAddress, UInt16?)? {
        if let address = try? IPAddress(parsing: text) { return (address, nil) }
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]), port != 0
        else { return bracketed(text[...]).map { ($0, nil) } }
        let host = text[..<colon]
        if let address = bracketed(host) { return (address, port) }
        return (try? IPv4Address(parsing: String(host))).map { (.v4($0), port) }
    }

    private static func bracketed(_ text: Substring) -> IPAddress? {
        guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
        return try? IPAddress(parsing: String(text.dropFirst().dropLast()))
    }

    /// Labels of 1 to 63 letters, digits, hyphens and underscores (RFC 1035 §2.3.1).
    private static func isZone(_ text: String) -> Bool {
        text.utf8.count <= 128
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy {
                        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x5F
                    }
            }
    }

    static func == (left: Self, right: Self) -> Bool {
        (left.address, left.port, left.zones.v4, left.zones.v6) == (
            right.address, right.port, right.zones.v4, right.zones.v6
        )
    }
}
