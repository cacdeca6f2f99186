import CLinux
import Glibc
public import SystemPackage

/// Descriptors to wait for. The corresponding C function is `ppoll`.
public struct PollSet: Sendable {
    /// What a descriptor is ready for.
    public struct Events: OptionSet, Sendable {
        public let rawValue: Int16
        public init(rawValue: Int16) { self.rawValue = rawValue }

        /// There is something to read.
        public static let readable = Events(rawValue: Int16(POLLIN))
        /// There is room to write.
        public static let writable = Events(rawValue: Int16(POLLOUT))
        /// An error is pending, or the error queue holds something. Reported whether asked for or not.
        public static let error = Events(rawValue: Int16(POLLERR))
    }

    private var descriptors: [pollfd] = []

    public init() {}

    /// Adds a descriptor; returns its index.
    public mutating func add(_ descriptor: FileDescriptor, for events: Events) -> Int {
        descriptors.append(pollfd(fd: descriptor.rawValue, events: events.rawValue, revents: 0))
        return descriptors.count - 1
    }

    /// Changes what the descriptor at `index` is waited for; with no events at all it is left out.
    public mutating func set(_ events: Events, at index: Int) {
        descriptors[index].events = events.rawValue
    }

    /// What the descriptor at `index` was ready for after the last wait.
    public func ready(at index: Int) -> Events { Events(rawValue: descriptors[index].revents) }

    /// Waits until a descriptor is ready or `timeout` is over (`nil`: for as long as it takes), or a signal is caught;
    /// returns how many are ready.
    public mutating func wait(timeout: Duration?) throws(SocketError) -> Int {
        let status = descriptors.withUnsafeMutableBufferPointer { buffer in
            guard let timeout else { return ppoll(buffer.baseAddress, nfds_t(buffer.count), nil, nil) }
            let (seconds, attoseconds) = max(timeout, .zero).components
            var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
            return ppoll(buffer.baseAddress, nfds_t(buffer.count), &time, nil)
        }
        if status >= 0 { return Int(status) }
        let error = Errno.last
        guard error == .interrupted else { throw .failed(.poll, nil, error) }
        for index in descriptors.indices { descriptors[index].revents = 0 }
        return 0
    }
}
