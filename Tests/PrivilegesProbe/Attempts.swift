import CLinux
import Glibc
import Privileges

/// What the probe tries. Each attempt answers `ok` or the name of the error.
enum Attempts {
    private struct Outcome: Error {
        let text: String
    }

    /// Monotonic time in nanoseconds.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static func outcome(_ result: CInt) -> String {
        switch result == -1 ? errno : 0 {
        case 0: "ok"
        case EPERM: "EPERM"
        case EACCES: "EACCES"
        case let other: "errno \(other)"
        }
    }

    static func socket(_ family: CInt, _ type: CInt, _ number: CInt) -> String {
        let descriptor = Glibc.socket(family, type, number)
        defer { close(descriptor) }
        return outcome(descriptor)
    }

    static func rawSocket() -> String {
        socket(AF_INET, CInt(SOCK_RAW.rawValue), CInt(IPPROTO_ICMP))
    }

    /// What a body could do that then threw.
    static func rawSocketInThrowingBody(_ parked: borrowing ParkedPrivileges) -> String {
        do throws(Outcome) {
            return try parked.raising(.netRaw) { () throws(Outcome) -> String in throw Outcome(text: rawSocket()) }
        } catch {
            return error.text
        }
    }

    static func open(_ path: String, _ flags: CInt) -> String {
        let descriptor = Glibc.open(path, flags)
        defer { close(descriptor) }
        return outcome(descriptor)
    }

    /// Opens a socket of a server.
    static func listener() -> String {
        let descriptor = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return outcome(descriptor == -1 ? -1 : listen(descriptor, 1))
    }

    /// Removes a file that is not there, which the kernel says only to those who may remove any.
    static func removeFile() -> String {
        unlink("/nonexistent/file") == -1 && errno == ENOENT ? "ok" : outcome(-1)
    }

    /// Cuts short what is no file, which the kernel says only to those who may cut any.
    static func truncateFile() -> String {
        ftruncate(-1, 0) == -1 && errno == EBADF ? "ok" : outcome(-1)
    }

    static func executableMemory() -> String {
        let memory = mmap(nil, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return outcome(memory == MAP_FAILED ? -1 : 0)
    }

    static func child() -> String {
        var child = pid_t()
        let result = posix_spawn(&child, "/bin/true", nil, nil, [nil], [nil])
        errno = result
        return outcome(result == 0 ? 0 : -1)
    }

    /// Signal 0: asks whether one could be sent.
    static func signal(_ process: pid_t) -> String {
        outcome(kill(process, 0))
    }

    static func typeForUser() -> String {
        var character: CChar = 10
        return outcome(ioctl(0, UInt(TIOCSTI), &character))
    }

    static func resolve(_ name: String) -> String {
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(name, nil, nil, &list)
        guard result == 0 else { return "error \(result)" }
        freeaddrinfo(list)
        return "ok"
    }

    static func startThread() {
        var thread = pthread_t()
        pthread_create(&thread, nil, { _ in while true { pause() } }, nil)
    }

    /// Begins a thread and waits for its end.
    static func thread() -> String {
        var thread = pthread_t()
        let result = pthread_create(&thread, nil, { _ in nil }, nil)
        if result == 0 { pthread_join(thread, nil) }
        errno = result
        return outcome(result == 0 ? 0 : -1)
    }

    /// The names of the environment's variables in alphabetical order.
    static func environmentNames() -> String {
        var names: [String] = []
        var next = netprobe_environment()
        while let variable = next?.pointee {
            names.append(String(String(cString: variable).prefix { $0 != "=" }))
            next = next?.successor()
        }
        return names.sorted().joined(separator: " ")
    }

    /// Which of 0, 1 and 2 are open on `/dev/null`.
    static func descriptorsOnNull() -> String {
        var null = stat()
        stat("/dev/null", &null)
        let found = (CInt(0)...2).filter { descriptor in
            var file = stat()
            return fstat(descriptor, &file) == 0 && file.st_rdev == null.st_rdev
        }
        return found.map(String.init).joined(separator: " ")
    }

    /// Makes a system call by its number, with nothing for arguments: harmless where it is not filtered.
    static func call(_ number: Int) -> String {
        typealias SystemCall = @convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int
        // syscall(2) is variadic, which Swift does not import; for integers the convention is the same.
        guard let symbol = dlsym(nil, "syscall") else { return "no syscall" }
        let function = unsafeBitCast(symbol, to: SystemCall.self)
        return outcome(function(number, 0, 0, 0, 0, 0, 0) == -1 ? -1 : 0)
    }
}
