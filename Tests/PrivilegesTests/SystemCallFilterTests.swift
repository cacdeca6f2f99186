import Glibc
import Testing

@testable import Privileges

@Suite("The system-call filter")
struct SystemCallFilterTests {
    @Test(
        "no filter lets a raw or packet socket, a file for writing, executable memory, a child or a typed key through",
        arguments: [
            "raw_socket", "raw_socket_ipv6", "packet_socket", "other_netlink_socket", "write_file", "executable_memory",
            "child", "signal_to_parent", "typed_for_user",
        ])
    func refused(attempt: String) {
        #expect(Probe.run()[attempt] == "EPERM")
        #expect(Probe.run("names")[attempt] == "EPERM")
        #expect(Probe.run("names", "threads")[attempt] == "EPERM")
        #expect(Probe.run("connections", "files")[attempt] == "EPERM")
    }

    @Test("only the filter for connections lets a program listen")
    func listening() {
        #expect(Probe.run("connections")["listener"] == "ok")
        #expect(Probe.run("names")["listener"] == "EPERM")
        #expect(Probe.run()["listener"] == "EPERM")
    }

    @Test("threads can be begun only where that was asked for")
    func threads() {
        #expect(Probe.run("names", "threads")["thread"] == "ok")
        #expect(Probe.run("names")["thread"] == "EPERM")
        #expect(Probe.run("connections")["thread"] == "EPERM")
        #expect(Probe.run()["thread"] == "EPERM")
    }

    @Test("files can be removed only where that was asked for")
    func removing() {
        #expect(Probe.run("connections", "files")["remove_file"] == "ok")
        #expect(Probe.run("connections")["remove_file"] == "EPERM")
        #expect(Probe.run("names")["remove_file"] == "EPERM")
    }

    @Test("files can be cut short only where that was asked for, and none be opened then either")
    func truncating() {
        let probe = Probe.run("truncation")
        #expect(probe["truncate_file"] == "ok")
        #expect(probe["read_file"] == "EPERM" && probe["write_file"] == "EPERM")
        #expect(Probe.run("names", "truncation")["truncate_file"] == "ok")
        #expect(Probe.run("names", "truncation")["write_file"] == "EPERM")
        #expect(Probe.run("names")["truncate_file"] == "EPERM")
        #expect(Probe.run()["truncate_file"] == "EPERM")
    }

    @Test("the base filter lets no socket and no file be opened", arguments: ["datagram_socket", "read_file"])
    func base(attempt: String) {
        #expect(Probe.run()[attempt] == "EPERM")
    }

    @Test(
        "the filter for names lets datagram sockets and files for reading be opened",
        arguments: [
            "datagram_socket", "read_file",
        ])
    func names(attempt: String) {
        #expect(Probe.run("names")[attempt] == "ok")
    }

    @Test("a name is resolved under the filter for names, and under no other")
    func resolving() {
        #expect(Probe.run("names")["resolved"] == "ok")
        #expect(Probe.run()["resolved"]?.hasPrefix("error") == true)
    }

    @Test("what only an intruder calls ends the process", arguments: SystemCalls.hostile.filter { $0 >= 0 })
    func hostile(call: CInt) {
        let probe = Probe.run("names", "attempt", "\(call)")
        #expect(probe.end == .signal(SIGSYS))
        #expect(probe["attempted"] == nil)
    }
}
