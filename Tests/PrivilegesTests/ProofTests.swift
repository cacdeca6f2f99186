import Testing

@testable import Privileges

/// The lines that matter of /proc/self/status of a process that has given everything away: Linux 6.18, started as root.
private let status = """
    Name:\tPrivilegesProbe
    State:\tR (running)
    Uid:\t65534\t65534\t65534\t65534
    Gid:\t65534\t65534\t65534\t65534
    Groups:\t 
    Threads:\t1
    CapInh:\t0000000000000000
    CapPrm:\t0000000000000000
    CapEff:\t0000000000000000
    CapBnd:\t0000000000000000
    CapAmb:\t0000000000000000
    NoNewPrivs:\t1
    Seccomp:\t2
    Seccomp_filters:\t1

    """

private let given = Given(
    destination: .nobody(.nobody), leftGroups: true, emptiedBoundingSet: true, filter: .base
)

@Suite("The proof of step 4")
struct ProofTests {
    @Test("a status without privileges is a proof")
    func holds() throws {
        try Proof.nothingIsLeft(in: ProcessStatus(Array(status.utf8)), after: given)
    }

    @Test(
        "one value that is not as intended is no proof",
        arguments: [
            ("Uid", "65534\t65534\t0\t65534"), ("Gid", "65534\t65534\t65534\t0"), ("Groups", "27"), ("Threads", "2"),
            ("CapInh", "0000000000002000"), ("CapPrm", "0000000000002000"), ("CapEff", "0000000000002000"),
            ("CapBnd", "000001ffffffffff"), ("CapAmb", "0000000000002000"), ("NoNewPrivs", "0"), ("Seccomp", "0"),
            ("Seccomp", "1"), ("CapEff", ""), ("CapEff", "zero"),
        ])
    func leftover(field: String, value: String) {
        let lines = status.split(separator: "\n").map { $0.hasPrefix("\(field):") ? "\(field):\t\(value)" : String($0) }
        let changed = ProcessStatus(Array(lines.joined(separator: "\n").utf8))
        #expect(throws: PrivilegeError(.verify, "\(field) of /proc/self/status")) {
            try Proof.nothingIsLeft(in: changed, after: given)
        }
    }

    @Test(
        "a line that the kernel does not give is a proof that is missing",
        arguments: [
            "Uid", "Gid", "Groups", "Threads", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs",
            "Seccomp",
        ])
    func missing(field: String) {
        let lines = status.split(separator: "\n").filter { !$0.hasPrefix("\(field):") }
        #expect(throws: PrivilegeError(.verify, "\(field) of /proc/self/status")) {
            try Proof.nothingIsLeft(in: ProcessStatus(Array(lines.joined(separator: "\n").utf8)), after: given)
        }
    }

    @Test("an error is one line that names the step, the thing and the reason")
    func errorLine() {
        let error = PrivilegeError(.changeIdentity, "setresuid 65534", errno: .notPermitted)
        #expect(error.description == "can't change user and groups (setresuid 65534): Operation not permitted")
    }
}
