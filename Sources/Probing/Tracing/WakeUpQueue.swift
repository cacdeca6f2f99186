/// Numbers from 0, each with the moment at which it is due, the earliest first and of those the lowest: a binary heap
/// in which every number knows its place, so that it is there once at most and can be taken out again.
struct WakeUpQueue: Sendable {
    private var heap: [(moment: MonotonicTime, number: Int)] = []
    /// Where each number is in the heap; -1 where it is not.
    private var places: [Int] = []

    /// The earliest moment at which one is due.
    var first: MonotonicTime? { heap.first?.moment }

    /// Puts a number in that is not there.
    mutating func insert(_ number: Int, at moment: MonotonicTime) {
        while places.count <= number { places.append(-1) }
        heap.append((moment, number))
        rise(from: heap.count - 1)
    }

    /// Takes out the earliest, if it is due by this moment.
    mutating func removeFirst(by moment: MonotonicTime) -> Int? {
        guard let first = heap.first, first.moment <= moment else { return nil }
        remove(first.number)
        return first.number
    }

    /// Takes a number out, if it is there.
    mutating func remove(_ number: Int) {
        guard number < places.count, places[number] >= 0 else { return }
        let place = places[number]
        places[number] = -1
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        sink(from: place)
        rise(from: places[last.number])
    }

    private mutating func rise(from place: Int) {
        let item = heap[place]
        var place = place
        while place > 0, item < heap[(place - 1) / 2] {
            put(heap[(place - 1) / 2], at: place)
            place = (place - 1) / 2
        }
        put(item, at: place)
    }

    private mutating func sink(from place: Int) {
        let item = heap[place]
        var place = place
        while true {
            var child = 2 * place + 1
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard child < heap.count, heap[child] < item else { break }
            put(heap[child], at: place)
            place = child
        }
        put(item, at: place)
    }

    private mutating func put(_ item: (moment: MonotonicTime, number: Int), at place: Int) {
        heap[place] = item
        places[item.number] = place
    }
}

/// Numbers in the order in which they came, in a ring that grows with the most that were ever in it.
struct NumberQueue: Sendable {
    private var ring: [Int] = []
    private var head = 0
    private(set) var count = 0

    mutating func append(_ number: Int) {
        if count == ring.count {
            ring = Array(ring[head...] + ring[..<head]) + Array(repeating: 0, count: max(4, count))
            head = 0
        }
        ring[(head + count) % ring.count] = number
        count += 1
    }

    mutating func popFirst() -> Int? {
        guard count > 0 else { return nil }
        defer {
            head = (head + 1) % ring.count
            count -= 1
        }
        return ring[head]
    }
}
