import Glibc

/// What a test needs of the machine, and else is skipped.
enum Requirements {
    /// The lab's responder needs it too.
    static let python = hasCommand("python3")
    static let ping = hasCommand("ping")

    /// Whether `PATH`, or where administrators' commands are, has a command.
    private static func hasCommand(_ name: String) -> Bool {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
        return directories.contains { access("\($0)/\(name)", X_OK) == 0 }
    }
}
