/// How many packets a capture had, and how many it has lost.
public struct CaptureStatistics: Hashable, Sendable {
    /// Packets that were handed to the observer.
    public internal(set) var captured: UInt64 = 0
    /// Packets that passed the filter, those included that were dropped, or not looked at any more.
    public internal(set) var received: UInt64 = 0
    /// Packets that the kernel dropped because the program did not keep up.
    public internal(set) var dropped: UInt64 = 0
}
