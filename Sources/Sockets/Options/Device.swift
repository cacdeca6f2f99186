import CLinux
import Glibc
import SystemPackage

extension Socket {
    /// Sends and receives through one interface only, by name; a VRF's name selects its routing table.
    /// The corresponding C option is `SO_BINDTODEVICE`, socket(7).
    /// - Throws: `ENODEV` where no interface has the name, `EPERM` from a process that may not take a socket off
    ///   another interface.
    public func bind(toDevice name: String) throws(SocketError) {
        let operation = SocketOperation.setOption("SO_BINDTODEVICE \(name)")
        var name = name
        let result = name.withUTF8 { name in
            // The kernel would cut a longer name, or one with a NUL, to one that may exist; an empty name unbinds.
            guard (1..<Int(IF_NAMESIZE)).contains(name.count), !name.contains(0) else { return CallResult?.none }
            return CallResult(
                setsockopt(
                    fileDescriptor.rawValue, SOL_SOCKET, SO_BINDTODEVICE, name.baseAddress, socklen_t(name.count)))
        }
        guard let result else { throw .failed(operation, nil, Errno(rawValue: ENODEV)) }
        try result.check(operation)
    }

    /// Sends and receives through any interface again. The corresponding C option is `SO_BINDTODEVICE`.
    /// - Throws: `EPERM` from a process that may not take a socket off an interface.
    public func unbindDevice() throws(SocketError) { try setOption(.device, to: "") }

    /// The name of the one interface that the socket sends and receives through; `nil` for any. The corresponding C
    /// option is `SO_BINDTODEVICE`.
    public func boundDevice() throws(SocketError) -> String? {
        let name = try option(.device)
        return name.isEmpty ? nil : name
    }
}

extension SocketOption where Value == String {
    fileprivate static var device: Self { .init(level: SOL_SOCKET, number: SO_BINDTODEVICE, name: "SO_BINDTODEVICE") }
}
