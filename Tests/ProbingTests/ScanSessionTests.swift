import Addresses
import Testing

@testable import Probing

/// Scans that keep no record, in virtual time.
struct ScanSessionTests {
    typealias Network = SweepNetwork<ScanSession>
    private static let key = SipHash(key: (7, 8))
    private static let start = MonotonicTime(nanoseconds: 1_000_000_000)

    private func ranges(_ words: String...) -> ScanConfiguration {
        ScanConfiguration(
            ipv4: AddressSet(words.compactMap { AddressRange<IPv4Address>($0) }),
            ipv6: AddressSet(words.compactMap { AddressRange<IPv6Address>($0) }), seed: 42)
    }

    private func network(_ configuration: ScanConfiguration) throws -> Network {
        let session = try #require(ScanSession(configuration, key: Self.key, at: Self.start))
        return Network(session, SweepProbeFormat(.echo, key: Self.key))
    }

    @Test func everyAddressIsAskedOnceAndNoneInOrder() throws {
        var network = try network(ranges("198.18.0.0/22", "198.19.0.7", "2001:db8::/120"))
        network.run()
        #expect(network.sent.count == 1024 + 1 + 256)
        #expect(Set(network.sent.map(\.destination)).count == network.sent.count)
        let totals = network.session.totals
        #expect(totals.alive == 1281 && totals.targets == 1281 && totals.expected == 1281)
        #expect(network.sent.map(\.destination) != network.sent.map(\.destination).sorted())
        #expect(totals.roundTrips.minimum == .milliseconds(10) && totals.roundTrips.maximum == .milliseconds(10))
    }

    @Test(arguments: 1...7)
    func shardsAreDisjointAndComplete(shards: Int) throws {
        for words in ["198.18.0.0/26", "198.18.0.0-198.18.0.2", "198.18.0.9"] {
            var all: [IPAddress] = []
            for shard in 0..<shards {
                var configuration = ranges(words)
                (configuration.shard, configuration.shards) = (UInt64(shard), UInt64(shards))
                var network = try network(configuration)
                network.run()
                #expect(network.session.totals.expected == UInt64(network.sent.count))
                #expect(network.session.totals.alive == network.sent.count)
                all += network.sent.map(\.destination)
            }
            let count = Int(ranges(words).addressCount ?? 0)
            #expect(all.count == count && Set(all).count == count)
        }
    }

    @Test(arguments: [1, 3], [0, 1, 17, 63, 64, 100, 191])
    func whatWasInterruptedGoesOn(attempts: Int, stop: Int) throws {
        for shards in [1, 5] as [UInt64] {
            var configuration = ranges("198.18.0.0/26")
            configuration.attempts = UInt64(attempts)
            (configuration.shard, configuration.shards) = (shards / 2, shards)
            configuration.rate = 1000
            var first = try network(configuration)
            var sent: [SweepProbe] = []
            while sent.count < stop, case let step = first.session.next(at: first.now) {
                if case .send(let probe) = step {
                    sent.append(probe)
                } else if case .wait(let end?) = step, !first.session.hasSentAll {
                    first.now = end
                } else {
                    break
                }
            }
            first.session.interrupt()
            if case .finished = first.session.next(at: first.now) {} else { Issue.record("it goes on") }
            (configuration.seed, configuration.position) = first.session.resumption
            var second = try network(configuration)
            second.run()
            let all = (sent + second.sent).map { [$0.destination.description, "\($0.index)"] }
            let own = Int(first.session.totals.expected ?? 0) * attempts
            #expect(all.count == own && Set(all).count == own)
        }
    }

    @Test func duplicatesAreToldAndCountOnce() throws {
        var network = try network(ranges("198.18.0.0/24"))
        network.answers = { _ in [.init(after: .milliseconds(3)), .init(after: .milliseconds(4))] }
        network.run()
        let totals = network.session.totals
        #expect(totals.alive == 256 && totals.duplicates == 256 && totals.received == 512)
    }

    @Test func whoDoesNotKnowTheKeyDoesNotCount() throws {
        var network = try network(ranges("198.18.0.0/24"))
        let stale = SweepProbeFormat(.echo, key: SipHash(key: (9, 9)))
        network.answers = { _ in [] }
        for _ in 0..<256 {
            guard case .send(let probe) = network.session.next(at: network.now) else { continue }
            network.receive(Network.reply(to: probe, stale), from: probe.destination)
            // Nor does the right answer from an address that has not been asked, or from another that has.
            let other = IPv4Address(rawValue: 0xC612_0100)
            network.receive(Network.reply(to: probe, network.format), from: .v4(other))
            let neighbour = IPv4Address(rawValue: 0xC612_00FF)
            if probe.destination != .v4(neighbour) {
                network.receive(Network.reply(to: probe, network.format), from: .v4(neighbour))
            }
        }
        #expect(network.session.totals.received == 0 && network.log.isEmpty)
    }

    @Test func anotherShardsAnswersAreItsOwn() throws {
        var configuration = ranges("198.18.0.0/24")
        configuration.shards = 2
        var first = try network(configuration)
        configuration.shard = 1
        var second = try network(configuration)
        guard case .send(let probe) = second.session.next(at: second.now) else { return }
        first.receive(Network.reply(to: probe, first.format), from: probe.destination)
        #expect(first.session.totals.received == 0)
        second.receive(Network.reply(to: probe, second.format), from: probe.destination)
        #expect(second.session.totals.alive == 1)
    }

    @Test func theScanWaitsForTheLastAnswersAndNoLonger() throws {
        var configuration = ranges("198.18.0.0/30")
        configuration.timeout = .milliseconds(700)
        var network = try network(configuration)
        network.answers = { _ in [.init(after: .milliseconds(699))] }
        network.run()
        #expect(network.session.totals.alive == 4)
        #expect(network.now - Self.start == .milliseconds(700))
    }

    @Test(arguments: ["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/65"])
    func hugeRangesBeginAtOnce(word: String) throws {
        var network = try network(ranges(word))
        var asked: Set<IPAddress> = []
        for _ in 0..<10_000 {
            guard case .send(let probe) = network.session.next(at: network.now) else { continue }
            asked.insert(probe.destination)
        }
        #expect(asked.count == 10_000)
    }

    @Test func whatCanNotBeIsNoSession() {
        #expect(ScanSession(ranges("::/0"), key: Self.key, at: Self.start) == nil)
        var configuration = ranges("198.18.0.0/24")
        (configuration.shard, configuration.shards) = (3, 3)
        #expect(ScanSession(configuration, key: Self.key, at: Self.start) == nil)
        configuration = ranges("2001:db8::/65")
        configuration.attempts = 2
        #expect(ScanSession(configuration, key: Self.key, at: Self.start) == nil)
    }

    @Test func reservedAddressesAreLeftOutOfWhatHoldsMore() throws {
        let everything = try #require(AddressRange<IPv4Address>("0.0.0.0/0"))
        let left = AddressSet([everything]).subtracting(ReservedAddresses.within(everything))
        for word in ["10.1.2.3", "127.0.0.1", "224.0.0.1", "255.255.255.255", "192.168.0.1", "198.18.0.1", "0.0.0.0"] {
            #expect(!left.contains(try #require(IPv4Address(word))), "\(word)")
        }
        for word in ["1.1.1.1", "9.255.255.255", "11.0.0.0", "223.255.255.255"] {
            #expect(left.contains(try #require(IPv4Address(word))), "\(word)")
        }
        let meant = try #require(AddressRange<IPv4Address>("10.0.0.0/8"))
        #expect(AddressSet([meant]).subtracting(ReservedAddresses.within(meant)).count == 1 << 24)
        let groups = try #require(AddressRange<IPv6Address>("ff00::/8"))
        #expect(AddressSet([groups]).subtracting(ReservedAddresses.within(groups)).isEmpty)
    }
}
