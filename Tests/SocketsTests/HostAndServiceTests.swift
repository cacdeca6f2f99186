import Addresses
import Glibc
import Sockets
import Testing

/// Hosts, services and protocols by name and number, next to Python's.
@Suite(.enabled(if: Machine.hasPython)) struct HostAndServiceTests {
    private func python(_ expression: String) -> String? {
        PythonPeer("try: print(\(expression))\nexcept OSError: print('nil')")?.line()
    }

    @Test("the name of this host is the one that Python tells")
    func hostName() { #expect(NameResolution.hostName == python("socket.gethostname()")) }

    @Test(
        "a host's IPv4 address is the text that Python tells",
        arguments: ["localhost", "127.0.0.1", "", "<broadcast>", "127.1"])
    func ipv4Address(name: String) throws {
        #expect("\(try NameResolution.ipv4Address(of: name))" == python("socket.gethostbyname('\(name)')"))
    }

    @Test("a host without an IPv4 address has none: EAI_ADDRFAMILY")
    func noIPv4Address() {
        let error = #expect(throws: NameResolutionError.self) { _ = try NameResolution.ipv4Address(of: "::1") }
        #expect(error == .noAddressOfFamily("::1"))
    }

    @Test("a host by its address: its names and addresses are those that Python tells")
    func hostByAddress() throws {
        let host = try NameResolution.host(of: .v4(.loopback))
        let addresses = host.addresses.map { "\($0)" }
        let text = "(\(quoted(host.name)), [\(host.aliases.map(quoted).joined(separator: ", "))], \(list(addresses)))"
        #expect(text == python("socket.gethostbyaddr('127.0.0.1')"))
    }

    private func quoted(_ text: String) -> String { "'\(text)'" }
    private func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ", "))]" }

    @Test(
        "an address that no host has is an error", .enabled(if: Machine.isIsolated, "a name server might be asked"),
        arguments: ["198.18.0.1", "2001:db8::1"])
    func noHost(text: String) throws {
        let address = try #require(IPAddress(text))
        let error = #expect(throws: NameResolutionError.self) { _ = try NameResolution.host(of: address) }
        #expect(error?.name == text)
    }

    @Test(
        "ports of services",
        arguments: [("http", "tcp"), ("domain", "udp"), ("syslog", "udp"), ("syslog", "tcp"), ("nosuch", "tcp")])
    func port(name: String, transport: String) {
        let port = NameResolution.port(ofService: name, transport: transport)
        #expect((port.map { "\($0)" } ?? "nil") == python("socket.getservbyname('\(name)', '\(transport)')"))
    }

    @Test(
        "services at ports",
        arguments: [(80, "tcp"), (53, "udp"), (514, "tcp"), (514, "udp"), (65_535, "tcp"), (0, "tcp")]
            as [(UInt16, String)])
    func service(port: UInt16, transport: String) {
        let name = NameResolution.service(atPort: port, transport: transport)
        #expect((name ?? "nil") == python("socket.getservbyport(\(port), '\(transport)')"))
    }

    @Test("of any transport, a service has the port that Python tells")
    func anyTransport() {
        #expect(NameResolution.port(ofService: "http") == 80)
        #expect(NameResolution.service(atPort: 80) == "http")
    }

    @Test("protocols", arguments: ["icmp", "tcp", "udp", "ipv6-icmp", "sctp", "nosuch"])
    func proto(name: String) {
        let proto = NameResolution.proto(named: name)
        #expect((proto.map { "\($0.rawValue)" } ?? "nil") == python("socket.getprotobyname('\(name)')"))
    }

    @Test(
        "names with a NUL in them, and endless ones, are of nothing",
        arguments: ["tcp\0", "http\0", "", String(repeating: "a", count: 100_000)])
    func nothing(name: String) {
        #expect(NameResolution.port(ofService: name) == nil)
        #expect(NameResolution.port(ofService: "http", transport: name) == nil)
        #expect(NameResolution.service(atPort: 80, transport: name) == nil)
        #expect(NameResolution.proto(named: name) == nil)
    }

    @Test("many threads look up at the same time, and each gets its own answer")
    func threads() async {
        await withTaskGroup { group in
            for round in 0..<200 {
                group.addTask {
                    round % 2 == 0
                        ? NameResolution.port(ofService: "http", transport: "tcp") == 80
                        : NameResolution.service(atPort: 53, transport: "udp") == "domain"
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test("the interfaces are those that Python lists")
    func interfaces() throws {
        // Other tests make interfaces, which may come or go in between.
        let isListed = try (0..<10).contains { _ in
            let interfaces = try NetworkInterface.all().map { "(\($0.index), '\($0.name)')" }
            return "[\(interfaces.joined(separator: ", "))]" == python("socket.if_nameindex()")
        }
        #expect(isListed)
    }

    @Test(
        "addresses are the bytes that inet_pton makes, and back the text of inet_ntop",
        arguments: ["127.0.0.1", "2001:db8::1", "::ffff:198.18.0.1"])
    func textAndBytes(text: String) throws {
        let address = try #require(IPAddress(text))
        let bytes: [UInt8] =
            switch address {
            case .v4(let address): withUnsafeBytes(of: address.rawValue.bigEndian) { Array($0) }
            case .v6(let address): withUnsafeBytes(of: address.rawValue.bigEndian) { Array($0) }
            }
        let family = text.contains(":") ? "socket.AF_INET6" : "socket.AF_INET"
        #expect("\(bytes)" == python("list(socket.inet_pton(\(family), '\(text)'))"))
        #expect("\(address)" == python("socket.inet_ntop(\(family), bytes(\(bytes)))"))
    }

    @Test("the standard library's byte order is that of htons and htonl")
    func byteOrder() {
        #expect("\((0x1234 as UInt16).bigEndian)" == python("socket.htons(0x1234)"))
        #expect("\((0x1234_5678 as UInt32).bigEndian)" == python("socket.htonl(0x12345678)"))
        #expect("\(UInt16(bigEndian: 0x1234))" == python("socket.ntohs(0x1234)"))
    }
}
