import Addresses
import Testing

@testable import ProbingIO

@Suite("Names and texts from a name server")
struct NameResolverTests {
    private func address(_ number: Int) -> IPAddress {
        .v4(IPv4Address(198, 18, UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)))
    }

    @Test("the name of an address is found, over IPv4 and over IPv6", arguments: ["127.0.0.1", "::1"])
    func name(serverAddress: String) throws {
        let lab = try LabNameServer(
            "198.18.0.1 PTR r1.example\n2001:db8::1 PTR r1-v6.example", at: serverAddress)
        let resolver = NameResolver(server: lab.server)
        #expect(try resolver.settledName(of: "198.18.0.1") == .found("r1.example"))
        #expect(try resolver.settledName(of: "2001:db8::1") == .found("r1-v6.example"))
    }

    @Test("nothing is opened before the first look-up, and nothing is waited for after the last")
    func beginning() throws {
        let lab = try LabNameServer("198.18.0.1 PTR r1.example")
        let resolver = NameResolver(server: lab.server)
        #expect(resolver.fileDescriptor == nil)
        #expect(resolver.wakeUp == nil)
        #expect(!resolver.isBusy)
        resolver.lookUpName(of: address(1))
        #expect(resolver.fileDescriptor != nil)
        #expect(resolver.wakeUp != nil)
        #expect(resolver.isBusy)
        #expect(resolver.name(of: address(1)) == .pending)
        #expect(resolver.name(of: address(2)) == .none)
        resolver.settle()
        #expect(resolver.wakeUp == nil)
        #expect(!resolver.isBusy)
    }

    @Test("an address in a delegated part of a zone has a name (RFC 2317)")
    func delegation() throws {
        let lab = try LabNameServer(
            "198.18.0.1 CNAME 1.0/25.0.18.198.in-addr.arpa\n1.0/25.0.18.198.in-addr.arpa PTR r1.example")
        #expect(try NameResolver(server: lab.server).settledName(of: "198.18.0.1") == .found("r1.example"))
    }

    @Test(
        "an address without a name has none",
        arguments: ["CODE 3", "CODE 2", "CODE 5", "CODE 15", "TXT text", "CNAME nowhere.example", "PTR ."])
    func nameless(line: String) throws {
        let lab = try LabNameServer("198.18.0.1 \(line)")
        let resolver = NameResolver(server: lab.server, patience: .milliseconds(20))
        #expect(try resolver.settledName(of: "198.18.0.1") == .none)
    }

    @Test("each address is asked for once")
    func once() throws {
        let lab = try LabNameServer("198.18.0.1 PTR r1.example\n198.18.0.2 CODE 3")
        let resolver = NameResolver(server: lab.server)
        for _ in 0..<3 {
            resolver.lookUpName(of: address(1))
            resolver.lookUpName(of: address(2))
            resolver.settle()
        }
        #expect(lab.asked("1.0.18.198.in-addr.arpa") == "1")
        #expect(lab.asked("2.0.18.198.in-addr.arpa") == "1")
    }

    @Test("a server that answers none of thirty questions before it has them all answers them all")
    func parallel() throws {
        let lab = try LabNameServer("* HOLD 30\n* PTR router.example")
        let resolver = NameResolver(server: lab.server, patience: .seconds(60))
        for number in 1...30 { resolver.lookUpName(of: address(number)) }
        resolver.settle()
        #expect((1...30).allSatisfy { resolver.name(of: address($0)) == .found("router.example") })
    }

    @Test("more questions than are asked at once wait for their turn")
    func many() throws {
        let lab = try LabNameServer("* PTR router.example")
        let resolver = NameResolver(server: lab.server)
        let count = NameResolver.mostAtOnce * 3
        for number in 1...count { resolver.lookUpName(of: address(number)) }
        resolver.settle()
        #expect((1...count).allSatisfy { resolver.name(of: address($0)) == .found("router.example") })
    }

    @Test("a silent server is asked three times, and holds up nobody else's answer")
    func silence() throws {
        let lab = try LabNameServer("198.18.0.1 SILENT\n198.18.0.2 PTR r2.example")
        let resolver = NameResolver(server: lab.server, patience: .milliseconds(100))
        resolver.lookUpName(of: address(1))
        resolver.lookUpName(of: address(2))
        resolver.settle(until: { resolver.name(of: address(2)) != .pending })
        #expect(resolver.name(of: address(1)).isPending && !resolver.name(of: address(2)).isPending)
        #expect(resolver.name(of: address(2)) == .found("r2.example"))
        #expect(resolver.hasFound)
        resolver.settle()
        #expect(resolver.name(of: address(1)) == .none)
        #expect(lab.asked("1.0.18.198.in-addr.arpa") == "3")
    }

    @Test("nobody at the server's port is no name")
    func refused() throws {
        let resolver = NameResolver(server: NameServer(.v4(.loopback), port: 1))
        #expect(try resolver.settledName(of: "198.18.0.1") == .none)
        #expect(!resolver.hasFound)
    }

    @Test("a resolver may end while it waits")
    func ending() throws {
        let lab = try LabNameServer("* SILENT")
        var resolver: NameResolver? = NameResolver(server: lab.server)
        weak let ended = resolver
        for number in 1...NameResolver.mostAtOnce * 2 { resolver?.lookUpName(of: address(number)) }
        resolver = nil
        #expect(ended == nil)
    }

    @Test("an answer that is too long for a datagram comes over TCP")
    func stream() throws {
        let lab = try LabNameServer("198.18.0.1 TRUNCATED\n198.18.0.1 PTR r1.example")
        #expect(try NameResolver(server: lab.server).settledName(of: "198.18.0.1") == .found("r1.example"))
        #expect(lab.asked("1.0.18.198.in-addr.arpa") == "2")
    }

    @Test("texts come record by record, the strings of each put together")
    func texts() throws {
        let long = String(repeating: "0123456789", count: 40)
        let lab = try LabNameServer("a.example TXT one\na.example TXT two | 2\nlong.example TXT \(long)")
        let resolver = NameResolver(server: lab.server)
        #expect(resolver.settledTexts(of: "a.example") == .found(["one", "two | 2"]))
        #expect(resolver.settledTexts(of: "long.example") == .found([long]))
        #expect(resolver.settledTexts(of: "none.example") == .none)
    }

    @Test("texts have a server of their own where one is given")
    func textServer() throws {
        let names = try LabNameServer("198.18.0.1 PTR r1.example\na.example TXT wrong")
        let texts = try LabNameServer("198.18.0.1 PTR wrong.example\na.example TXT right")
        let resolver = NameResolver(server: names.server, textServer: texts.server)
        #expect(try resolver.settledName(of: "198.18.0.1") == .found("r1.example"))
        #expect(resolver.settledTexts(of: "a.example") == .found(["right"]))
    }

    @Test("the autonomous systems of an address are found in a zone of one's own")
    func systems() throws {
        let lab = try LabNameServer(
            """
            *.18.198.as.example TXT 64500 64501 | 198.18.0.0/16 | ZZ
            *.8.b.d.0.1.0.0.2.as6.example TXT 64502 | 2001:db8::/32 | ZZ
            *.19.198.as.example TXT 64500 | 203.0.113.0/24 | ZZ
            """)
        let systems = AutonomousSystems(zone: "as.example", zone6: "as6.example")
        let resolver = NameResolver(textServer: lab.server)
        let addresses = try ["198.18.0.1", "2001:db8::1", "198.19.0.1"].map { try IPAddress(parsing: $0) }
        for address in addresses { resolver.lookUpSystems(of: address, in: systems) }
        #expect(resolver.systems(of: addresses[0], in: systems) == .pending)
        resolver.settle()
        #expect(addresses.map { resolver.systems(of: $0, in: systems).value } == [[64500, 64501], [64502], nil])
    }
}
