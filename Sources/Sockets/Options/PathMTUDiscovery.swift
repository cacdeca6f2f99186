import CLinux
import Glibc

/// What the kernel does about the path MTU of what a socket sends: `IP_MTU_DISCOVER`, ip(7), and `IPV6_MTU_DISCOVER`.
public enum PathMTUDiscovery: Int32, SocketOptionValue {
    /// Never sets "don't fragment"; fragments what is too large.
    case dont = 0
    /// Sets "don't fragment" while the datagram fits the known path MTU, fragments it otherwise.
    case want = 1
    /// Always sets "don't fragment"; what is larger than the known path MTU is refused with `EMSGSIZE`.
    case `do` = 2
    /// Always sets "don't fragment" and ignores the known path MTU.
    case probe = 3
    /// Never sets "don't fragment", and neither uses nor learns a path MTU: the interface's counts, and what is larger
    /// is refused with `EMSGSIZE`.
    case interface = 4
    /// As `interface`, and fragments what is larger.
    case omit = 5
}

extension SocketOption where Value == PathMTUDiscovery {
    /// `IP_MTU_DISCOVER`.
    public static var ipv4PathMTUDiscovery: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_MTU_DISCOVER, name: "IP_MTU_DISCOVER")
    }
    /// `IPV6_MTU_DISCOVER`.
    public static var ipv6PathMTUDiscovery: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_MTU_DISCOVER, name: "IPV6_MTU_DISCOVER")
    }
}
