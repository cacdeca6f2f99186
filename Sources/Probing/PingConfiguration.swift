public import Addresses

/// When the next echo request goes out.
public enum PingPacing: Sendable, Equatable {
    /// One every so often.
    case fixed(Duration)
    /// As often as the smoothed round-trip time says, but not more often than the minimum.
    case adaptive(minimum: Duration)
    /// As soon as a reply comes, but at least a hundred times a second.
    case flood
}

/// What a ping session is to do. The defaults are those of ping(8).
public struct PingConfiguration: Sendable {
    /// Whom to ask.
    public var destination: IPAddress
    /// The identifier that our requests carry, by which replies are known to be ours (RFC 792).
    public var identifier: UInt16
    /// When requests go out.
    public var pacing: PingPacing = .fixed(.seconds(1))
    /// How many requests may go out before the first is answered, at least 1.
    public var preload: UInt64 = 1
    /// After how many requests to stop, or with a deadline after how many answers; `nil` for never.
    public var count: UInt64?
    /// How long to run, whatever was answered; `nil` without limit.
    public var deadline: Duration?
    /// How long a reply may take before its request is reported as timed out, and how long to wait for any reply after
    /// the last request; `nil` without limit.
    public var timeout: Duration? = .seconds(10)
    /// The bytes that follow the ICMP header.
    public var payload: PingPayload = PingPayload(count: 56)
    /// Whether anyone may answer, as with a multicast or broadcast destination.
    public var acceptsAnySource = false
    /// Whether to report a request without an answer when the next one is due.
    public var reportsOutstanding = false
    /// Whether to leave the kernel's timestamps aside and time from user space to user space.
    public var userSpaceTiming = false

    /// A ping of this destination as ping(8) does it by default.
    public init(destination: IPAddress, identifier: UInt16) {
        self.destination = destination
        self.identifier = identifier
    }
}
