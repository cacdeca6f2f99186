import Addresses
import Glibc
import Testing

@testable import Sockets

@Suite struct SocketAddressTests {
    private static let ipv4 = SocketAddress.ipv4(IPv4Address(rawValue: 0xC612_0001), port: 0x1234)
    private static let ipv6 = SocketAddress.ipv6(.loopback, port: 0x1234, scopeID: 7, flowInformation: 0x000A_BCDE)

    private static func stored(_ address: SocketAddress) -> [UInt8] {
        var storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { bytes in
            guard let start = bytes.baseAddress else { return [] }
            return Array(bytes.prefix(Int(address.store(to: start))))
        }
    }

    private static func loaded(_ bytes: [UInt8], length: Int? = nil) -> SocketAddress? {
        bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.flatMap { SocketAddress(loading: $0, length: socklen_t(length ?? bytes.count)) }
        }
    }

    // <netinet/in.h>: the family in host byte order, port and address in network order, eight bytes of padding.
    @Test("an IPv4 address is laid out as struct sockaddr_in")
    func ipv4Layout() {
        let family = withUnsafeBytes(of: sa_family_t(AF_INET)) { Array($0) }
        #expect(Self.stored(Self.ipv4) == family + [0x12, 0x34, 198, 18, 0, 1] + [UInt8](repeating: 0, count: 8))
    }

    // RFC 3493 §3.3: flow information in network order, the scope in host byte order.
    @Test("an IPv6 address is laid out as struct sockaddr_in6")
    func ipv6Layout() {
        let family = withUnsafeBytes(of: sa_family_t(AF_INET6)) { Array($0) }
        let scope = withUnsafeBytes(of: UInt32(7)) { Array($0) }
        #expect(
            Self.stored(Self.ipv6)
                == family + [0x12, 0x34, 0x00, 0x0A, 0xBC, 0xDE] + [UInt8](repeating: 0, count: 15) + [1] + scope)
    }

    private static let others: [SocketAddress] = [
        .netlink(portID: 7, groups: 3), .vsock(contextID: 1, port: 70_000), .unix(.unnamed),
        .tipc(TIPCAddress(.service(type: 70, instance: 7, node: 9))),
        .tipc(TIPCAddress(.serviceRange(type: 70, 1...9), scope: .node)),
        .tipc(TIPCAddress(.socket(node: 0x1001, reference: 5))),
    ]

    @Test("what was stored is loaded again", arguments: [ipv4, ipv6] + others)
    func roundTrip(address: SocketAddress) {
        #expect(Self.loaded(Self.stored(address)) == address)
    }

    @Test("a structure cut short is no address", arguments: [ipv4, ipv6])
    func cutShort(address: SocketAddress) {
        let bytes = Self.stored(address)
        #expect((0..<bytes.count).allSatisfy { Self.loaded(bytes, length: $0) == nil })
    }

    @Test("a structure of no family is no address, and one of a family not known here keeps its bytes")
    func otherFamilies() {
        let bytes: [UInt8] = [0, 0] + (1...14)
        #expect(Self.loaded(bytes) == nil)
        let other = Self.loaded([5, 0] + (1...14))
        #expect(other == .other(SocketFamily(rawValue: 5), Array(1...14)))
        #expect(other.map(Self.stored) == [5, 0] + (1...14))
    }

    @Test(
        "text shows the scope by its interface's name, and the port as a URI does",
        arguments: [
            (ipv4, "198.18.0.1:4660"), (.ipv4(.loopback, port: 0), "127.0.0.1"),
            (.ipv6(.loopback, port: 80), "[::1]:80"), (.ipv6(.loopback, port: 0), "::1"),
            (.ipv6(.loopback, port: 0, scopeID: 4_000_000_000), "::1%4000000000"),
        ] as [(SocketAddress, String)])
    func text(address: SocketAddress, text: String) {
        #expect(address.description == text)
    }

    @Test("an interface that exists is shown by its name")
    func interfaceName() throws {
        let index = try #require(NetworkInterface.index(name: "lo"))
        #expect(SocketAddress.ipv6(.loopback, port: 9, scopeID: index).description == "[::1%lo]:9")
    }
}
