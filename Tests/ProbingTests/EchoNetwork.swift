import Addresses
import Probing

/// A network in virtual time: of every request it says what comes back of it, and when.
struct EchoNetwork {
    /// Something that comes back of a request.
    struct Answer {
        enum Content {
            case reply
            case error(ICMPError, from: IPAddress)
        }

        var delay: Duration
        var content = Content.reply
    }

    /// An answer on its way.
    struct Delivery {
        var arrival: MonotonicTime
        /// The number of the request that it is about, which the session is to find out from the bytes.
        var sequence: UInt64
        var bytes: [UInt8]
        var content: Answer.Content
        fileprivate var order: Int
    }

    private let answers: (UInt64) -> [Answer]
    private var heap: [Delivery] = []
    private var carried = 0

    /// - Parameter answers: what comes back of the request with this number: nothing if it is lost, more if it is
    ///   doubled.
    init(answers: @escaping (UInt64) -> [Answer]) { self.answers = answers }

    /// A network in which every request but the lost ones is answered after the same time.
    init(roundTrip: Duration, losing lost: ClosedRange<UInt64>? = nil) {
        self.init { sequence in lost?.contains(sequence) == true ? [] : [Answer(delay: roundTrip)] }
    }

    /// A network in which the first, second, … request is answered after so long; `nil` and those after the last are
    /// lost.
    init(roundTrips: [Duration?]) {
        self.init { sequence in
            guard sequence <= roundTrips.count, let delay = roundTrips[Int(sequence) - 1] else { return [] }
            return [Answer(delay: delay)]
        }
    }

    /// A network that carries nothing.
    static var silent: Self { Self { _ in [] } }

    /// When the next answer arrives.
    var nextArrival: MonotonicTime? { heap.first?.arrival }

    mutating func carry(_ request: [UInt8], sequence: UInt64, at now: MonotonicTime, _ family: IPFamily) {
        for answer in answers(sequence) {
            var bytes = request
            if case .reply = answer.content { bytes = Message.reply(to: request, family) }
            carried += 1
            push(
                Delivery(
                    arrival: now + answer.delay, sequence: sequence, bytes: bytes, content: answer.content,
                    order: carried))
        }
    }

    /// The next answer that has arrived by now; of those that arrive at the same moment, the one sent first.
    mutating func deliver(at now: MonotonicTime) -> Delivery? {
        guard let first = heap.first, first.arrival <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        sink()
        return first
    }

    private mutating func push(_ delivery: Delivery) {
        heap.append(delivery)
        var child = heap.count - 1
        while child > 0, comesBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let child = left + 1 < heap.count && comesBefore(left + 1, left) ? left + 1 : left
            guard comesBefore(child, parent) else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }

    private func comesBefore(_ a: Int, _ b: Int) -> Bool {
        (heap[a].arrival, heap[a].order) < (heap[b].arrival, heap[b].order)
    }
}
