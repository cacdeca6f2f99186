import Addresses

/// What the addresses of a trace are called, and which autonomous systems they belong to.
struct TraceNames {
    private let looksUpNames: Bool
    private let looksUpSystems: Bool

    init(_ display: TraceDisplay) {
        looksUpNames = display.looksUpNames
        looksUpSystems = display.looksUpSystems
    }

    /// Begins to look an address up.
    func lookUp(_ address: IPAddress) {}

    /// How an address is shown; `nil` while that is worth waiting for.
    func label(_ address: IPAddress) -> String? { finalLabel(address) }

    /// How an address is shown by what is known of it now.
    func finalLabel(_ address: IPAddress) -> String {
        let name = looksUpNames ? "\(address) (\(address))" : "\(address)"
        return looksUpSystems ? "\(name) [\(systems(address))]" : name
    }

    /// The name of an address, as far as it is known.
    func name(_ address: IPAddress) -> String? { nil }

    /// The autonomous systems of an address, as far as they are known.
    func knownSystems(_ address: IPAddress) -> String? { nil }

    /// The name of an address, or the address where it has none.
    func finalName(_ address: IPAddress) -> String { name(address) ?? "\(address)" }

    /// The autonomous systems that an address belongs to, as traceroute has them; `*` where none are known.
    func systems(_ address: IPAddress) -> String { knownSystems(address) ?? "*" }

    /// Whether none of these is worth waiting for any more.
    func knowsAll(_ addresses: [IPAddress]) -> Bool { true }

    /// Waits for what is still looked up, as long as that is worth it.
    func settle() {}
}
