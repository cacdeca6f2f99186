import Glibc
import Testing

@testable import Privileges

@Suite("What the administrator's policy grants")
struct PolicyTests {
    static let ordinary = Caller(userID: 4711, groupID: 4242, isAtSecure: true, sudo: nil)

    /// The rights of somebody in group 4242 by a file of this text.
    static func rights(_ text: String, mode: mode_t = 0o644, owner: uid_t = 0) throws -> Set<PolicyRight> {
        var name = Array("/tmp/policy-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer {
            close(descriptor)
            unlink(path)
        }
        let bytes = Array(text.utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        fchmod(descriptor, mode)
        if owner != 0 { fchown(descriptor, owner, owner) }
        return try Policy.of(ordinary, path: path).rights
    }

    @Test("root may everything, whatever the file says")
    func root() throws {
        let root = Caller(userID: 0, groupID: 0, isAtSecure: false, sudo: nil)
        #expect(try Policy.of(root, path: "/proc/self/mem").rights == Set(PolicyRight.allCases))
    }

    @Test("without a file nothing is granted")
    func noFile() throws {
        #expect(try Policy.of(Self.ordinary, path: "/nonexistent/policy.conf").rights.isEmpty)
        #expect(try Policy.of(Self.ordinary, path: "/etc/passwd/policy.conf").rights.isEmpty)
    }

    @Test(
        "a line is for a group, by number or by name",
        .enabled(if: getuid() == 0),
        arguments: [
            ("allow 4242 flood\n", [PolicyRight.flood]),
            ("  allow\t4242   flood promiscuous   # for the night shift\r\n", [.flood, .promiscuous]),
            ("allow 4242 flood\nallow 4242 craft-tcp", [.flood, .craftTCP]),
            ("allow 4242 all", PolicyRight.allCases),
            ("allow root flood\nallow 4242 forge-source raw-fragments", [.forgeSource, .rawFragments]),
            ("allow 4243 flood", []), ("allow nonexistent-group flood", []),
            ("", []), ("# allow 4242 all\n\n   \n", []),
        ])
    func lines(text: String, rights: [PolicyRight]) throws {
        // Whoever runs this may be in root's group, as the caller's supplementary groups are this process's.
        let expected = text.contains("root") && UserIdentity.groups().contains(0) ? Set(rights + [.flood]) : Set(rights)
        #expect(try Self.rights(text) == expected)
    }

    @Test(
        "a line of another form is named by its number, and nothing is granted",
        .enabled(if: getuid() == 0),
        arguments: [
            ("allow 4242 flood\nallow 4242\n", 2), ("deny 4242 flood", 1), ("allow", 1), ("\n\nallow 4242 floods", 3),
            ("allow 4242 FLOOD", 1), ("allow 4242 flood,promiscuous", 1),
        ])
    func badLines(text: String, line: Int) throws {
        do {
            _ = try Self.rights(text)
            Issue.record("granted")
        } catch let error as PolicyError {
            guard case .badLine(line, _) = error else { return #expect("\(error)" == "", "another line") }
            #expect("\(error)".hasPrefix("/etc/netprobe/policy.conf, line \(line): "))
        }
    }

    @Test("what is wrong with a right is shown without what a terminal would obey", .enabled(if: getuid() == 0))
    func escapes() throws {
        #expect {
            try Self.rights("allow 4242 \u{1B}[31mflood")
        } throws: {
            "\($0)".contains("no right is called '?[31mflood': there are forge-source, craft-tcp")
        }
    }

    @Test(
        "a file that others may have written is not believed", .enabled(if: getuid() == 0),
        arguments: [(0o664, 0), (0o646, 0), (0o644, 4711)])
    func others(mode: mode_t, owner: uid_t) {
        #expect(throws: PolicyError.badFile("others than root may write it: it must be root's, with mode 644")) {
            try Self.rights("allow 4242 all", mode: mode, owner: owner)
        }
    }

    @Test("what is no file, or has no end, is an error and no wait", arguments: ["/dev/zero", "/tmp"])
    func noFile(path: String) {
        #expect(throws: PolicyError.badFile("not a file")) { try Policy.of(Self.ordinary, path: path) }
    }

    @Test("a file longer than anybody writes by hand is refused", .enabled(if: getuid() == 0))
    func longFile() {
        #expect(throws: PolicyError.badFile("longer than 65536 bytes")) {
            try Self.rights(String(repeating: "#", count: 65537))
        }
    }

    @Test("a refusal names the subject, the rule and the file", arguments: PolicyRight.allCases)
    func refusal(right: PolicyRight) throws {
        let policy = Policy(rights: Set(PolicyRight.allCases).subtracting([right]))
        #expect {
            try policy.require(right, for: "what was asked")
        } throws: {
            "\($0)"
                == "what was asked is not for ordinary users: no line 'allow GROUP \(right.rawValue)' in "
                + "/etc/netprobe/policy.conf is for one of your groups"
        }
        for other in PolicyRight.allCases where other != right { try policy.require(other, for: "") }
    }

    @Test("a group's number is that of /etc/group")
    func groupNumber() {
        #expect(UserIdentity.number(ofGroup: "root") == 0)
        #expect(UserIdentity.number(ofGroup: "nonexistent-group") == nil)
        #expect(UserIdentity.number(ofGroup: "") == nil)
    }
}
