import Addresses
import Sockets

/// Addresses as people want to read them: with their names, looked up once each, or as numbers.
struct AddressNames {
    private let looksUp: Bool
    private var names: [IPAddress: String] = [:]

    init(looksUp: Bool) { self.looksUp = looksUp }

    /// `name (address)`, or the address alone where it has no name or none is wanted.
    mutating func text(_ address: IPAddress, scopeID: UInt32 = 0) -> String {
        guard looksUp else { return SocketAddress(address, scopeID: scopeID).description }
        if let known = names[address] { return known }
        // Whoever answers from ever new addresses does not fill the memory.
        if names.count >= 1024 { names.removeAll() }
        let socketAddress = SocketAddress(address, scopeID: scopeID)
        let name = NameResolution.name(of: socketAddress).map { $0.forTerminal }
        let text = name.map { "\($0) (\(socketAddress))" } ?? socketAddress.description
        names[address] = text
        return text
    }
}
