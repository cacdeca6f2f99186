import Glibc
import Sockets
import Testing

/// `getaddrinfo` and `getnameinfo` in full, next to Python's.
@Suite struct AddressInformationTests {
    private func failure(
        host: String?, service: String? = nil, flags: AddressInformation.Flags = [], family: SocketFamily? = nil
    ) -> Int32? {
        do throws(NameResolutionError) {
            _ = try NameResolution.addressInformation(host: host, service: service, family: family, flags: flags)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "the entries are those that Python gets", .enabled(if: Machine.hasPython),
        arguments: [
            ("127.0.0.1", "80", 0, 0), ("::1", "http", 0, 0), ("127.0.0.1", "domain", 2, 0), ("localhost", "443", 2, 1),
            ("", "7", 0, 2), ("", "7", 10, 1),
        ] as [(String, String, Int32, Int32)])
    func asPython(host: String, service: String, family: Int32, type: Int32) throws {
        let script = """
            h, s, f, t = sys.argv[1:]
            for e in socket.getaddrinfo(h or None, s, int(f), int(t), 0, socket.AI_PASSIVE):
                print(int(e[0]), int(e[1]), e[2], e[4][0], e[4][1])
            """
        let peer = try #require(PythonPeer(script, host, service, "\(family)", "\(type)"))
        let entries = try NameResolution.addressInformation(
            host: host.isEmpty ? nil : host, service: service,
            family: family == 0 ? nil : SocketFamily(rawValue: family),
            type: type == 0 ? nil : SocketType(rawValue: type), flags: .passive)
        for entry in entries {
            let address = try #require(entry.address.ipAddress)
            let port = try #require(entry.address.port)
            let numbers = "\(entry.family.rawValue) \(entry.type.rawValue) \(entry.proto.rawValue)"
            #expect(peer.line() == "\(numbers) \(address) \(port)")
        }
        #expect(peer.line() == "")
    }

    @Test("the first entry, and it alone, tells the official name where it was asked for")
    func canonicalName() throws {
        let entries = try NameResolution.addressInformation(host: "127.0.0.1", flags: .canonicalName)
        #expect(entries.map(\.canonicalName) == ["127.0.0.1"] + entries.dropFirst().map { _ in nil })
        #expect(try NameResolution.addressInformation(host: "127.0.0.1").first?.canonicalName == nil)
    }

    @Test("without a host, this host")
    func noHost() throws {
        let entries = try NameResolution.addressInformation(host: nil, service: "9", family: .ipv4, type: .stream)
        #expect(entries.map(\.address) == [Loopback.ipv4.address(port: 9)])
    }

    @Test("neither host nor service: EAI_NONAME")
    func nothing() { #expect(failure(host: nil) == EAI_NONAME) }

    @Test("a name where only the text of an address is allowed: EAI_NONAME")
    func numericHost() { #expect(failure(host: "localhost", flags: .numericHost) == EAI_NONAME) }

    @Test("a service's name where only a number is allowed: EAI_NONAME")
    func numericService() {
        #expect(failure(host: "127.0.0.1", service: "http", flags: .numericService) == EAI_NONAME)
    }

    @Test("a service that does not exist, or has a NUL in it: EAI_SERVICE", arguments: ["nosuch", "80\0", "http\0x"])
    func noService(name: String) { #expect(failure(host: "127.0.0.1", service: name) == EAI_SERVICE) }

    @Test("a family that has no names: EAI_FAMILY")
    func noFamily() { #expect(failure(host: "127.0.0.1", family: .netlink) == EAI_FAMILY) }

    @Test("flags that do not exist: EAI_BADFLAGS")
    func badFlags() { #expect(failure(host: "127.0.0.1", flags: .init(rawValue: 1 << 30)) == EAI_BADFLAGS) }

    @Test(
        "a host that can be no name is refused before anyone is asked",
        arguments: ["127.0.0.1\0", String(repeating: "a.", count: 150), String(repeating: "a", count: 300)])
    func noName(name: String) { #expect(failure(host: name) == EAI_NONAME) }

    @Test(
        "the names of an address and its port are those that Python gets", .enabled(if: Machine.hasPython),
        arguments: [
            (80, []), (514, []), (514, .datagram), (80, [.numericHost, .numericService]), (9, .numericService),
        ]
            as [(UInt16, NameInformation.Flags)])
    func names(port: UInt16, flags: NameInformation.Flags) throws {
        let names = try NameResolution.nameInformation(of: Loopback.ipv4.address(port: port), flags: flags)
        let script = "print(*socket.getnameinfo(('127.0.0.1', int(sys.argv[1])), int(sys.argv[2])))"
        let peer = try #require(PythonPeer(script, "\(port)", "\(flags.rawValue)"))
        #expect(peer.line() == "\(names.host) \(names.service)")
    }

    @Test("the text of an IPv6 address has its zone")
    func zone() throws {
        let address = try #require(try NameResolution.addresses(of: "fe80::1%lo").addresses.first)
        #expect(try NameResolution.nameInformation(of: address, flags: .numericHost).host == "fe80::1%lo")
    }

    @Test("an address without names: EAI_FAMILY, and the address")
    func noNames() {
        let error = #expect(throws: NameResolutionError.self) {
            _ = try NameResolution.nameInformation(of: .netlink(portID: 7))
        }
        #expect(error?.code == EAI_FAMILY && error?.name == "netlink port 7")
    }
}
