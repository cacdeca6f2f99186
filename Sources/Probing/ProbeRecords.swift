/// When each of the last 65,536 requests was sent, and whether it was answered, by its sequence number.
///
/// An ICMP sequence number has 16 bits, so no more requests can be told apart. The memory grows with the number of
/// requests up to that, and no further.
struct ProbeRecords: Sendable {
    struct Record {
        var departure: Departure
        var outcome: Outcome = .pending
    }

    enum Outcome: UInt8 {
        case pending, answered
        /// It did not go out.
        case unsent
        /// It came back as an error.
        case failed
        /// It was not answered in time.
        case expired
    }

    /// The most requests that are remembered.
    static let limit: UInt64 = 1 << 16

    /// The number of the last request, from 1; 0 before the first.
    private(set) var last: UInt64 = 0
    private var records: [Record] = []

    /// The number of the oldest request that is still remembered.
    var oldest: UInt64 { last < Self.limit ? 1 : last - Self.limit + 1 }

    /// Remembers the next request.
    mutating func append(_ record: Record) {
        last += 1
        if last <= Self.limit {
            records.append(record)
        } else {
            records[Self.slot(last)] = record
        }
    }

    /// The last request with this 16-bit sequence number, if any was sent.
    func sequence(_ number: UInt16) -> UInt64? {
        let distance = UInt64(UInt16(truncatingIfNeeded: last) &- number)
        return distance < last ? last - distance : nil
    }

    /// Whether the request of this number is remembered.
    func contains(_ sequence: UInt64) -> Bool { sequence >= oldest && sequence <= last }

    /// The record of a request that is remembered.
    subscript(sequence: UInt64) -> Record {
        get { records[Self.slot(sequence)] }
        _modify { yield &records[Self.slot(sequence)] }
    }

    private static func slot(_ sequence: UInt64) -> Int { Int((sequence - 1) % limit) }
}
