import Glibc
public import SystemPackage

/// A python3 process, the peer that tests talk to: a second opinion on what the kernel sends and receives. It speaks by
/// lines on its standard output, and ends with this value at the latest.
public final class PythonPeer: Sendable {
    private let process: pid_t
    private let output: Int32

    /// Runs a script, in which `socket`, `struct` and `sys` are imported and nothing waits longer than ten seconds. An
    /// inherited descriptor has the number 3.
    public init?(_ script: String, _ arguments: String..., inheriting descriptor: FileDescriptor? = nil) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
        defer { Glibc.close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor.rawValue, 3) }

        let prologue = "import socket, struct, sys\nsocket.setdefaulttimeout(10)\n"
        var words = (["python3", "-c", prologue + script] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        guard posix_spawnp(&process, "python3", &actions, nil, &words, environ) == 0 else {
            Glibc.close(ends[0])
            return nil
        }
        self.process = process
        output = ends[0]
    }

    deinit {
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 && errno == EINTR {}
        Glibc.close(output)
    }

    /// The next line that the script prints; empty at its end.
    public func line() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number on the next line.
    public func number() -> UInt16 { UInt16(line()) ?? 0 }

    /// Whether the script can be run and comes to its end.
    public static func runs(_ script: String) -> Bool {
        PythonPeer(script + "\nprint('ran', flush=True)")?.line() == "ran"
    }
}
