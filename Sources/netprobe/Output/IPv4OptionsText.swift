import Addresses
import Packets

/// The IPv4 options of replies as ping(8) prints them after the line of the reply.
struct IPv4OptionsText {
    private var previousRoute: [IPv4Address]?

    mutating func text(_ options: [IPv4Option], _ name: (IPAddress) -> String) -> String {
        var text = ""
        for option in options {
            switch option {
            case .noOperation: text += "\nNOP"
            case .recordRoute(let record): text += route(Array(record.recorded), name)
            case .looseSourceRoute(let record): text += "\nLSRR: " + addresses(record.recorded, name)
            case .strictSourceRoute(let record): text += "\nSSRR: " + addresses(record.recorded, name)
            case .timestamp(let timestamps): text += self.timestamps(timestamps, name)
            case .routerAlert, .security, .streamIdentifier, .unknown, .malformed:
                text += "\nunknown option \(String(option.type, radix: 16))"
            }
        }
        return text
    }

    private mutating func route(_ route: [IPv4Address], _ name: (IPAddress) -> String) -> String {
        guard !route.isEmpty else { return "" }
        guard route != previousRoute else { return "\t(same route)" }
        previousRoute = route
        return "\nRR: " + addresses(route[...], name)
    }

    private func addresses(_ addresses: ArraySlice<IPv4Address>, _ name: (IPAddress) -> String) -> String {
        addresses.map { "\t\(name(.v4($0)))\n" }.joined()
    }

    /// The first time of each kind in full, the others as the difference from the one before.
    private func timestamps(_ option: IPv4TimestampOption, _ name: (IPAddress) -> String) -> String {
        guard !option.recorded.isEmpty else { return "" }
        var text = "\nTS: "
        var standard: Int64?
        var nonstandard: Int64?
        for entry in option.recorded {
            if let address = entry.address { text += "\t\(name(.v4(address)))" }
            if let milliseconds = entry.timestamp.millisecondsSinceMidnight.map(Int64.init) {
                text += standard.map { "\t\(milliseconds - $0)" } ?? "\t\(milliseconds) absolute"
                standard = milliseconds
            } else {
                let value = Int64(entry.timestamp.rawValue & 0x7FFF_FFFF)
                text += nonstandard.map { "\t\(value - $0) not-standard" } ?? "\t\(value) absolute not-standard"
                nonstandard = value
            }
            text += "\n"
        }
        if option.overflow > 0 { text += "Unrecorded hops: \(option.overflow)\n" }
        return text
    }
}
