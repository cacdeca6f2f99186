import Glibc

/// What became of a program.
struct Outcome: Sendable {
    /// The exit status, -1 where a signal ended it.
    let status: Int32
    /// The signal that ended it, where one did.
    let signal: Int32?
    let output: String
    let errors: String
    /// From its start to its end.
    let duration: Duration

    /// The lines of standard output, without the empty one at the end.
    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
    /// The lines of standard error.
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
    /// The line of ping's statistics that counts packets.
    var counts: String? { lines.first { $0.contains(" packets transmitted") } }
    /// The lines that tell of an echo reply.
    var replies: [String] { lines.filter { $0.contains(" bytes from ") } }

    /// What `waitpid` says of the end of a process.
    init(waitStatus: Int32, output: String, errors: String, duration: Duration) {
        let ending = waitStatus & 0x7F
        status = ending == 0 ? waitStatus >> 8 & 0xFF : -1
        signal = ending == 0 ? nil : ending
        (self.output, self.errors, self.duration) = (output, errors, duration)
    }
}
