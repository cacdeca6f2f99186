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
    /// How long a reply may take before its request is reported as timed out, and how long to wait for any reply after the
    /// last request; `nil` without limit.
    public var timeout: Duration? = .seconds(10)
    /// The bytes that follow the ICMP header.
    public var payload: PingPayload = PingPayload(count: 56)
    /// Whether anyone may answer, as with a multicast or broadcast destination.
    public var acceptsAnySource = false
    /// Whether to report a request without an answer when the next one is due.
    public var reportsOutstanding = false
    /// Whether to leave the kernel's timestamps aside and time from user space to user space.
    public var userSpaceTiming = false

    public init(destination: IPAddress, identifier: UInt16) {
        self.destination = destination
        self.identifier = identifier
    }
}

/// The payload of an echo request: a timestamp, if there is room for one, and a pattern.
public struct PingPayload: Sendable, Equatable {
    /// The bytes at the start that hold the time of day of sending, as ping writes it: seconds and microseconds, each 64 bits in the
    /// host's byte order, for people and programs that look at captures.
    public static let timestampLength = 16

    /// The bytes sent, with zeros for the timestamp.
    public let bytes: [UInt8]
    /// Whether the payload is long enough to begin with a timestamp.
    public var hasTimestamp: Bool { bytes.count >= Self.timestampLength }

    /// - Parameters:
    ///   - count: the length in bytes.
    ///   - pattern: repeated to fill the payload; when empty, byte number n is n modulo 256.
    public init(count: Int, pattern: [UInt8] = []) {
        precondition(count >= 0, "a payload has no negative length")
        bytes = (0..<count).map { pattern.isEmpty ? UInt8(truncatingIfNeeded: $0) : pattern[$0 % pattern.count] }
    }

    /// Appends the payload, with the time of day in nanoseconds since 1970 as its timestamp.
    func write(into output: inout OutputRawSpan, timeOfDay: Int64) {
        var start = 0
        if hasTimestamp {
            output.append(timeOfDay / 1_000_000_000, as: Int64.self)
            output.append(timeOfDay % 1_000_000_000 / 1000, as: Int64.self)
            start = Self.timestampLength
        }
        for index in start..<bytes.count { output.append(bytes[index]) }
    }

    /// Where what came back differs from what was sent, the timestamp aside; `nil` when it does not.
    /// What came back has at least the length of what was sent.
    func damage(in received: RawSpan) -> PayloadDamage? {
        let start = hasTimestamp ? Self.timestampLength : 0
        for index in start..<bytes.count {
            let found = received.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            guard found != bytes[index] else { continue }
            let payload = received.withUnsafeBytes { Array($0.prefix(bytes.count)) }
            return PayloadDamage(index: index, expected: bytes[index], found: found, payload: payload)
        }
        return nil
    }
}
