/// Where a scan is in its order: shard k of n takes each nth index, from k on.
///
/// It goes block by block: all addresses of a block are asked once, then once more if that is wanted, and then comes
/// the next block. So whatever the size of the scan, an address answers all of its probes while ``RecentReplies``
/// remembers it.
struct ScanCursor: Sendable {
    /// The index in the permutation of what is asked next.
    private(set) var index: UInt64
    /// Which probe to it that is, from 0.
    private(set) var attempt: UInt64 = 0

    private let count: UInt64
    private let attempts: UInt64
    private let shards: UInt64
    /// The shard's first index in the block, and the end of the block.
    private var first: UInt64
    private var end: UInt64 = 0

    private static var blockLength: UInt64 { 1 << 14 }

    /// Where a configuration begins.
    /// - Parameter count: its ``ScanConfiguration/addressCount``.
    init(_ configuration: ScanConfiguration, count: UInt64) {
        self.count = count
        attempts = max(1, configuration.attempts)
        shards = configuration.shards
        // Behind the last probe there is nothing, however far.
        let position = min(configuration.position, count * attempts)
        let (blockProbes, isAll) = Self.blockLength.multipliedReportingOverflow(by: attempts)
        let start = isAll ? 0 : position / blockProbes * Self.blockLength
        let length = min(Self.blockLength, count - start)
        guard position < count * attempts else {
            (index, first) = (count, count)
            return
        }
        let offset: UInt64
        (attempt, offset) = (position - start * attempts).quotientAndRemainder(dividingBy: length)
        let shard = configuration.shard
        first = Self.next(of: shard, of: shards, from: start)
        index = Self.next(of: shard, of: shards, from: start + offset)
        end = start + length
        leaveEndOfBlock()
    }

    /// Whether all has been asked.
    var isAtEnd: Bool { index >= count }

    /// How many probes of all shards come before this one: where to go on.
    var position: UInt64 {
        guard !isAtEnd else { return count * attempts }
        let start = index / Self.blockLength * Self.blockLength
        return start * attempts + attempt * min(Self.blockLength, count - start) + index - start
    }

    /// Goes on to the next probe.
    @inline(__always)
    mutating func advance() {
        let (next, overflow) = index.addingReportingOverflow(shards)
        index = overflow ? .max : next
        if index >= end { leaveEndOfBlock() }
    }

    /// Behind the last of a block is its first once more, or the next block that the shard has a part in.
    private mutating func leaveEndOfBlock() {
        guard index >= end else { return }
        if attempt + 1 < attempts, first < end {
            attempt += 1
            index = first
        } else {
            attempt = 0
            first = index
            if index < count { end = min(count, (index / Self.blockLength + 1) * Self.blockLength) }
        }
    }

    /// The first index of a shard that is not before another.
    private static func next(of shard: UInt64, of shards: UInt64, from index: UInt64) -> UInt64 {
        let offset = index % shards
        let ahead = offset <= shard ? shard - offset : shards - offset + shard
        let (next, overflow) = index.addingReportingOverflow(ahead)
        return overflow ? .max : next
    }
}
