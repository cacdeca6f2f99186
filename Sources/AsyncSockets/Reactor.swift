import CLinux
import Glibc
import HeapModule
import Sockets
import SystemPackage

/// The thread that waits for every descriptor and deadline of the process, and tells the sockets.
///
/// A descriptor is watched once, from its socket's first wait on, and edge-triggered: what nobody waits for costs
/// nothing. To tell a socket too much is harmless, as its tasks only try again: so a late event for a descriptor's
/// former owner is.
final class Reactor: Sendable {
    private let epoll: Int32
    private let timer: Int32
    private let state = Locked(State())

    struct State: ~Copyable {
        var sockets: [FileDescriptor: Watched] = [:]
        /// The earliest is what the timer is set to. Those that no socket has for its own any more stay until their
        /// time.
        var alarms = Heap<Alarm>()
    }

    struct Watched {
        /// Weak, that a socket which nobody else holds is closed.
        weak var socket: AsyncSocket?
        /// The moment of the socket's alarm: no deadline of its tasks is earlier.
        var alarm: Int64?
    }

    struct Alarm: Comparable {
        let moment: Int64
        let descriptor: FileDescriptor

        static func < (first: Alarm, second: Alarm) -> Bool { first.moment < second.moment }
    }

    // MARK: - Its beginning

    private static let started = Locked<Reactor?>(nil)

    /// The reactor of this process, which is started if there is none yet.
    /// - Throws: `EMFILE`, `ENFILE`, `ENOMEM`, and `EAGAIN` where the process may have no more threads. The next call
    ///   tries again.
    static func shared() throws(SocketError) -> Reactor {
        try started.withLock { started throws(SocketError) in
            if let started { return started }
            let reactor = try Reactor()
            started = reactor
            return reactor
        }
    }

    private init() throws(SocketError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        let epollError = errno
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC))
        let timerError = errno
        guard epoll >= 0 else { throw Self.error(epollError) }
        guard timer >= 0 else { throw Self.error(timerError) }
        try add(FileDescriptor(rawValue: timer))
        try startThread()
    }

    deinit {
        // Only of one that could not be started.
        for descriptor in [epoll, timer] where descriptor >= 0 { Glibc.close(descriptor) }
    }

    private func startThread() throws(SocketError) {
        // The program's own threads are to take its signals.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let reactor = Unmanaged.passRetained(self)
        let error = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Reactor>.fromOpaque(context).takeRetainedValue().run()
            }, reactor.toOpaque())
        guard error == 0 else {
            reactor.release()
            throw Self.error(error)
        }
        pthread_detach(thread)
    }

    private static func error(_ number: Int32) -> SocketError { .failed(.poll, nil, Errno(rawValue: number)) }

    // MARK: - For the sockets, which call with their lock held

    /// Tells `socket` from now on when its descriptor becomes ready, and at once if it is.
    /// - Throws: `ENOSPC` beyond `fs.epoll.max_user_watches`, `ENOMEM`.
    func watch(_ descriptor: FileDescriptor, for socket: AsyncSocket) throws(SocketError) {
        try state.withLock { state throws(SocketError) in
            try add(descriptor)
            state.sockets[descriptor] = Watched(socket: socket)
        }
    }

    /// Never tells of the descriptor again; it is still open.
    func forget(_ descriptor: FileDescriptor) {
        state.withLock { state in
            state.sockets[descriptor] = nil
            // Closing would not do it where the socket has been duplicated.
            _ = epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor.rawValue, nil)
        }
    }

    /// Gives the socket an alarm at `moment`, unless it has an earlier one.
    func schedule(_ descriptor: FileDescriptor, at moment: Int64) {
        state.withLock { state in
            if let earlier = state.sockets[descriptor]?.alarm, earlier <= moment { return }
            state.sockets[descriptor]?.alarm = moment
            if state.alarms.count > 2 * state.sockets.count + 64 { state.dropObsoleteAlarms() }
            state.alarms.insert(Alarm(moment: moment, descriptor: descriptor))
            if state.alarms.min?.moment == moment { setTimer(to: moment) }
        }
    }

    /// How many alarms are kept.
    var alarmCount: Int { state.withLock { $0.alarms.count } }

    private func add(_ descriptor: FileDescriptor) throws(SocketError) {
        var event = epoll_event()
        event.events =
            EPOLLIN.rawValue | EPOLLPRI.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        event.data.fd = descriptor.rawValue
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor.rawValue, &event) == 0 else { throw Self.error(errno) }
    }

    private func setTimer(to moment: Int64) {
        var time = itimerspec()
        time.it_value = timespec(tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
        timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &time, nil)
    }

    // MARK: - The thread

    private func run() -> Never {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { events in
            while true {
                let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), -1)
                precondition(count >= 0 || errno == EINTR, "somebody has closed the descriptor of the reactor")
                for event in events.prefix(Int(max(0, count))) { tell(event) }
            }
        }
    }

    private func tell(_ event: epoll_event) {
        guard event.data.fd != timer else { return ringAlarms() }
        let descriptor = FileDescriptor(rawValue: event.data.fd)
        guard let socket = state.withLock({ $0.sockets[descriptor]?.socket }) else { return }
        let both = EPOLLERR.rawValue | EPOLLHUP.rawValue
        let readable = both | EPOLLIN.rawValue | EPOLLPRI.rawValue | EPOLLRDHUP.rawValue
        let writable = both | EPOLLOUT.rawValue
        socket.becameReady(readable: event.events & readable != 0, writable: event.events & writable != 0)
    }

    private func ringAlarms() {
        let now = Deadline.now
        let sockets = state.withLock { state in
            let sockets = state.takeSockets(withAlarmsUntil: now)
            if let next = state.alarms.min { setTimer(to: next.moment) }
            return sockets
        }
        for socket in sockets { socket.alarm(at: now) }
    }
}

extension Reactor.State {
    fileprivate mutating func takeSockets(withAlarmsUntil now: Int64) -> [AsyncSocket] {
        var taken: [AsyncSocket] = []
        while let alarm = alarms.min, alarm.moment <= now {
            alarms.removeMin()
            guard sockets[alarm.descriptor]?.alarm == alarm.moment else { continue }
            sockets[alarm.descriptor]?.alarm = nil
            if let socket = sockets[alarm.descriptor]?.socket { taken.append(socket) }
        }
        return taken
    }

    fileprivate mutating func dropObsoleteAlarms() {
        alarms = Heap(
            sockets.compactMap { descriptor, watched in
                watched.alarm.map { Reactor.Alarm(moment: $0, descriptor: descriptor) }
            })
    }
}
