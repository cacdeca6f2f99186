import Addresses
import Glibc
import Testing

@testable import Sockets

/// Ancillary data that the kernel would not give: whatever the bytes, nothing traps and nothing outside them is read.
@Suite struct MalformedControlTests {
    private static func messages(in bytes: [UInt8]) -> [ControlMessage] {
        ControlMessages(bytes.span.bytes).all
    }

    /// A control message with this length in its header.
    private static func message(length: UInt64, level: Int32 = 0, type: Int32 = IP_TTL, data: [UInt8] = []) -> [UInt8] {
        func bytes<T>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        return bytes(length) + bytes(level) + bytes(type) + data
    }

    @Test("the captured bytes of an ICMP error read as what was sent")
    func ipv4PortUnreachable() throws {
        let messages = Self.messages(in: CapturedControlMessages.ipv4PortUnreachable)
        try #require(messages.count == 4)
        guard case .timestamps(software: 0x6B03_2913 * 1_000_000_000 + 0x32AB_1725, hardware: 0) = messages[0],
            case .hopLimit(64) = messages[1], case .ipv4Options(104..<116) = messages[2],
            case .extendedError(let error) = messages[3]
        else {
            Issue.record("\(messages)")
            return
        }
        #expect(error.origin == .icmp)
        #expect(error.errorNumber == ECONNREFUSED)
        #expect(error.type == 3)
        #expect(error.code == 3)
        #expect(error.offender == .ipv4(IPv4Address(rawValue: 0x7F00_0008), port: 0))
    }

    @Test("the captured bytes of an ICMPv6 error read as what was sent")
    func ipv6PortUnreachable() throws {
        let messages = Self.messages(in: CapturedControlMessages.ipv6PortUnreachable)
        try #require(messages.count == 3)
        guard case .hopLimit(64) = messages[1], case .extendedError(let error) = messages[2] else {
            Issue.record("\(messages)")
            return
        }
        #expect(error.origin == .icmpv6)
        #expect(error.type == 1)
        #expect(error.code == 4)
        #expect(error.offender == .ipv6(.loopback, port: 0))
    }

    @Test("an entry without an offender has none")
    func noOffender() {
        guard case .extendedError(let error) = Self.messages(in: CapturedControlMessages.ipv4Transmitted).last else {
            Issue.record("no extended error")
            return
        }
        #expect(error.origin == .timestamping)
        #expect(error.offender == nil)
    }

    @Test(
        "cut anywhere, the messages before the cut are whole, and the rest is left out",
        arguments: CapturedControlMessages.all)
    func everyCut(bytes: [UInt8]) {
        let whole = Self.messages(in: bytes).map { "\($0)" }
        for length in 0..<bytes.count {
            let messages = Self.messages(in: Array(bytes.prefix(length))).map { "\($0)" }
            #expect(messages.count < whole.count || length > bytes.count - 8, "cut at \(length)")
            #expect(Array(whole.prefix(messages.count)) == messages, "cut at \(length)")
        }
    }

    @Test(
        "with any byte changed to any other, every range lies within the bytes", arguments: CapturedControlMessages.all)
    func everyByte(bytes: [UInt8]) {
        for place in bytes.indices {
            var changed = bytes
            for value in UInt8.min ... .max {
                changed[place] = value
                let messages = Self.messages(in: changed)
                guard messages.count <= bytes.count / 16, messages.allSatisfy({ $0.isWithin(bytes.count) }) else {
                    Issue.record("byte \(place) changed to \(value)")
                    return
                }
            }
        }
    }

    @Test(
        "a length that is less than a header or more than there is ends the messages",
        arguments: [0, 1, 15, 21, 1 << 31, 1 << 32, 1 << 63, .max - 7, .max] as [UInt64])
    func impossibleLength(length: UInt64) {
        #expect(Self.messages(in: Self.message(length: length, data: [64, 0, 0, 0])).isEmpty)
    }

    @Test("after the end there is nothing more, however often it is asked for")
    func afterTheEnd() {
        let bytes = Self.message(length: 20, data: [64, 0, 0, 0])
        var messages = ControlMessages(bytes.span.bytes)
        #expect(messages.next() != nil)
        #expect(messages.next() == nil)
        #expect(messages.next() == nil)
    }

    @Test("a message without padding at the very end is read")
    func noPadding() {
        guard case .hopLimit(64) = Self.messages(in: Self.message(length: 20, data: [64, 0, 0, 0])).first else {
            Issue.record("not read")
            return
        }
    }

    @Test(
        "data shorter than its type's is handed over as it is",
        arguments: [
            (0, IP_TTL, 3), (Int32(IPPROTO_IPV6), IPV6_HOPLIMIT, 3), (SOL_SOCKET, SO_RXQ_OVFL, 3),
            (SOL_SOCKET, SO_TIMESTAMPING, 47), (0, IP_RECVERR, 15), (Int32(IPPROTO_IPV6), IPV6_RECVERR, 15),
        ])
    func shortData(level: Int32, type: Int32, count: Int) {
        let bytes = Self.message(
            length: UInt64(16 + count), level: level, type: type, data: [UInt8](repeating: 0xFF, count: count))
        let messages = Self.messages(in: bytes)
        guard case .other(level, type, 16..<(16 + count)) = messages.first else {
            Issue.record("\(messages)")
            return
        }
    }

    @Test("times that overflow are numbers and not traps")
    func overflowingTimes() {
        let bytes = Self.message(
            length: 64, level: SOL_SOCKET, type: SO_TIMESTAMPING, data: [UInt8](repeating: 0x7F, count: 48))
        #expect(Self.messages(in: bytes).count == 1)
    }
}

extension ControlMessage {
    fileprivate func isWithin(_ count: Int) -> Bool {
        switch self {
        case .ipv4Options(let range), .other(_, _, let range): range.lowerBound >= 16 && range.upperBound <= count
        default: true
        }
    }
}
