/// Scripts in which an ordinary user runs netprobe: `user` runs a command as that user, and `$netprobe` is a copy of
/// the program, which is `$0`, that everyone may run.
enum AsUser {
    /// The user's number; the group has the same.
    static let id = 1000
    private static let lab = Program.repository.appendingPathComponent("Tests/Lab/lab").path

    /// What a script begins with.
    /// - Parameter capabilities: what the copy's file grants to whoever runs it, as setcap(8) takes it.
    static func prelude(granting capabilities: String?) -> String {
        """
        PATH=$PATH:/usr/sbin:/sbin
        user() { setpriv --reuid \(id) --regid \(id) --clear-groups -- "$@"; }
        directory=$(mktemp -d /tmp/netprobe-XXXXXX)
        trap 'rm -r "$directory"' EXIT
        netprobe=$directory/netprobe
        cp "$0" "$netprobe" && chmod 755 "$directory" "$netprobe"
        \(capabilities.map { "setcap \($0) \"$netprobe\"" } ?? "")

        """
    }

    /// Runs a script at the client of a virtual network, or where the tests are.
    static func run(_ script: String, granting capabilities: String?, in scenario: String? = nil) async throws
        -> Outcome
    {
        let command = ["bash", "-c", prelude(granting: capabilities) + script, Program.netprobe]
        return try await Program.run((scenario.map { [lab, "run", $0, "client"] } ?? []) + command)
    }
}
