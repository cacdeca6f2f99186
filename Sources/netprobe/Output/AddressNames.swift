import Addresses
import Sockets

/// Addresses as people want to read them: with their names, looked up once each, or as numbers.
struct AddressNames {
    private let looksUp: Bool
    private var names: [IPAddress: String?] = [:]

    init(looksUp: Bool) { self.looksUp = looksUp }

    /// `name (address)`, or the address alone where it has no name or none is wanted.
    mutating func text(_ address: IPAddress, scopeID: UInt32 = 0) -> String {
        let text = SocketAddress(address, scopeID: scopeID).description
        return name(of: address, scopeID: scopeID).map { "\($0.forTerminal) (\(text))" } ?? text
    }

    /// The name of an address, `nil` where it has none or none is wanted. It comes from the network: nothing about it
    /// is believed.
    mutating func name(of address: IPAddress, scopeID: UInt32 = 0) -> String? {
        guard looksUp else { return nil }
        if let known = names[address] { return known }
        // Whoever answers from ever new addresses does not fill the memory.
        if names.count >= 1024 { names.removeAll() }
        let name = NameResolution.name(of: SocketAddress(address, scopeID: scopeID))
        names[address] = .some(name)
        return name
    }
}
