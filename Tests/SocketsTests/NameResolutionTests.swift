import Addresses
import Glibc
import Sockets
import Testing

@Suite struct NameResolutionTests {
    private func failure(resolving name: String, family: IPFamily? = nil) -> NameResolutionError? {
        do throws(NameResolutionError) {
            _ = try NameResolution.addresses(of: name, family: family)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "the text of an address stands for itself",
        arguments: [
            ("198.18.0.1", .ipv4(IPv4Address(rawValue: 0xC612_0001), port: 0)), ("::1", .ipv6(.loopback, port: 0)),
            ("::ffff:127.0.0.1", .ipv6(IPv6Address(mapping: .loopback), port: 0)),
        ] as [(String, SocketAddress)])
    func literal(text: String, address: SocketAddress) throws {
        #expect(try NameResolution.addresses(of: text).addresses == [address])
    }

    @Test("a scope is the index of its interface")
    func scope() throws {
        let index = try #require(NetworkInterface.index(name: "lo"))
        let address = SocketAddress.ipv6(IPv6Address(rawValue: 0xFE80 << 112 | 1), port: 0, scopeID: index)
        #expect(try NameResolution.addresses(of: "fe80::1%lo").addresses == [address])
        #expect(try NameResolution.addresses(of: "fe80::1%\(index)").addresses == [address])
    }

    @Test("a scope that no interface has: EAI_NONAME")
    func unknownScope() {
        #expect(failure(resolving: "fe80::1%nosuch0")?.code == EAI_NONAME)
    }

    @Test("localhost is this host, by a name of its own")
    func localhost() throws {
        let answer = try NameResolution.addresses(of: "localhost")
        #expect(answer.addresses.allSatisfy { $0.ipAddress?.isLoopback == true })
        #expect(answer.canonicalName?.isEmpty == false)
    }

    @Test("only addresses of the family asked for come")
    func family() throws {
        let answer = try NameResolution.addresses(of: "localhost", family: .v4)
        #expect(answer.addresses == [Loopback.ipv4.address()])
    }

    @Test("an address of the other family: EAI_ADDRFAMILY, and its text")
    func otherFamily() {
        let error = failure(resolving: "127.0.0.1", family: .v6)
        #expect(error == .noAddressOfFamily("127.0.0.1"))
        #expect(error?.description == "Address family for hostname not supported")
    }

    @Test(
        "what can be no name: EAI_NONAME, and the name that was asked for",
        arguments: ["", "127.0.0.1\0", "127.0.0.1\0.example", "\0", "127.0.0.1 x", "a b"])
    func noName(name: String) {
        let error = failure(resolving: name)
        #expect(error?.code == EAI_NONAME)
        #expect(error?.name == name)
    }

    @Test(
        "without a network, an unknown name is a failure that may pass, with the C library's text",
        .enabled(if: Machine.isIsolated, "a name server might be asked"))
    func unknownName() {
        let error = failure(resolving: "unknown.invalid")
        #expect(error?.code == EAI_AGAIN)
        #expect(error?.description == "Temporary failure in name resolution")
        #expect(error?.name == "unknown.invalid")
    }

    // RFC 1035 §2.3.4: 63 bytes a label, 255 a name.
    @Test(
        "a name that is longer than names are is refused",
        .enabled(if: Machine.isIsolated, "a name server might be asked"),
        arguments: [String(repeating: "a", count: 300), String(repeating: "a.", count: 150)])
    func longName(name: String) {
        let error = failure(resolving: name)
        #expect(error.map { [EAI_NONAME, EAI_FAIL].contains($0.code) } == true)
    }

    @Test("the name of an address leads back to it")
    func reverse() throws {
        let name = try #require(NameResolution.name(of: Loopback.ipv4.address()))
        #expect(try NameResolution.addresses(of: name).addresses.contains(Loopback.ipv4.address()))
    }

    @Test("an address without a name has none", .enabled(if: Machine.isIsolated, "a name server might be asked"))
    func noReverse() {
        #expect(NameResolution.name(of: .ipv4(IPv4Address(rawValue: 0xC612_0001), port: 0)) == nil)
    }
}
