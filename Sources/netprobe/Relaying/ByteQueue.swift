/// Bytes on their way from one place to another: filled at once, and taken from the front.
struct ByteQueue {
    /// Room that is there from the beginning, and is used again and again.
    private var bytes: [UInt8]
    private var range = 0..<0
    /// A message without bytes waits to be sent.
    private var isEmptyMessage = false

    init(capacity: Int) { bytes = [UInt8](repeating: 0, count: capacity) }

    var isEmpty: Bool { range.isEmpty && !isEmptyMessage }

    /// What is there.
    var contents: ArraySlice<UInt8> { bytes[range] }

    /// Has `body` write into the beginning of the room, and return how much it wrote; `nil` for nothing at all.
    mutating func fill<E: Error>(_ body: (inout [UInt8]) throws(E) -> Int?) throws(E) {
        guard let count = try body(&bytes) else { return }
        range = 0..<count
        isEmptyMessage = count == 0
    }

    /// Takes so much from the front.
    mutating func removeFirst(_ count: Int) {
        range = (range.lowerBound + count)..<range.upperBound
        isEmptyMessage = false
    }

    mutating func removeAll() {
        range = 0..<0
        isEmptyMessage = false
    }
}
