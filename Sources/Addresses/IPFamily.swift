/// The two versions of the Internet Protocol.
public enum IPFamily: Hashable, Comparable, CaseIterable, Sendable, CustomStringConvertible {
    /// IPv4 (RFC 791). C calls it `AF_INET`.
    case v4
    /// IPv6 (RFC 8200). C calls it `AF_INET6`.
    case v6

    /// `IPv4` or `IPv6`.
    public var description: String {
        switch self {
        case .v4: "IPv4"
        case .v6: "IPv6"
        }
    }
}
