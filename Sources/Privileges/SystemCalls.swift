import CLinux
import CSeccomp
import Glibc

/// The lists behind ``SystemCallFilter``. A call that is in none of them fails with `EPERM`.
enum SystemCalls {
    /// On descriptors that are open, and on the process itself.
    static let base: [CInt] = [
        // Reading and writing.
        __SNR_read, __SNR_write, __SNR_writev, __SNR_pread64, __SNR_lseek, __SNR_close, __SNR_fstat, __SNR_newfstatat,
        // Sockets.
        __SNR_sendto, __SNR_sendmsg, __SNR_sendmmsg, __SNR_recvfrom, __SNR_recvmsg, __SNR_recvmmsg,
        __SNR_setsockopt, __SNR_getsockopt, __SNR_getsockname, __SNR_shutdown,
        // Waiting. A wait that a stop signal interrupted goes on with restart_syscall.
        __SNR_poll, __SNR_ppoll, __SNR_restart_syscall,
        __SNR_epoll_create1, __SNR_epoll_ctl, __SNR_epoll_wait, __SNR_epoll_pwait, __SNR_epoll_pwait2,
        __SNR_timerfd_create, __SNR_timerfd_settime, __SNR_clock_gettime, __SNR_clock_nanosleep, __SNR_nanosleep,
        // Memory and locks; mmap and mprotect are below.
        __SNR_brk, __SNR_munmap, __SNR_mremap, __SNR_madvise, __SNR_futex, __SNR_sched_yield, __SNR_getrandom,
        // Signals and the end.
        __SNR_rt_sigaction, __SNR_rt_sigprocmask, __SNR_rt_sigreturn, __SNR_signalfd4,
        __SNR_getpid, __SNR_gettid, __SNR_exit, __SNR_exit_group,
    ]

    /// Calls of which one kind is needed and others would be dangerous.
    static func baseWithArguments() -> [SystemCallRule] {
        let me = getpid()
        return [
            // No memory is executable.
            SystemCallRule(__SNR_mmap, .argument(2, bits: PROT_EXEC, are: 0)),
            SystemCallRule(__SNR_mprotect, .argument(2, bits: PROT_EXEC, are: 0)),
            // Signals to itself: abort(3), and stopping as the terminal asks.
            SystemCallRule(__SNR_kill, .argument(0, is: me)),
            SystemCallRule(__SNR_tgkill, .argument(0, is: me)),
            // The size and kind of the terminal, the bytes that wait; not TIOCSTI, which types for the user.
            SystemCallRule(__SNR_ioctl, .argument(1, is: TIOCGWINSZ)),
            SystemCallRule(__SNR_ioctl, .argument(1, is: TCGETS)),
            SystemCallRule(__SNR_ioctl, .argument(1, is: FIONREAD)),
            // F_DUPFD, F_GETFD, F_SETFD, F_GETFL and F_SETFL are 0 to 4; neither locks nor owners.
            SystemCallRule(__SNR_fcntl, .argument(1, isAtMost: F_SETFL)),
            // Reading limits, not setting them.
            SystemCallRule(__SNR_prlimit64, .argument(2, bits: UInt64.max, are: 0)),
        ]
    }

    /// What the resolver of the C library and its name services call.
    static let nameResolution: [CInt] = [
        __SNR_connect, __SNR_bind,
        __SNR_access, __SNR_faccessat, __SNR_stat, __SNR_uname, __SNR_sysinfo, __SNR_getuid, __SNR_geteuid,
    ]

    /// Files for reading, sockets for asking, shared libraries for both.
    static func nameResolutionWithArguments() -> [SystemCallRule] {
        let writing = O_ACCMODE | O_CREAT | O_TRUNC
        let socketType: CInt = 0xf  // without SOCK_CLOEXEC and SOCK_NONBLOCK
        let stream = SOCK_STREAM.rawValue
        let datagram = SOCK_DGRAM.rawValue
        return [
            SystemCallRule(__SNR_open, .argument(1, bits: writing, are: O_RDONLY)),
            SystemCallRule(__SNR_openat, .argument(2, bits: writing, are: O_RDONLY)),
            SystemCallRule(__SNR_socket, .argument(0, is: AF_UNIX)),
            SystemCallRule(__SNR_socket, .argument(0, is: AF_INET), .argument(1, bits: socketType, are: stream)),
            SystemCallRule(__SNR_socket, .argument(0, is: AF_INET), .argument(1, bits: socketType, are: datagram)),
            SystemCallRule(__SNR_socket, .argument(0, is: AF_INET6), .argument(1, bits: socketType, are: stream)),
            SystemCallRule(__SNR_socket, .argument(0, is: AF_INET6), .argument(1, bits: socketType, are: datagram)),
            // Netlink calls its datagrams raw; this is the family that lists addresses, and no other.
            SystemCallRule(__SNR_socket, .argument(0, is: AF_NETLINK), .argument(2, is: NETLINK_ROUTE)),
            // Interface names and indexes, for the zones of link-local addresses.
            SystemCallRule(__SNR_ioctl, .argument(1, is: SIOCGIFINDEX)),
            SystemCallRule(__SNR_ioctl, .argument(1, is: SIOCGIFNAME)),
            SystemCallRule(__SNR_fcntl, .argument(1, is: F_DUPFD_CLOEXEC)),
            // The code of a shared library: a file, and not writable.
            SystemCallRule(
                __SNR_mmap, .argument(2, bits: PROT_EXEC | PROT_WRITE, are: PROT_EXEC),
                .argument(3, bits: MAP_ANONYMOUS, are: 0)
            ),
        ]
    }

    /// What servers call besides; clients have what the resolver needs.
    static let connections: [CInt] = [__SNR_listen, __SNR_accept4, __SNR_getpeername]

    /// Sockets of families that the resolver does not use.
    static func connectionsWithArguments() -> [SystemCallRule] {
        [SystemCallRule(__SNR_socket, .argument(0, is: AF_TIPC))]
    }

    /// What a new thread calls for itself, and what tells whether there is a processor for it.
    static let threads: [CInt] = [__SNR_set_robust_list, __SNR_rseq, __SNR_sched_getaffinity]

    /// Threads of this process; no other process, and no namespace.
    static func threadsWithArguments() -> [SystemCallRule] {
        let thread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD
        let others = CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
        return [SystemCallRule(__SNR_clone, .argument(0, bits: thread | others | CLONE_VFORK, are: thread))]
    }

    /// What is said not to be there: its arguments are out of a filter's sight.
    static let unknown: [CInt] = [__SNR_clone3]

    /// What takes a file away.
    static let fileRemoval: [CInt] = [__SNR_unlink, __SNR_unlinkat]

    /// What empties a file that is open.
    static let fileTruncation: [CInt] = [__SNR_ftruncate]

    /// What no part of this program calls after step 4, and an intruder would first.
    static let hostile: [CInt] = [
        // Other programs and other processes.
        __SNR_execve, __SNR_execveat, __SNR_ptrace, __SNR_process_vm_writev,
        // Other users, other rights, other file trees.
        __SNR_setuid, __SNR_setgid, __SNR_setreuid, __SNR_setregid, __SNR_setresuid, __SNR_setresgid, __SNR_capset,
        __SNR_mount, __SNR_unshare,
        // The kernel itself.
        __SNR_bpf, __SNR_init_module, __SNR_finit_module, __SNR_kexec_load,
    ]
}
