import Addresses
import Sockets
import Testing

/// An address that packets go to and nobody answers from, for a while.
enum Unanswered {
    /// Whether `ip` can send packets there, in a network that is not the machine's own.
    static let canBeMade = Machine.isIsolated && change("add") && change("delete")

    /// Calls `body` with it.
    static func during(_ body: (SocketAddress) throws -> Void) throws {
        try #require(change("add"))
        defer { _ = change("delete") }
        try body(.ipv4(IPv4Address(rawValue: 0xC612_0001), port: 7))  // 198.18.0.1
    }

    /// What goes to `lo` comes from there, and there it is for nobody. SCTP wants a source of the same scope.
    private static func change(_ verb: String) -> Bool {
        PythonPeer.runs(
            """
            import subprocess
            for words in ['address \(verb) 198.18.0.2/32 dev lo', 'route \(verb) 198.18.0.1 dev lo']:
                subprocess.check_call(['ip', *words.split()])
            """)
    }
}
