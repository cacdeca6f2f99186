import CLinux
import Glibc

// The data bases services(5) and protocols(5), by the calls that any thread may make.
extension NameResolution {
    /// The port of a service, in host byte order; `nil` where there is none. The corresponding C function is
    /// `getservbyname_r`; Python's `socket.getservbyname`.
    /// - Parameter transport: "tcp", "udp" or another protocol of the service; `nil` for whichever comes first.
    public static func port(ofService name: String, transport: String? = nil) -> UInt16? {
        // A name with a NUL in it would reach the C library cut short.
        guard !name.utf8.contains(0), transport?.utf8.contains(0) != true else { return nil }
        return withEntry(servent()) { entry, room, count, found in
            getservbyname_r(name, transport, &entry, room, count, &found)
        } reading: {
            UInt16(bigEndian: UInt16(truncatingIfNeeded: $0.s_port))
        }
    }

    /// The name of the service at a port; `nil` where there is none. The corresponding C function is `getservbyport_r`;
    /// Python's `socket.getservbyport`.
    /// - Parameters:
    ///   - port: in host byte order.
    ///   - transport: "tcp", "udp" or another protocol of the service; `nil` for whichever comes first.
    public static func service(atPort port: UInt16, transport: String? = nil) -> String? {
        guard transport?.utf8.contains(0) != true else { return nil }
        return withEntry(servent()) { entry, room, count, found in
            getservbyport_r(Int32(port.bigEndian), transport, &entry, room, count, &found)
        } reading: {
            $0.s_name.map { String(cString: $0) }
        } ?? nil
    }

    /// The protocol of a name such as "icmp"; `nil` where there is none. The corresponding C function is
    /// `getprotobyname_r`; Python's `socket.getprotobyname`.
    public static func proto(named name: String) -> SocketProtocol? {
        guard !name.utf8.contains(0) else { return nil }
        return withEntry(protoent()) { entry, room, count, found in
            getprotobyname_r(name, &entry, room, count, &found)
        } reading: {
            SocketProtocol(rawValue: $0.p_proto)
        }
    }
}
