import Addresses
import Packets
import Testing

@testable import Probing

@Suite("Redirects and source quenches are notices")
struct NoticeTests {
    private static let us = IPv4Address(rawValue: 0xC612_00FE)
    private static let target = IPv4Address(rawValue: 0xC612_0001)
    private static let gateway = IPv4Address(rawValue: 0xC612_0009)

    private func session() -> PingSession {
        var session = PingSession(.pinging(), at: origin)
        for _ in 0..<3 { session.sent(at: origin) }
        return session
    }

    /// An ICMP message that quotes the start of a packet as RFC 792 has it: the header and eight bytes.
    private static func message(_ body: ICMPv4Message.Body, quoting packet: [UInt8]) -> [UInt8] {
        serialized { ICMPv4Message(body).serialize(into: &$0, payload: Array(packet.prefix(28)).span.bytes) }
    }

    private static func request(_ number: UInt16, identifier: UInt16 = ourIdentifier) -> [UInt8] {
        Message.packet(Message.echoRequest(.v4, number, identifier: identifier), from: us, to: target)
    }

    @Test("a redirect that quotes one of our requests names it and the gateway, and ends nothing")
    func redirect() throws {
        var session = session()
        let message = Self.message(.redirect(.host, gateway: Self.gateway), quoting: Self.request(2))
        let notice = session.received(message, from: IPFamily.v4.router, at: origin).notice
        let error = ICMPError(family: .v4, type: 5, code: 1, information: Self.gateway.rawValue)
        #expect(notice == PathError(sequence: 2, source: IPFamily.v4.router, error: error))
        #expect(session.counts == Counts(transmitted: 3))
        #expect(session.received(Message.echoReply(.v4, 2), from: IPFamily.v4.target, at: origin).reply != nil)
    }

    @Test("a source quench that quotes one of our requests is a notice")
    func sourceQuench() {
        var session = session()
        let message = Self.message(.sourceQuench, quoting: Self.request(3))
        let notice = session.received(message, from: IPFamily.v4.router, at: origin).notice
        let error = ICMPError(family: .v4, type: 4, code: 0)
        #expect(notice == PathError(sequence: 3, source: IPFamily.v4.router, error: error))
    }

    @Test("a redirect is not ours if what it quotes is not", arguments: foreign)
    func foreignQuote(_ quote: [UInt8]) {
        var session = session()
        let message = Self.message(.redirect(.host, gateway: Self.gateway), quoting: quote)
        #expect(session.received(message, from: IPFamily.v4.router, at: origin).isIgnored)
    }

    private static let foreign: [[UInt8]] = [
        [], Array(request(2).prefix(27)), Array(request(2).prefix(19)), [UInt8](repeating: 0xFF, count: 28),
        request(9), request(2, identifier: ourIdentifier ^ 1),
        Message.packet(Message.echoRequest(.v4, 2), from: us, to: gateway),
        Message.packet(Message.echoReply(.v4, 2), from: us, to: target),
    ]

    @Test("a redirect with a wrong checksum is not believed")
    func badChecksum() {
        var session = session()
        var message = Self.message(.redirect(.host, gateway: Self.gateway), quoting: Self.request(2))
        message[7] ^= 1
        #expect(session.received(message, from: IPFamily.v4.router, at: origin).isIgnored)
    }
}
