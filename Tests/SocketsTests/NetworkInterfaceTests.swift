import Sockets
import Testing

@Suite struct NetworkInterfaceTests {
    @Test("an interface is found by its name, and its name by the index")
    func bothWays() throws {
        let index = try #require(NetworkInterface.index(name: "lo"))
        #expect(NetworkInterface.name(index: index) == "lo")
    }

    @Test(
        "a name that no interface has, has no index",
        arguments: ["", "nosuch0", "lo ", "a-name-of-sixteen", "lo\0", "lo\0x", String(repeating: "l", count: 300)])
    func unknownName(name: String) {
        #expect(NetworkInterface.index(name: name) == nil)
    }

    @Test("an index that no interface has, has no name", arguments: [0, 4_000_000_000, .max] as [UInt32])
    func unknownIndex(index: UInt32) {
        #expect(NetworkInterface.name(index: index) == nil)
    }
}
