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
        /// There is urgent data to read.
        public static let urgent = Events(rawValue: Int16(POLLPRI))
        /// There is room to write.
        public static let writable = Events(rawValue: Int16(POLLOUT))
        /// An error is pending, or the error queue holds something. Reported whether asked for or not.
        public static let error = Events(rawValue: Int16(POLLERR))
        /// The peer has closed its end. Reported whether asked for or not.
        public static let hangUp = Events(rawValue: Int16(POLLHUP))
        /// The descriptor is not open. Reported whether asked for or not.
        public static let invalid = Events(rawValue: Int16(POLLNVAL))
    }

    private var descriptors: [FileDescriptor] = []
    private var entries: [pollfd] = []

    /// Nothing to wait for yet.
    public init() {}

    /// Adds a descriptor; returns its index. It stays its owner's, and must stay open while it is waited for.
    public mutating func add(_ descriptor: FileDescriptor, for events: Events) -> Int {
        descriptors.append(descriptor)
        entries.append(pollfd())
        set(events, at: entries.count - 1)
        return entries.count - 1
    }

    /// Changes what the descriptor at `index` is waited for; with no events at all it is left out, errors included.
    public mutating func set(_ events: Events, at index: Int) {
        // poll(2) passes over negative descriptors, and reports errors of all others.
        entries[index].fd = events.isEmpty ? -1 : descriptors[index].rawValue
        entries[index].events = events.rawValue
    }

    /// What the descriptor at `index` was ready for after the last wait.
    public func ready(at index: Int) -> Events { Events(rawValue: entries[index].revents) }

    /// Waits until a descriptor is ready or `timeout` is over (`nil`: for as long as it takes), or a signal is caught;
    /// returns how many are ready.
    public mutating func wait(timeout: Duration?) throws(SocketError) -> Int {
        let result = entries.withUnsafeMutableBufferPointer { buffer in
            guard let timeout else { return CallResult(ppoll(buffer.baseAddress, nfds_t(buffer.count), nil, nil)) }
            let (seconds, attoseconds) = max(timeout, .zero).components
            var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
            return CallResult(ppoll(buffer.baseAddress, nfds_t(buffer.count), &time, nil))
        }
        if result.value >= 0 { return Int(result.value) }
        // A call that the kernel refuses leaves what the wait before has found.
        for index in entries.indices { entries[index].revents = 0 }
        guard result.errno == .interrupted else { throw .failed(.poll, nil, result.errno) }
        return 0
    }
}
