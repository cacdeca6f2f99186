import Addresses
import Testing

@testable import Probing

/// What scans make of answers, and how they count.
struct ScanAnswerTests {
    typealias Network = SweepNetwork<ScanSession>
    private static let key = SipHash(key: (7, 8))
    private static let start = MonotonicTime(nanoseconds: 1_000_000_000)

    private func network(
        _ word: String, _ method: SweepMethod = .echo, _ change: (inout ScanConfiguration) -> Void = { _ in }
    ) throws -> Network {
        var configuration = ScanConfiguration(
            ipv4: AddressSet([AddressRange<IPv4Address>(word)].compactMap(\.self)),
            ipv6: AddressSet([AddressRange<IPv6Address>(word)].compactMap(\.self)), seed: 42)
        change(&configuration)
        let session = try #require(ScanSession(configuration, key: Self.key, at: Self.start))
        return Network(session, SweepProbeFormat(method, key: Self.key))
    }

    /// The next probe.
    private func probe(_ network: inout Network) throws -> SweepProbe {
        guard case .send(let probe) = network.session.next(at: network.now) else {
            return try #require(nil, "there is no probe")
        }
        return probe
    }

    @Test("an address that answers every attempt is one, however many others answer")
    func attempts() throws {
        var network = try network("198.18.0.0/15") { $0.attempts = 2 }
        while case .send(let probe) = network.session.next(at: network.now) {
            network.now = network.now + .nanoseconds(1000)
            network.receive(Network.reply(to: probe, network.format), from: probe.destination)
        }
        let totals = network.session.totals
        #expect(totals.sent == 1 << 18 && totals.targets == 1 << 17)
        #expect(totals.alive == 1 << 17 && totals.duplicates == 1 << 17 && totals.received == 1 << 18)
    }

    @Test("a router's error is about the address that its quote proves, and makes nobody alive")
    func errors() throws {
        var network = try network("198.18.0.0/24")
        let probe = try probe(&network)
        let router = IPAddress.v4(IPv4Address(rawValue: 0xC613_0001))
        network.receive(
            Network.error(type: 3, code: 1, quoting: probe, network.format, bytes: 64), from: router)
        guard case .error(let error)? = network.log.last?.event else {
            Issue.record("no error")
            return
        }
        #expect(error.address == probe.destination && error.source == router && error.number == nil)
        #expect(network.session.totals.errors == 1 && network.session.totals.alive == 0)
        #expect(network.session.totals.received == 0)
        // The answer that comes nevertheless counts.
        network.receive(Network.reply(to: probe, network.format), from: probe.destination)
        #expect(network.session.totals.alive == 1)
    }

    @Test("an error that quotes a probe of another program is none of ours")
    func errorsOfOthers() throws {
        var network = try network("198.18.0.0/24")
        let probe = try probe(&network)
        let other = SweepProbeFormat(.echo, key: SipHash(key: (9, 9)))
        network.receive(Network.error(type: 3, code: 1, quoting: probe, other, bytes: 64), from: probe.destination)
        #expect(network.session.totals.errors == 0 && network.log.isEmpty)
    }

    @Test("a closed port is known, and is neither alive nor a round trip")
    func closed() throws {
        var network = try network("198.18.0.0/24", .tcp(port: 80))
        let probe = try probe(&network)
        var reset = Network.reply(to: probe, network.format)
        // RST and ACK.
        reset[13] = 0x14
        network.receive(reset, from: probe.destination)
        network.receive(reset, from: probe.destination)
        let totals = network.session.totals
        #expect(totals.closed == 1 && totals.alive == 0 && totals.duplicates == 1)
        #expect(totals.roundTrips.minimum == nil)
    }

    @Test(
        "a time of sending that can't be is no round trip, and the answer counts all the same",
        arguments: [0, 999_999_999, 1_000_000_001, .max, .min, -1] as [Int64])
    func times(sent: Int64) throws {
        var network = try network("2001:db8::/120")
        let probe = try probe(&network)
        var reply = Network.reply(to: probe, network.format)
        for byte in 0..<8 { reply[24 + byte] = UInt8(truncatingIfNeeded: sent >> (56 - 8 * byte)) }
        network.receive(reply, from: probe.destination)
        guard case .reply(let known)? = network.log.last?.event else {
            Issue.record("no reply")
            return
        }
        #expect(known.roundTrip == nil && known.isFirst && network.session.totals.alive == 1)
    }

    @Test("an attempt that was never made is not answered")
    func attemptsNeverMade() throws {
        var network = try network("198.18.0.0/24") { $0.attempts = 2 }
        var probe = try probe(&network)
        probe.index = 2
        network.receive(Network.reply(to: probe, network.format), from: probe.destination)
        #expect(network.session.totals.received == 0 && network.log.isEmpty)
        probe.index = 1
        network.receive(Network.reply(to: probe, network.format), from: probe.destination)
        #expect(network.session.totals.received == 1)
    }
}
