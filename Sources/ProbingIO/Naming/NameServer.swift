public import Addresses

/// A name server that is to be asked in place of those of `resolv.conf`.
public struct NameServer: Hashable, Sendable {
    /// Its address.
    public var address: IPAddress
    /// Its port, of UDP and of TCP.
    public var port: UInt16

    /// The server at this address.
    public init(_ address: IPAddress, port: UInt16 = 53) {
        self.address = address
        self.port = port
    }
}

extension NameServer: CustomStringConvertible {
    /// Address and port: `127.0.0.1:53`, `[::1]:53`.
    public var description: String {
        switch address {
        case .v4(let address): "\(address):\(port)"
        case .v6(let address): "[\(address)]:\(port)"
        }
    }
}
