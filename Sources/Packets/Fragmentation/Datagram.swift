/// The parts of one packet that are here.
struct Datagram {
    private struct Part {
        let offset: Int
        let bytes: [UInt8]
        var end: Int { offset + bytes.count }
    }

    /// When the first of them came.
    let start: Duration
    /// Tells this datagram from one that had the same key before.
    let serial: UInt64
    /// Why the whole can't be trusted any more; its parts are forgotten, and so are those that are still to come.
    private(set) var discard: Reassembly.Discard?
    /// The fragment with the beginning, as it came.
    private(set) var first: [UInt8]?
    /// What it costs to keep the datagram.
    private(set) var cost = Self.overhead
    /// In the order of their offsets. None overlaps another.
    private var parts: [Part] = []
    private var present = 0
    private var length: Int?

    /// Roughly what a datagram or a part takes besides its bytes.
    static let overhead = 128

    init(start: Duration, serial: UInt64) {
        self.start = start
        self.serial = serial
    }

    var isWhole: Bool { present == length }

    /// Takes a part in; says whether the datagram is as good as before.
    mutating func add(_ fragment: Fragment, of packet: RawSpan) -> Reassembly.Discard? {
        if let discard { return discard }
        let part = Part(offset: fragment.offset, bytes: packet.extracting(fragment.part).array)
        if let discard = take(part, moreFragments: fragment.moreFragments) {
            self.discard = discard
            parts = []
            first = nil
            cost = Self.overhead
            return discard
        }
        if part.offset == 0, first == nil {
            first = packet.extracting(first: fragment.part.upperBound).array
            cost += fragment.part.upperBound
        }
        return nil
    }

    private mutating func take(_ part: Part, moreFragments: Bool) -> Reassembly.Discard? {
        if !moreFragments {
            guard length == nil || length == part.end, parts.last.map({ $0.end <= part.end }) ?? true else {
                return .contradictoryEnds
            }
            length = part.end
        }
        if let length, part.end > length { return .contradictoryEnds }
        let index = firstIndex(from: part.offset)
        if index < parts.count, parts[index].offset == part.offset, parts[index].bytes == part.bytes { return nil }
        guard index == 0 || parts[index - 1].end <= part.offset, index == parts.count || part.end <= parts[index].offset
        else { return .overlap }
        parts.insert(part, at: index)
        present += part.bytes.count
        cost += part.bytes.count + Self.overhead
        return nil
    }

    /// The first part that doesn't begin before `offset`.
    private func firstIndex(from offset: Int) -> Int {
        var low = 0
        var high = parts.count
        while low < high {
            let middle = (low + high) / 2
            if parts[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The whole packet, if every part is here.
    var packet: [UInt8]? {
        guard let length, isWhole, let first, let fragment = try? Fragment(of: first.span.bytes) else { return nil }
        guard length <= fragment.maximumLength else { return nil }
        return parts.reduce(into: fragment.head(of: first.span.bytes, before: length)) { $0 += $1.bytes }
    }
}
