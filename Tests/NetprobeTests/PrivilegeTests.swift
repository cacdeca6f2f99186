import Testing

@Suite("Privileges while it runs")
struct PrivilegeTests {
    static let ping = "ping -i 0.2 -c 100 127.0.0.1"

    /// Someone who runs the program, and who it is then.
    struct Caller: CustomTestStringConvertible, Sendable {
        let name: String
        var capabilities: String?
        /// The command that becomes the program.
        var command = #"setpriv --reuid \#(AsUser.id) --regid \#(AsUser.id) --clear-groups "$netprobe" \#(ping)"#
        var scenario: String?
        var user = AsUser.id
        var testDescription: String { name }
    }

    static let callers = [
        Caller(name: "root", command: #""$netprobe" \#(ping)"#, user: 65534),
        Caller(name: "sudo", command: #"env SUDO_UID=1234 SUDO_GID=1234 "$netprobe" \#(ping)"#, user: 1234),
        Caller(name: "a user, file capability permitted", capabilities: "cap_net_raw=p"),
        Caller(name: "a user, file capability effective", capabilities: "cap_net_raw=ep"),
        Caller(
            name: "a user, file with more capabilities",
            capabilities: "cap_net_raw,cap_net_admin,cap_setuid,cap_setgid,cap_setpcap,cap_dac_override=ep"),
        Caller(name: "a user, ICMP datagram socket", scenario: "ping-sockets.lab"),
        Caller(
            name: "a user, ambient capability",
            command: """
                setpriv --reuid \(AsUser.id) --regid \(AsUser.id) --clear-groups --inh-caps +net_raw \
                    --ambient-caps +net_raw "$netprobe" \(ping)
                """),
        Caller(
            name: "root of a user's own namespace",
            command: """
                setpriv --reuid \(AsUser.id) --regid \(AsUser.id) --clear-groups unshare -Urn \
                    sh -c 'ip link set lo up; exec "$0" \(ping)' "$netprobe"
                """),
    ]

    @Test(
        "nothing is left, in no thread, and the user is an ordinary one",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser), arguments: callers)
    func nothingLeft(_ caller: Caller) async throws {
        let outcome = try await AsUser.run(
            ProcessState.script(caller.command), granting: caller.capabilities, in: caller.scenario)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let thread = try #require(ProcessState(outcome.output).onlyThread, "\(outcome)")
        #expect(thread.isBare, "\(thread)")
        #expect(thread["Uid"] == Array(repeating: "\(caller.user)", count: 4).joined(separator: " "))
        #expect(thread["Gid"] == thread["Uid"])
        #expect(thread["Groups"] == "" || caller.name.contains("namespace"))
    }

    static let traces = ["", "-I ", "-T "]

    @Test(
        "nothing is left while it traces, whichever sockets it has",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser), arguments: callers, traces)
    func nothingLeftOfTrace(_ caller: Caller, method: String) async throws {
        let trace = "trace --json --rounds 0 --interval 0.2 \(method)127.0.0.1"
        let script = ProcessState.script(
            caller.command.replacing(Self.ping, with: trace), ready: #""type":"answer""#)
        let outcome = try await AsUser.run(script, granting: caller.capabilities, in: caller.scenario)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let state = ProcessState(outcome.output)
        let thread = try #require(state.onlyThread, "\(outcome)")
        #expect(thread.isBare, "\(thread)")
        #expect(thread["Uid"] == Array(repeating: "\(caller.user)", count: 4).joined(separator: " "))
        #expect(state.descriptors.allSatisfy { $0.number < 3 || ProcessState.closesOnExec($0.flags) })
        #expect(state.descriptors.allSatisfy { $0.number < 3 || !$0.target.contains("/") }, "\(state.descriptors)")
    }

    @Test("nothing is left of what root has here")
    func rootHere() async throws {
        let command = #""$0" \#(Self.ping)"#
        let outcome = try await Program.run(["bash", "-c", ProcessState.script(command), Program.netprobe])
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let thread = try #require(ProcessState(outcome.output).onlyThread, "\(outcome)")
        #expect(thread.isBare && thread["CapBnd"] == "0000000000000000", "\(thread)")
        #expect(thread["Uid"]?.hasPrefix(Program.isRealRoot ? "65534 " : "0 ") == true)
    }

    @Test(
        "besides the standard three, one socket and the signals are open, and none outlives execve(2)",
        arguments: ["127.0.0.1", "::1", "localhost"], ["", "-j", "-n", "-v"])
    func descriptors(host: String, options: String) async throws {
        let command = #""$0" ping -i 0.2 -c 100 \#(options) \#(host)"#
        let script = ProcessState.script(command)
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe])
        let descriptors = ProcessState(outcome.output).descriptors
        #expect(descriptors.filter { $0.number < 3 }.count == 3, "\(outcome)")
        let own = descriptors.filter { $0.number > 2 }
        #expect(own.count == 2, "\(descriptors)")
        #expect(own.contains { $0.target.hasPrefix("socket:[") } && own.contains { $0.target.contains("signalfd") })
        #expect(own.allSatisfy { ProcessState.closesOnExec($0.flags) }, "\(descriptors)")
    }

    @Test(
        "neither its user nor the user it has become can look into it or trace it",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser),
        arguments: callers.filter { $0.capabilities != nil || $0.name == "root" })
    func closedToItsUser(_ caller: Caller) async throws {
        let look = """
            for number in \(AsUser.id) \(caller.user); do
                setpriv --reuid $number --regid $number --clear-groups sh -c "
                    ls /proc/$program/fd; cat /proc/$program/environ; readlink /proc/$program/exe; true" >&2
            done
            """
        let outcome = try await AsUser.run(
            ProcessState.script(caller.command, look: look), granting: caller.capabilities)
        #expect(outcome.errors.split(separator: "\n").filter { !$0.hasSuffix(": Permission denied") } == [])
        #expect(outcome.errors.count(where: \.isNewline) >= 4, "\(outcome.errors)")
    }
}

extension ProcessState {
    var onlyThread: [String: String]? { threads.count == 1 ? threads[0] : nil }
}

extension [String: String] {
    /// No capability, no way to gain one, and a system-call filter (`SECCOMP_MODE_FILTER`).
    var isBare: Bool {
        ["CapInh", "CapPrm", "CapEff", "CapAmb"].allSatisfy { self[$0] == "0000000000000000" }
            && self["NoNewPrivs"] == "1" && self["Seccomp"] == "2" && self["Threads"] == "1"
    }
}
