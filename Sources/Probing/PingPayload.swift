/// The payload of an echo request: a timestamp, if there is room for one, and a pattern.
public struct PingPayload: Sendable, Equatable {
    /// The bytes at the start that hold the time of day of sending, as ping writes it: seconds and microseconds, each
    /// 64 bits in the host's byte order, for people and programs that look at captures.
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
        let sent = bytes.span.bytes
        let start = hasTimestamp ? Self.timestampLength : 0
        guard let index = Self.firstDifference(sent, received, in: start..<bytes.count) else { return nil }
        let found = received.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        let payload = received.withUnsafeBytes { Array($0.prefix(bytes.count)) }
        return PayloadDamage(index: index, expected: bytes[index], found: found, payload: payload)
    }

    /// The first index at which two spans differ, both of which have all of the range. The loads are safe: their bounds
    /// are checked, and every bit pattern is a valid integer.
    private static func firstDifference(_ a: RawSpan, _ b: RawSpan, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while range.upperBound - index >= 8,
            a.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                == b.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        {
            index += 8
        }
        while index < range.upperBound {
            guard
                a.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                    == b.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            else { return index }
            index += 1
        }
        return nil
    }
}
