import Addresses
import Probing
import Testing

@Suite("What goes out")
struct PingRequestTests {
    /// Requests of `ping -c 1 -e 4711 -s 24` (iputils 20221126) to 127.0.0.1 and ::1, captured on the loopback
    /// interface of a network namespace, from the ICMP type on. The payload begins with the time of day: seconds and
    /// microseconds.
    private static let captured = bytes("08007ddc12670001b12a036b0000000060d50600000000001011121314151617")
    private static let capturedIPv6 = bytes("8000c27b12670001b12a036b00000000a3d90600000000001011121314151617")

    @Test("a request is byte for byte that of ping")
    func sameAsPing() {
        let configuration = PingConfiguration.pinging { $0.payload = PingPayload(count: 24) }
        // 0x6b032ab1 s and 0x6d560 µs, little-endian in the capture.
        let timeOfDay: Int64 = 0x6b03_2ab1 * 1_000_000_000 + 0x6d560 * 1000
        #expect(PingSession(configuration, at: origin).request(timeOfDay: timeOfDay) == Self.captured)
    }

    @Test("an ICMPv6 request is that of ping but for the checksum, which the kernel fills in")
    func sameAsPing6() {
        let configuration = PingConfiguration.pinging(.v6) { $0.payload = PingPayload(count: 24) }
        let timeOfDay: Int64 = 0x6b03_2ab1 * 1_000_000_000 + 0x6d9a3 * 1000
        var expected = Self.capturedIPv6
        (expected[2], expected[3]) = (0, 0)
        #expect(PingSession(configuration, at: origin).request(timeOfDay: timeOfDay) == expected)
    }

    @Test("a payload without room for a timestamp has none", arguments: 0..<16)
    func shortPayload(_ count: Int) {
        let configuration = PingConfiguration.pinging { $0.payload = PingPayload(count: count) }
        let request = PingSession(configuration, at: origin).request(timeOfDay: .max)
        #expect(Array(request.dropFirst(8)) == (0..<count).map { UInt8($0) })
    }

    @Test("a pattern is repeated, and counts from the start of the payload")
    func pattern() {
        let payload = PingPayload(count: 20, pattern: [0xDE, 0xAD, 0xBE])
        let configuration = PingConfiguration.pinging { $0.payload = payload }
        let request = PingSession(configuration, at: origin).request()
        // Bytes 16 to 19 of a pattern of three.
        #expect(Array(request.suffix(4)) == [0xAD, 0xBE, 0xDE, 0xAD])
    }

    @Test("the largest payload goes out whole")
    func largest() {
        let configuration = PingConfiguration.pinging { $0.payload = PingPayload(count: 65_507) }
        let session = PingSession(configuration, at: origin)
        #expect(session.request().count == 65_515)
        #expect(session.request().last == UInt8(truncatingIfNeeded: 65_506))
    }
}
