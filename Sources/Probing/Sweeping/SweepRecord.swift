import Addresses

/// What a session remembers of one target.
struct SweepRecord: Sendable {
    /// The address in 128 bits, which as a whole would be aligned to sixteen bytes.
    private let upperHalf: UInt64
    private let lowerHalf: UInt64
    let scopeID: UInt32
    private let isIPv6: Bool
    /// It is not asked again, and nothing more is waited for.
    var isDone = false
    /// It has said that nothing listens at the port.
    var isClosed = false
    /// Probes that were sent, and so the index of the next.
    private(set) var nextIndex: UInt32 = 0
    var receivedInAll: UInt32 = 0
    /// Of the last 64 probes: which were answered, and which are still waited for. The bit is the index modulo 64.
    private var answered: UInt64 = 0
    private var awaited: UInt64 = 0
    /// When the last probe left.
    var sent = MonotonicTime(nanoseconds: 0)
    var counts = SweepTarget.Counts()

    init(_ address: IPAddress, scopeID: UInt32) {
        self.scopeID = scopeID
        switch address {
        case .v4(let address):
            (upperHalf, lowerHalf, isIPv6) = (0, UInt64(address.rawValue), false)
        case .v6(let address):
            upperHalf = UInt64(truncatingIfNeeded: address.rawValue >> 64)
            lowerHalf = UInt64(truncatingIfNeeded: address.rawValue)
            isIPv6 = true
        }
    }

    var address: IPAddress {
        isIPv6
            ? .v6(IPv6Address(rawValue: UInt128(upperHalf) << 64 | UInt128(lowerHalf)))
            : .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: lowerHalf)))
    }

    /// Whether more is remembered of a probe than that it was sent.
    func remembers(_ index: UInt32) -> Bool { nextIndex &- index <= 64 }
    func isAnswered(_ index: UInt32) -> Bool { answered & Self.bit(index) != 0 }
    func isAwaited(_ index: UInt32) -> Bool { awaited & Self.bit(index) != 0 }

    /// Begins to wait for one more probe.
    /// - Returns: the index of an older one that is still waited for, and now forgotten here.
    mutating func send(at now: MonotonicTime) -> UInt32? {
        let bit = Self.bit(nextIndex)
        let forgotten = awaited & bit != 0 ? nextIndex &- 64 : nil
        answered &= ~bit
        awaited |= bit
        nextIndex &+= 1
        sent = now
        return forgotten
    }

    mutating func stopWaiting(for index: UInt32) { awaited &= ~Self.bit(index) }
    mutating func setAnswered(_ index: UInt32) { answered |= Self.bit(index) }

    /// No probe of it is waited for any more; returns for how many one did.
    mutating func stopWaiting() -> Int {
        defer { awaited = 0 }
        return awaited.nonzeroBitCount
    }

    private static func bit(_ index: UInt32) -> UInt64 { 1 << UInt64(index & 63) }
}

/// Something to be looked at when its time comes. Queues of them are in the order of time by themselves.
struct SweepAppointment: Sendable {
    /// When.
    var due: MonotonicTime
    /// The lowest 32 bits of the target's number.
    var number: UInt32
    /// Which probe.
    var index: UInt32
}

extension SweepTarget.Counts {
    /// Counts a probe that was answered.
    mutating func record(roundTrip: Int64) {
        minimum = received == 0 ? roundTrip : min(minimum, roundTrip)
        maximum = max(maximum, roundTrip)
        total &+= roundTrip
        sent += 1
        received += 1
    }
}
