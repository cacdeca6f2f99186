import Addresses
import Sockets
import SystemPackage
import Testing

/// Ancillary data as the kernel gives it.
@Suite struct ControlMessageTests {
    @Test("a message tells the TTL or hop limit that it arrived with", arguments: Loopback.available)
    func hopLimit(loopback: Loopback) throws {
        let receiver = try loopback.boundSocket()
        try receiver.setOption(loopback == .ipv4 ? .ipv4ReceiveTimeToLive : .ipv6ReceiveHopLimit, to: true)
        let sender = try loopback.boundSocket()
        try sender.setOption(loopback == .ipv4 ? .ipv4TimeToLive : .ipv6HopLimit, to: 37)
        try sender.send([[1]], to: try receiver.localAddress())
        #expect(try receiver.messages(1).map(\.hopLimit) == [37])
    }

    @Test("nothing was asked for: nothing comes")
    func nothing() throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.send([[1]], to: try socket.localAddress())
        #expect(try socket.messages(1)[0].controlMessages.isEmpty)
    }

    // RFC 791 §3.1: record route, 11 bytes, two slots; sender and receiver are this host, which records itself once.
    @Test("a message tells the IPv4 options that it arrived with")
    func ipv4Options() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        try receiver.setOption(.ipv4ReceiveOptions, to: true)
        let sender = try Loopback.ipv4.boundSocket()
        try sender.setOption(.ipv4Options, to: [7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0])
        try sender.send([[1]], to: try receiver.localAddress())
        let options = try #require(try receiver.messages(1)[0].ipv4Options)
        #expect(options == [7, 11, 12, 127, 0, 0, 1, 127, 0, 0, 1, 0])
    }

    @Test("ancillary data that has no room is left out, and the message says so", arguments: [0, 8, 16])
    func noRoom(size: Int) throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.setOption(.ipv4ReceiveTimeToLive, to: true)
        try socket.send([[1]], to: try socket.localAddress())
        try socket.waitUntil(.readable)
        var batch = ReceiveBatch(capacity: 1, messageSize: 16, controlSize: size)
        #expect(try socket.receive(into: &batch) == 1)
        let message = BatchMessage(batch[0])
        #expect(message.flags.contains(.controlTruncated))
        #expect(message.hopLimit == nil)
        #expect(message.bytes == [1])
    }

    @Test("each call has the whole room again, whatever the one before used", arguments: [1, 4])
    func roomAgain(capacity: Int) throws {
        let socket = try Loopback.ipv4.boundSocket()
        let address = try socket.localAddress()
        var batch = ReceiveBatch(capacity: capacity, messageSize: 16, controlSize: 24)
        for round in UInt8.min..<4 {
            // Without ancillary data, and then with it.
            try socket.setOption(.ipv4ReceiveTimeToLive, to: round % 2 == 1)
            try socket.send([[round, round]], to: address)
            try socket.waitUntil(.readable)
            #expect(try socket.receive(into: &batch, flags: .dontWait) == 1)
            let message = BatchMessage(batch[0])
            #expect(message.bytes == [round, round])
            #expect(message.source == address)
            #expect(message.controlMessages.count == Int(round % 2))
            #expect(try socket.receive(into: &batch, flags: .dontWait) == 0)
        }
    }

    @Test("what is not known here comes by its level, its type and its bytes")
    func other() throws {
        let socket = try Loopback.ipv4.boundSocket()
        // IP_RECVORIGDSTADDR, <linux/in.h>: level 0, number 20, a struct sockaddr_in.
        try socket.setOption(SocketOption<Bool>(level: 0, number: 20, name: "IP_RECVORIGDSTADDR"), to: true)
        try socket.send([[1]], to: try socket.localAddress())
        let messages = try socket.messages(1)[0].controlMessages
        guard case .other(0, 20, let range) = messages.first else {
            Issue.record("\(messages)")
            return
        }
        #expect(range == 16..<32)
    }

    /// The queue holds in order what was kept, each with the number that was dropped before it: whatever the timing,
    /// what was dropped and what was kept add up to the place in which a message was sent.
    @Test("SO_RXQ_OVFL counts what the receive buffer had no room for")
    func dropCount() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        try receiver.setOption(.receiveDropCount, to: true)
        try receiver.setOption(.receiveBufferSize, to: 0)
        let address = try receiver.localAddress()
        let sender = try Loopback.ipv4.boundSocket()
        func datagram(_ index: Int) -> [UInt8] {
            [UInt8(truncatingIfNeeded: index), UInt8(truncatingIfNeeded: index >> 8)]
                + [UInt8](repeating: 0, count: 998)
        }
        try sender.send((0..<100).map(datagram), to: address)
        var received = 0
        var index = 100
        var dropped: UInt32 = 0
        var batch = ReceiveBatch(capacity: 100, messageSize: 1000)
        // Messages tell of what was dropped before they came: the next ones tell of the flood.
        while dropped == 0 {
            try sender.send([datagram(index)], to: address)
            index += 1
            try receiver.waitUntil(.readable)
            for place in 0..<(try receiver.receive(into: &batch, flags: .dontWait)) {
                let message = BatchMessage(batch[place])
                dropped = message.dropCount ?? 0
                #expect(Int(message.bytes[0]) | Int(message.bytes[1]) << 8 == received + Int(dropped))
                received += 1
            }
        }
    }
}
