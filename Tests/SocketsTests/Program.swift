import Glibc
import SystemPackage

/// A program that runs beside the test, and ends with this value at the latest.
final class Program {
    private let process: pid_t
    private var status: Int32?

    convenience init(_ words: String...) throws { try self.init(words) }

    /// - Parameter isSilent: what it says is not heard.
    init(_ words: [String], isSilent: Bool = false) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in isSilent ? [1, 2] : [] as [Int32] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let result = posix_spawnp(&process, words[0], &actions, nil, &arguments, environ)
        guard result == 0 else { throw Errno(rawValue: result) }
        self.process = process
    }

    deinit { terminate() }

    /// Waits for the program's end.
    func exitStatus() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(process, &raw, 0) == -1 && errno == EINTR {}
        let status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : -(raw & 0x7F)
        self.status = status
        return status
    }

    func terminate() {
        guard status == nil else { return }
        kill(process, SIGKILL)
        _ = exitStatus()
    }
}
