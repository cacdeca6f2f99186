import CLinux
import Glibc

// The options of unix(7), level SOL_SOCKET.
extension SocketOption where Value == Bool {
    /// `SO_PASSCRED`: messages carry the process, user and group of their sender.
    public static var receiveCredentials: Self { .init(level: SOL_SOCKET, number: SO_PASSCRED, name: "SO_PASSCRED") }
}

extension ProcessCredentials: SocketOptionValue {
    public static var optionRoom: Int { MemoryLayout<ucred>.size }

    public init?(optionBytes bytes: [UInt8]) {
        guard let credentials = bytes.loaded(as: ucred.self) else { return nil }
        self.init(credentials)
    }

    public func optionBytes() throws(SocketError) -> [UInt8] { [UInt8](layingOut: c) }
}

extension SocketOption where Value == ProcessCredentials {
    /// `SO_PEERCRED`: who connected, listened or made the pair, as it was then. It can be read only.
    public static var peerCredentials: Self { .init(level: SOL_SOCKET, number: SO_PEERCRED, name: "SO_PEERCRED") }
}
