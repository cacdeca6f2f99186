import Addresses
import ProbingIO

/// `--asn-server`: whom to ask for autonomous systems, and in which zones.
struct TraceNameServer: Equatable {
    let server: NameServer
    let zones: AutonomousSystems

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
        self.server = port.map { NameServer(address, port: $0) } ?? NameServer(address)
        self.zones = AutonomousSystems(zone: zones.first, zone6: zones.dropFirst().first)
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
}
