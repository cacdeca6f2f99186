import Glibc

/// A run of `PrivilegesProbe`: what it reported, and how it ended.
struct Probe {
    enum End: Equatable {
        case exit(CInt)
        case signal(CInt)
    }

    let end: End
    let text: String

    /// The value of a line `key=value`.
    subscript(_ key: String) -> String? {
        Probe.value(of: key, in: text)
    }

    static func value(of key: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.utf8.count + 1)) }
    }

    /// Where the package's build put the probe: beside the tests.
    static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return executable.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/PrivilegesProbe"
    }()

    /// Runs the probe, or a copy of it, and waits for its end. `through` is a command to run it by, such as `setpriv`.
    static func run(
        _ arguments: String..., through command: [String] = [], copy: String? = nil, environment: [String] = []
    ) -> Probe {
        run(command + [copy ?? path] + arguments, environment: environment)
    }

    /// Runs any command.
    static func run(_ command: [String], environment: [String] = []) -> Probe {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return Probe(end: .exit(-1), text: "socketpair") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        defer { posix_spawn_file_actions_destroy(&actions) }

        let path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
        var argumentPointers = command.map { strdup($0) } + [nil]
        var environmentPointers = (environment + [path]).map { strdup($0) } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
        var child = pid_t()
        let result = posix_spawnp(&child, command[0], &actions, nil, &argumentPointers, &environmentPointers)
        close(ends[1])
        defer { close(ends[0]) }
        guard result == 0 else { return Probe(end: .exit(127), text: "\(command[0]): errno \(result)") }

        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(ends[0], &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
        var status: CInt = 0
        while waitpid(child, &status, 0) == -1 && errno == EINTR {}
        let end: End = status & 0x7f == 0 ? .exit(status >> 8 & 0xff) : .signal(status & 0x7f)
        return Probe(end: end, text: String(decoding: bytes, as: UTF8.self))
    }
}
