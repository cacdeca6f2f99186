/// Which system calls are left after step 4 (seccomp(2)).
///
/// It is a list of what is allowed. Everything else fails with `EPERM`, as a call without the privilege would, except
/// what only an intruder attempts (running a program, changing user, tracing, mounting, loading code into the kernel):
/// that ends the process at once.
public struct SystemCallFilter: Hashable, Sendable {
    /// Whether the resolver of the C library can be used.
    public let resolvesNames: Bool
    /// Whether stream, datagram and message sockets can be connected and accepted.
    public let connects: Bool
    /// Whether files can be removed, such as that of a Unix socket.
    public let removesFiles: Bool
    /// Whether threads can be begun.
    public let beginsThreads: Bool
    /// Whether files that are open for writing can be cut short.
    public private(set) var truncatesFiles = false

    /// What a running session needs, on descriptors that are open already: reading, writing, sending, receiving,
    /// waiting, clocks and timers, memory that is never executable, signals to itself, the size of the terminal. No new
    /// socket, no file, no thread, no process.
    public static var base: SystemCallFilter {
        SystemCallFilter(resolvesNames: false, connects: false, removesFiles: false, beginsThreads: false)
    }

    /// ``base`` and what `getaddrinfo`, `getnameinfo` and `if_nametoindex` need on top of it: reading files; stream and
    /// datagram sockets of the Internet and local families, and the routing socket of netlink; and, because the C
    /// library loads its name services (`nsswitch.conf`) as shared libraries, memory that is executable when it shows a
    /// file and is not writable at the same time. Raw and packet sockets stay out.
    public static var nameResolution: SystemCallFilter { nameResolution(withThreads: false) }

    /// ``nameResolution``, and where asked for what beginning a thread needs: `clone(2)` of threads of this process, and
    /// of nothing else. A thread has the filter, and the want of privileges, of the one that began it.
    public static func nameResolution(withThreads beginsThreads: Bool) -> SystemCallFilter {
        SystemCallFilter(resolvesNames: true, connects: false, removesFiles: false, beginsThreads: beginsThreads)
    }

    /// ``nameResolution`` and what opening, accepting and ending connections needs on top of it: the calls of servers,
    /// and sockets of `AF_TIPC`. Raw and packet sockets stay out.
    /// - Parameter removingFiles: whether `unlink(2)` is let through, for the file of a Unix socket.
    public static func connections(removingFiles: Bool = false) -> SystemCallFilter {
        SystemCallFilter(resolvesNames: true, connects: true, removesFiles: removingFiles, beginsThreads: false)
    }

    /// The same, and `ftruncate(2)`: for results that go to files one after the other, and to the first again. All of
    /// them have been opened before: no other file comes within reach.
    public var truncatingFiles: SystemCallFilter {
        var filter = self
        filter.truncatesFiles = true
        return filter
    }

    /// Loads the filter into the kernel, for good.
    func load() throws(PrivilegeError) {
        let filter = try SeccompFilter()
        try filter.allow(SystemCalls.base)
        try filter.allow(SystemCalls.baseWithArguments())
        if resolvesNames {
            try filter.allow(SystemCalls.nameResolution)
            try filter.allow(SystemCalls.nameResolutionWithArguments())
        }
        if connects {
            try filter.allow(SystemCalls.connections)
            try filter.allow(SystemCalls.connectionsWithArguments())
        }
        if removesFiles { try filter.allow(SystemCalls.fileRemoval) }
        if truncatesFiles { try filter.allow(SystemCalls.fileTruncation) }
        if beginsThreads {
            try filter.allow(SystemCalls.threads)
            try filter.allow(SystemCalls.threadsWithArguments())
            // The C library then falls back on clone, whose flags a filter can see.
            try filter.deny(SystemCalls.unknown)
        }
        try filter.endProcess(on: SystemCalls.hostile)
        try filter.load()
    }
}

extension SystemCallFilter: CustomStringConvertible {
    /// `base`, and what is let through besides: `base+names+connections+unlink+ftruncate+threads`.
    public var description: String {
        "base" + (resolvesNames ? "+names" : "") + (connects ? "+connections" : "") + (removesFiles ? "+unlink" : "")
            + (truncatesFiles ? "+ftruncate" : "") + (beginsThreads ? "+threads" : "")
    }
}
