import Testing

@testable import Privileges

@Suite("Whom the process becomes")
struct DestinationTests {
    /// What Linux 6.18 shows in the first namespace, and after `unshare -Ur` by user 1000.
    static let everyone = Array("         0          0 4294967295\n".utf8)
    static let single = Array("         0       1000          1\n".utf8)
    /// The map of a rootless container: itself as 0, and 65,536 subordinate ids from 100000.
    static let container = Array("         0       1000          1\n         1     100000      65536\n".utf8)

    static func namespace(_ map: [UInt8]?, _ setGroups: String = "allow\n") -> UserNamespace {
        UserNamespace(userMap: map, groupMap: map, setGroups: Array(setGroups.utf8))
    }

    static let sudo = UserIdentity(userID: 1000, groupID: 100)

    static func root(sudo: UserIdentity? = nil) -> Caller {
        Caller(userID: 0, groupID: 0, isAtSecure: false, sudo: sudo)
    }

    @Test("root becomes nobody where nobody exists", arguments: [everyone, container])
    func nobody(map: [UInt8]) throws {
        #expect(try Destination(of: Self.root(), in: Self.namespace(map)) == .nobody(.nobody))
    }

    @Test("root becomes the user of sudo where that user exists")
    func sudoUser() throws {
        let destination = try Destination(of: Self.root(sudo: Self.sudo), in: Self.namespace(Self.everyone))
        #expect(destination == .invokingUser(Self.sudo))
    }

    @Test("root becomes nobody where the user of sudo does not exist")
    func unmappedSudoUser() throws {
        let stranger = UserIdentity(userID: 70000, groupID: 70000)
        let destination = try Destination(of: Self.root(sudo: stranger), in: Self.namespace(Self.container))
        #expect(destination == .nobody(.nobody))
    }

    @Test("the root of a namespace with no one else stays, and is known for its number outside")
    func namespaceRoot() throws {
        let destination = try Destination(of: Self.root(), in: Self.namespace(Self.single))
        #expect(destination == .namespaceRoot(UserIdentity(userID: 0, groupID: 0), outsideUserID: 1000))
    }

    @Test(
        "a namespace whose map is empty or unreadable has no one to be", arguments: ["", "0 0\n", "0 x 1\n", "1 1 1\n"])
    func noMap(map: String) {
        #expect(throws: PrivilegeError.self) {
            try Destination(of: Self.root(), in: Self.namespace(Array(map.utf8)))
        }
    }

    @Test("a range of ids ends before its count, even at the last id there is")
    func rangeEnd() {
        let namespace = Self.namespace(Self.everyone)
        #expect(namespace.outside(ofUser: 4_294_967_294) == 4_294_967_294)
        #expect(namespace.outside(ofUser: 4_294_967_295) == nil)
        #expect(Self.namespace(Self.container).outside(ofUser: 65534) == 165533)
    }

    @Test("groups can be left where the namespace allows it")
    func setGroups() {
        #expect(Self.namespace(Self.everyone).allowsSetGroups)
        #expect(!Self.namespace(Self.single, "deny\n").allowsSetGroups)
    }

    @Test(
        "an ordinary id is digits that write neither root nor the unchanged id",
        arguments: [
            ("1", 1), ("1000", 1000), ("4294967294", 4_294_967_294), ("0", nil), ("4294967295", nil), ("", nil),
            ("-1", nil), ("+1", nil), (" 1", nil), ("1\n", nil), ("10000000000", nil), ("99999999999999999999", nil),
        ] as [(String, UInt32?)])
    func ordinaryID(text: String, id: UInt32?) {
        #expect(Caller.ordinaryID(text.utf8.map(CChar.init(bitPattern:))) == id)
    }
}
