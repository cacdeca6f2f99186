import CLinux
import Glibc
import SystemPackage

/// The sockets of a resolver, which come and go, behind one descriptor. The corresponding C functions are
/// `epoll_create1`, `epoll_ctl` and `epoll_wait`.
final class WatchedSockets {
    /// What a socket is ready for.
    struct Event {
        let socket: CInt
        let isReadable: Bool
        let isWritable: Bool
    }

    /// Readable when a socket is ready.
    let fileDescriptor: FileDescriptor

    init?() {
        let descriptor = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        fileDescriptor = FileDescriptor(rawValue: descriptor)
    }

    deinit { _ = close(fileDescriptor.rawValue) }

    /// Watches a socket for what it is to be ready for; for nothing at all, no more.
    func watch(_ socket: CInt, isReading: Bool, isWriting: Bool) {
        var event = epoll_event()
        event.events = (isReading ? EPOLLIN.rawValue : 0) | (isWriting ? EPOLLOUT.rawValue : 0)
        event.data.fd = socket
        guard event.events != 0 else {
            epoll_ctl(fileDescriptor.rawValue, EPOLL_CTL_DEL, socket, &event)
            return
        }
        // What the kernel has no memory to watch is as good as silent: it is asked again in time.
        if epoll_ctl(fileDescriptor.rawValue, EPOLL_CTL_ADD, socket, &event) != 0, errno == EEXIST {
            epoll_ctl(fileDescriptor.rawValue, EPOLL_CTL_MOD, socket, &event)
        }
    }

    /// Some of the sockets that are ready now.
    func ready() -> [Event] {
        var events = [epoll_event](repeating: epoll_event(), count: 16)
        let count = epoll_wait(fileDescriptor.rawValue, &events, CInt(events.count), 0)
        return events.prefix(max(0, Int(count))).map { event in
            // An error is found by the next call, whichever that is.
            let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue
            return Event(
                socket: event.data.fd, isReadable: event.events & (EPOLLIN.rawValue | failed) != 0,
                isWritable: event.events & (EPOLLOUT.rawValue | failed) != 0)
        }
    }
}
