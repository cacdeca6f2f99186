/// Which request the kernel means by the number of a transmit timestamp: it counts the packets of a socket from 0.
struct TransmitNumbers {
    private static let capacity: UInt32 = 1024
    private var next: UInt32 = 0
    private var sequences = [(number: UInt32, sequence: UInt64)](repeating: (0, 0), count: Int(capacity))

    /// So many packets went out for a request; the first stands for it.
    mutating func sent(_ sequence: UInt64, packets: Int) {
        for packet in 0..<packets {
            sequences[Int(next % Self.capacity)] = (next, packet == 0 ? sequence : 0)
            next &+= 1
        }
    }

    /// The request whose packet has this number, `nil` when it is not known.
    func sequence(of number: UInt32) -> UInt64? {
        let entry = sequences[Int(number % Self.capacity)]
        return entry.number == number && entry.sequence != 0 ? entry.sequence : nil
    }

    /// The kernel counts from 0 again.
    mutating func restart() {
        for index in sequences.indices { sequences[index].sequence = 0 }
        next = 0
    }
}
