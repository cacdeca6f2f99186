public import Packets
public import Sockets

/// Who is told what a capture takes in.
public protocol CaptureObserver {
    /// Why an observer can't go on, such as an output that can't be written.
    associatedtype Failure: Error

    /// A packet was captured.
    /// - Parameter destination: whom it was for; `nil` where the kernel does not say, which hands over only what is for
    ///   this host then.
    mutating func captured(_ packet: CapturedPacket, for destination: PacketAddress.Destination?) throws(Failure)
    /// The user asks how things stand (`SIGQUIT`).
    mutating func statusRequested(_ statistics: CaptureStatistics) throws(Failure)
    /// The program is about to wait: what was held back should be shown now.
    mutating func willWait() throws(Failure)
}
