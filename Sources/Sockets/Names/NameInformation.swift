import CLinux
import Glibc

/// The names of a host and a service, or the texts of their numbers.
public struct NameInformation: Hashable, Sendable {
    /// How `getnameinfo` is to answer: `NI_`.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// `NI_NUMERICHOST`: the text of the address, and nobody is asked for a name.
        public static let numericHost = Flags(rawValue: NI_NUMERICHOST)
        /// `NI_NUMERICSERV`: the port as a number.
        public static let numericService = Flags(rawValue: NI_NUMERICSERV)
        /// `NI_NAMEREQD`: a host without a name is an error.
        public static let nameRequired = Flags(rawValue: NI_NAMEREQD)
        /// `NI_NOFQDN`: of a host in this host's domain only the first part of its name.
        public static let noDomain = Flags(rawValue: NI_NOFQDN)
        /// `NI_DGRAM`: the service is one of UDP, where TCP has another at the port.
        public static let datagram = Flags(rawValue: NI_DGRAM)
        /// `NI_IDN`: an encoded name is decoded (RFC 3490).
        public static let internationalized = Flags(rawValue: 32)
    }

    /// The host's name, or the text of its address with its zone.
    public let host: String
    /// The service's name of services(5), or the port.
    public let service: String
}

extension NameResolution {
    /// Looks up the names of an address and its port. The corresponding C function is `getnameinfo`; Python's
    /// `socket.getnameinfo`.
    /// - Throws: `EAI_NONAME` for a host without a name where one is required, `EAI_FAMILY` for an address outside the
    ///   Internet families and Unix; `EAI_AGAIN` where a later attempt may succeed.
    public static func nameInformation(
        of address: SocketAddress, flags: NameInformation.Flags = []
    ) throws(NameResolutionError) -> NameInformation {
        let hostRoom = Int(NI_MAXHOST)
        let (result, names) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: hostRoom + Int(NI_MAXSERV)) {
            room in
            let service = room.baseAddress.map { $0 + hostRoom }
            let result = address.withSockaddr {
                CallResult(
                    getnameinfo(
                        $0, $1, room.baseAddress, socklen_t(hostRoom), service, socklen_t(NI_MAXSERV), flags.rawValue))
            }
            guard result.value == 0, let host = room.baseAddress, let service else {
                return (result, NameInformation?.none)
            }
            return (result, NameInformation(host: String(cString: host), service: String(cString: service)))
        }
        try NameResolutionError.check(result, "\(address)")
        guard let names else { throw NameResolutionError(code: EAI_NONAME, name: "\(address)") }
        return names
    }
}
