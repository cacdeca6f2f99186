import Glibc
import Testing

@testable import Privileges

/// What holds after step 4, whoever started the process.
private func expectNothingIsLeft(_ probe: Probe, sourceLocation: SourceLocation = #_sourceLocation) {
    let gone = ["CapInh", "CapPrm", "CapEff", "CapAmb"].map { probe["given.\($0)"] }
    #expect(gone == [String](repeating: "0000000000000000", count: 4), sourceLocation: sourceLocation)
    #expect(probe["given.NoNewPrivs"] == "1", sourceLocation: sourceLocation)
    #expect(probe["given.Seccomp"] == "2", sourceLocation: sourceLocation)
    #expect(probe["raw_socket"] == "EPERM", sourceLocation: sourceLocation)
    #expect(probe.end == .exit(0), "\(probe.text)", sourceLocation: sourceLocation)
}

@Suite("The life of a process")
struct LifeOfAProcessTests {
    static let nobody = "65534 65534 65534 65534"
    static let user = "1000 1000 1000 1000"

    @Test("nothing is left after step 4, with any filter", arguments: ["base", "names", "connections"])
    func nothingIsLeft(filter: String) {
        expectNothingIsLeft(Probe.run(filter))
    }

    @Test(
        "parked, root keeps what opens sockets and files and what leaves root, and none of it in force",
        .enabled(if: Machine.isRoot, "needs root"))
    func parkedRoot() {
        let probe = Probe.run()
        // cap_dac_override 1, cap_dac_read_search 2, cap_setgid 6, cap_setuid 7, cap_setpcap 8,
        // cap_net_bind_service 10, cap_net_admin 12, cap_net_raw 13.
        #expect(probe["parked.CapPrm"] == "00000000000035c6")
        #expect(probe["parked.CapEff"] == "0000000000000000")
    }

    @Test(
        "a raw socket opens while its capability is raised, and only then",
        .enabled(if: Machine.opensRawSockets, "needs a raw socket"))
    func raising() {
        let probe = Probe.run()
        #expect(probe["parked_raw_socket"] == "EPERM")
        #expect(probe["raised_raw_socket"] == "ok")
        #expect(probe["lowered_raw_socket"] == "EPERM")
    }

    @Test("a body that throws leaves nothing raised", .enabled(if: Machine.opensRawSockets, "needs a raw socket"))
    func raisingThrows() {
        let probe = Probe.run()
        #expect(probe["throwing_raised_raw_socket"] == "ok")
        #expect(probe["lowered_raw_socket"] == "EPERM")
    }

    @Test(
        "root becomes nobody, leaves its groups and its bounding set",
        .enabled(if: Machine.isRootAmongUsers, "needs root, and other users to become"))
    func rootBecomesNobody() {
        let probe = Probe.run(through: ["setpriv", "--groups", "0,4,27"])
        #expect(probe["given.Uid"] == Self.nobody)
        #expect(probe["given.Gid"] == Self.nobody)
        #expect(probe["given.Groups"] == "")
        #expect(probe["given.CapBnd"] == "0000000000000000")
        expectNothingIsLeft(probe)
    }

    @Test(
        "root becomes the user of sudo", .enabled(if: Machine.isRootAmongUsers, "needs root, and other users to become")
    )
    func rootBecomesSudoUser() {
        let probe = Probe.run(environment: ["SUDO_UID=1000", "SUDO_GID=1000"])
        #expect(probe["given.Uid"] == Self.user)
        #expect(probe["given.Gid"] == Self.user)
        expectNothingIsLeft(probe)
    }

    @Test(
        "a SUDO_UID that is no ordinary user's number is no one's",
        .enabled(if: Machine.isRootAmongUsers, "needs root, and other users to become"),
        arguments: ["0", "", "+1000", "1000 ", "4294967295", "4294968296", "0x3e8"])
    func strangeSudoUser(number: String) {
        #expect(Probe.run(environment: ["SUDO_UID=\(number)", "SUDO_GID=1000"])["given.Uid"] == Self.nobody)
    }

    @Test(
        "an ordinary user stays who it is, whatever SUDO_UID says",
        .enabled(if: Machine.runsProbeAsUser, "needs root, to become an ordinary user"))
    func ordinaryUser() throws {
        let copy = try #require(ProbeCopy())
        let probe = Probe.run(
            through: Machine.asUser, copy: copy.path, environment: ["SUDO_UID=1001", "SUDO_GID=1001"])
        #expect(probe["holds_net_raw"] == "false")
        #expect(probe["raised_raw_socket"] == "EPERM")
        #expect(probe["given.Uid"] == Self.user)
        expectNothingIsLeft(probe)
    }

    @Test(
        "the root of a user namespace with no other user stays, and is named for what it is outside",
        .enabled(if: Machine.makesUserNamespaces, "needs user namespaces"))
    func namespaceRoot() {
        let probe = Probe.run(through: ["unshare", "-Urn"])
        #expect(probe["raised_raw_socket"] == "ok")
        #expect(probe["given.Uid"] == "0 0 0 0")
        #expect(probe["given"]?.contains("root of this user namespace, outside it user \(geteuid())") == true)
        expectNothingIsLeft(probe)
    }

    @Test(
        "a user whom its namespace does not map, and who can't become anyone, still gives everything away",
        .enabled(if: Machine.makesUserNamespaces, "needs user namespaces"))
    func unmappedUser() {
        let probe = Probe.run(through: ["unshare", "-U"])
        #expect(probe["caller"] == "65534:65534")
        expectNothingIsLeft(probe)
    }

    @Test("a second thread stops step 4, since it would keep everything")
    func secondThread() {
        let probe = Probe.run("thread")
        #expect(probe["error"] == "can't prove that all privileges are gone (there is more than one thread)")
        #expect(probe.end == .exit(3))
    }

    @Test("closed standard descriptors are opened on /dev/null before anything else takes their numbers")
    func closedDescriptors() throws {
        let copy = try #require(ProbeCopy())
        let report = copy.directory + "/report"
        let run = Probe.run(["sh", "-c", "exec \"$0\" to \"$1\" <&- >&- 2>&-", Probe.path, report])
        #expect(run.end == .exit(0))
        let text = Probe.run(["cat", report])
        #expect(text["null_descriptors"] == "0 1 2")
        #expect(text["report_descriptor"] == "3")
    }
}

@Suite(
    "A file that grants privileges",
    .enabled(if: Machine.filesGrantPrivileges, "needs root among users, and a /tmp that is not nosuid"))
struct GrantingFileTests {
    @Test(
        "file capabilities are parked, raised for a socket, and gone, whether granted as permitted or in force",
        arguments: ["cap_net_raw=p", "cap_net_raw=ep", "cap_net_raw,cap_sys_admin=ep"])
    func fileCapabilities(grant: String) throws {
        let copy = try #require(ProbeCopy(grant: ["setcap", grant]))
        let probe = Probe.run(through: Machine.asUser, copy: copy.path)
        #expect(probe["parked.CapPrm"] == "0000000000002000")
        #expect(probe["parked.CapEff"] == "0000000000000000")
        #expect(probe["raised_raw_socket"] == "ok")
        #expect(probe["lowered_raw_socket"] == "EPERM")
        #expect(probe["given.Uid"] == LifeOfAProcessTests.user)
        expectNothingIsLeft(probe)
    }

    @Test("the caller of a set-user-ID root file is itself again from the first step, and holds what opens sockets")
    func setUserID() throws {
        let copy = try #require(ProbeCopy(grant: ["chmod", "6755"]))
        let probe = Probe.run(through: Machine.asUser, copy: copy.path)
        #expect(probe["at_secure"] == "true")
        #expect(probe["caller_is_root"] == "false")
        #expect(probe["parked.Uid"] == LifeOfAProcessTests.user)
        #expect(probe["parked.Gid"] == LifeOfAProcessTests.user)
        #expect(probe["raised_raw_socket"] == "ok")
        #expect(probe["given.Uid"] == LifeOfAProcessTests.user)
        #expect(probe["given.CapBnd"] == "0000000000000000")
        expectNothingIsLeft(probe)
    }

    @Test("the environment of a less privileged caller keeps only what says how to print")
    func environment() throws {
        let copy = try #require(ProbeCopy(grant: ["setcap", "cap_net_raw=p"]))
        let hostile = ["HOSTALIASES=/etc/shadow", "RES_OPTIONS=debug", "TZ=:/etc/shadow", "LANG=../../x", "SUDO_UID=1"]
        let harmless = ["TERM=xterm-256color", "COLUMNS=120", "LC_ALL=C.UTF-8", "NO_COLOR=1"]
        let probe = Probe.run(through: Machine.asUser, copy: copy.path, environment: hostile + harmless)
        #expect(probe["environment"] == "COLUMNS LC_ALL NO_COLOR TERM")
    }
}
