import Testing

@Suite("Privileges of listen --raw")
struct ListenRawUserTests {
    @Test(
        "nothing is left while it decodes, and only sockets, signals and its files are open",
        arguments: ["-i lo", "-i any icmp", "-p icmp", "", "-q -i lo -w /tmp/netprobe-$$ --rotate-size 1M --files 3"])
    func nothingLeft(arguments: String) async throws {
        let command = #""$0" listen --raw \#(arguments) 2>&1"#
        let script = ProcessState.script(
            command, ready: "listening to", look: "rm -f /tmp/netprobe-$$[0-2]")
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe])
        #expect(outcome.status == 0, "\(outcome)")
        let state = ProcessState(outcome.output)
        let thread = try #require(state.onlyThread, "\(outcome)")
        #expect(thread.isBare && thread["CapBnd"] == "0000000000000000", "\(thread)")
        let kept = state.descriptors.filter { $0.number >= 3 }
        #expect(kept.allSatisfy { ProcessState.closesOnExec($0.flags) })
        #expect(
            kept.allSatisfy { $0.target.hasPrefix("socket:") || $0.target.contains("[signalfd]") || $0.target.hasPrefix("/tmp/netprobe-") },
            "\(kept)")
    }

    @Test(
        "a file capability is enough, and nothing of it is left",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser), arguments: ["-i lo", "-p icmp"])
    func capability(arguments: String) async throws {
        let command =
            "setpriv --reuid \(AsUser.id) --regid \(AsUser.id) --clear-groups \"$netprobe\" listen --raw \(arguments) 2>&1"
        let outcome = try await AsUser.run(
            ProcessState.script(command, ready: "listening to"), granting: "cap_net_raw=p")
        #expect(outcome.status == 0, "\(outcome)")
        let thread = try #require(ProcessState(outcome.output).onlyThread, "\(outcome)")
        #expect(thread.isBare && thread["Uid"]?.hasPrefix("\(AsUser.id) ") == true, "\(thread)")
    }

    @Test(
        "without the capability there is one line that says what to do",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser), arguments: ["-i lo", "-i any", "-p icmp", ""])
    func refused(arguments: String) async throws {
        let outcome = try await AsUser.run(#"user "$netprobe" listen --raw \#(arguments)"#, granting: nil)
        #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.contains("setcap cap_net_raw=p"), "\(outcome.errors)")
    }

    @Test(
        "what is for other hosts is for those whom the administrator says",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser),
        arguments: [("", 2), ("allow \(AsUser.id) flood", 2), ("allow \(AsUser.id) promiscuous", 0)])
    func promiscuous(policy: String, status: Int) async throws {
        // A copy of /etc, which nobody else sees.
        let outcome = try await AsUser.run(
            #"""
            cp -a /etc "$directory/etc"; mount --bind "$directory/etc" /etc
            mkdir -p /etc/netprobe; echo '\#(policy)' >/etc/netprobe/policy.conf; chmod 644 /etc/netprobe/policy.conf
            user "$netprobe" listen --raw -i host --promiscuous -d 0.2; status=$?
            umount /etc; exit $status
            """#, granting: "cap_net_raw=p", in: "pair.lab")
        // Whoever may hears what the kernels on the link say to each other.
        #expect(Int(outcome.status) == status, "\(outcome)")
        if status == 2 {
            #expect(outcome.output.isEmpty && outcome.errorLines.count == 1 && outcome.errors.contains("promiscuous"), "\(outcome)")
        }
    }
}
