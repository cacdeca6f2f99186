import CLibcap

/// A Linux capability: one piece of what root may do (capabilities(7)).
///
/// The corresponding C type is `cap_value_t`.
public struct Capability: RawRepresentable, Hashable, Sendable {
    /// The number of the capability as the kernel counts them, from 0.
    public let rawValue: cap_value_t

    /// The capability with this number. The number is not checked against what the kernel knows.
    public init(rawValue: cap_value_t) {
        self.rawValue = rawValue
    }

    /// Open raw and packet sockets, bind to any address for transparent proxying (`CAP_NET_RAW`).
    public static var netRaw: Capability { Capability(rawValue: CAP_NET_RAW) }
    /// Configure the network; here: privileged socket options such as `SO_MARK` (`CAP_NET_ADMIN`).
    public static var netAdmin: Capability { Capability(rawValue: CAP_NET_ADMIN) }
    /// Bind to ports below 1024 (`CAP_NET_BIND_SERVICE`).
    public static var netBindService: Capability { Capability(rawValue: CAP_NET_BIND_SERVICE) }
    /// Read files whoever they belong to (`CAP_DAC_READ_SEARCH`); only root keeps it until step 4.
    public static var readFiles: Capability { Capability(rawValue: CAP_DAC_READ_SEARCH) }
    /// Write files whoever they belong to (`CAP_DAC_OVERRIDE`); only root keeps it until step 4.
    public static var writeFiles: Capability { Capability(rawValue: CAP_DAC_OVERRIDE) }

    /// Change group ids and groups (`CAP_SETGID`); only ever used to leave root.
    static var setGroupID: Capability { Capability(rawValue: CAP_SETGID) }
    /// Change user ids (`CAP_SETUID`); only ever used to leave root.
    static var setUserID: Capability { Capability(rawValue: CAP_SETUID) }
    /// Shrink the bounding set (`CAP_SETPCAP`); only ever used for that.
    static var setCapabilities: Capability { Capability(rawValue: CAP_SETPCAP) }
}

extension Capability: CustomStringConvertible {
    /// The name as setcap(8) spells it, such as `cap_net_raw`, or the number where no name is known here.
    public var description: String {
        switch self {
        case .netRaw: "cap_net_raw"
        case .netAdmin: "cap_net_admin"
        case .netBindService: "cap_net_bind_service"
        case .readFiles: "cap_dac_read_search"
        case .writeFiles: "cap_dac_override"
        case .setGroupID: "cap_setgid"
        case .setUserID: "cap_setuid"
        case .setCapabilities: "cap_setpcap"
        default: "capability \(rawValue)"
        }
    }
}
