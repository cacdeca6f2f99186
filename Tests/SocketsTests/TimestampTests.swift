import Glibc
import Sockets
import SystemPackage
import Testing

/// `SO_TIMESTAMPING`.
@Suite struct TimestampTests {
    private static let both: Timestamping = [
        .transmitSoftware, .receiveSoftware, .software, .packetNumbers, .timestampOnly,
    ]

    /// The kernel begins to take receive timestamps a moment after they are asked for: this is after that moment.
    private func timestamped(_ receiver: borrowing Socket, _ sender: borrowing Socket) throws -> Int64 {
        let address = try receiver.localAddress()
        for _ in 0..<10_000 {
            try sender.send([[0]], to: address)
            if let time = try receiver.messages(1)[0].timestamp { return time }
        }
        return 0
    }

    @Test("the time of arrival lies between sending and receiving, and grows", arguments: Loopback.available)
    func received(loopback: Loopback) throws {
        let receiver = try loopback.boundSocket()
        try receiver.setOption(.timestamping, to: [.receiveSoftware, .software])
        let sender = try loopback.boundSocket()
        var last = try timestamped(receiver, sender)
        for number in UInt8.min..<10 {
            let before = Machine.wallClock
            try sender.send([[number]], to: try receiver.localAddress())
            let time = try #require(try receiver.messages(1)[0].timestamp)
            #expect((max(before, last)...Machine.wallClock).contains(time))
            last = time
        }
    }

    @Test("packets that left are numbered from 0, each with its time and nothing else", arguments: Loopback.available)
    func transmitted(loopback: Loopback) throws {
        let receiver = try loopback.boundSocket()
        let sender = try loopback.boundSocket()
        try sender.setOption(loopback == .ipv4 ? .ipv4ReceiveErrors : .ipv6ReceiveErrors, to: true)
        try sender.setOption(.timestamping, to: Self.both)
        let before = Machine.wallClock
        try sender.send([[1], [2, 2], []], to: try receiver.localAddress())
        let entries = try sender.messages(3, flags: .errorQueue)
        #expect(entries.compactMap(\.extendedError?.data) == [0, 1, 2])
        #expect(entries.compactMap(\.extendedError?.origin) == [.timestamping, .timestamping, .timestamping])
        #expect(entries.allSatisfy { $0.extendedError?.errorNumber == ENOMSG && $0.bytes.isEmpty })
        let times = entries.compactMap(\.timestamp)
        #expect(times == times.sorted())
        #expect(times.count == 3 && times.allSatisfy((before...Machine.wallClock).contains))
    }

    @Test("a packet leaves before it arrives")
    func order() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        try receiver.setOption(.timestamping, to: [.receiveSoftware, .software])
        let sender = try Loopback.ipv4.boundSocket()
        _ = try timestamped(receiver, sender)
        try sender.setOption(.timestamping, to: Self.both)
        try sender.send([[1]], to: try receiver.localAddress())
        let left = try #require(try sender.messages(1, flags: .errorQueue)[0].timestamp)
        let arrived = try #require(try receiver.messages(1)[0].timestamp)
        #expect(left <= arrived)
    }

    @Test("switched off and on again, packets are numbered from 0")
    func numberedAgain() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        let address = try receiver.localAddress()
        let sender = try Loopback.ipv4.boundSocket()
        for _ in 0..<2 {
            try sender.setOption(.timestamping, to: [])
            try sender.setOption(.timestamping, to: Self.both)
            try sender.send([[1]], to: address)
            #expect(try sender.messages(1, flags: .errorQueue)[0].extendedError?.data == 0)
        }
    }

    @Test("a transmit timestamp without timestampOnly brings the packet back")
    func withPacket() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        let sender = try Loopback.ipv4.boundSocket()
        try sender.setOption(.timestamping, to: [.transmitSoftware, .software, .packetNumbers])
        try sender.send([[0xAB, 0xCD]], to: try receiver.localAddress())
        #expect(try sender.messages(1, flags: .errorQueue)[0].bytes.suffix(2) == [0xAB, 0xCD])
    }
}
