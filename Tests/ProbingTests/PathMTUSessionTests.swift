import Addresses
import Packets
import SimulatedNetworks
import Testing

@testable import Probing

@Suite("Path MTU")
struct PathMTUSessionTests {
    private static let families: [IPFamily] = [.v4, .v6]

    private func discover(
        _ text: String, _ family: IPFamily, from maximum: Int = 1500, method: TraceMethod = .udp(port: 33434),
        to host: String = "host", maximumHops: UInt8 = 8
    ) throws -> SimulatedRun<PathMTUSession> {
        try run(SimulatedNetwork(parsing: text), family, from: maximum, method: method, to: host, maximumHops)
    }

    private func run(
        _ network: SimulatedNetwork, _ family: IPFamily, from maximum: Int = 1500,
        method: TraceMethod = .udp(port: 33434), to host: String = "host", _ maximumHops: UInt8 = 8
    ) throws -> SimulatedRun<PathMTUSession> {
        let destination = network.address(of: host, family)
        var configuration = PathMTUConfiguration(to: destination, maximumLength: maximum)
        configuration.path.maximumHops = maximumHops
        let start = MonotonicTime(nanoseconds: 1_000)
        var format = TraceProbeFormat(method, from: SimulatedNetwork.prober(family), to: destination, key: 4711)
        format.dontFragment = true
        return try SimulatedRun(PathMTUSession(configuration, at: start), format, over: network, from: start)
    }

    private func sizes(_ run: SimulatedRun<PathMTUSession>) -> [Int?] { run.session.result.hops.map(\.mtu) }

    // MARK: - Told

    @Test("where every link takes as much as the first, every hop is sized by one large packet", arguments: families)
    func sameEverywhere(family: IPFamily) throws {
        let run = try discover("path prober r1 r2 host", family)
        #expect(run.session.result.mtu == 1500)
        #expect(run.session.result.limits.isEmpty)
        #expect(run.session.result.destinationHop == 3)
        #expect(run.session.result.hops.map(\.isDestination) == [false, false, true])
        #expect(run.probes.count { $0.probe.packetLength == 1500 } == 3)
    }

    @Test("the routers in front of smaller links tell what those take", arguments: families)
    func told(family: IPFamily) throws {
        let network = try SimulatedNetwork(named: "mtu-step")
        let run = try run(network, family)
        let (r1, r2) = (network.address(of: "r1", family), network.address(of: "r2", family))
        #expect(sizes(run) == [1500, 1400, 1300, 1300])
        #expect(
            run.session.result.limits == [
                PathMTULimit(lastHop: 1, nextHop: 2, mtu: 1400, previousMTU: 1500, evidence: .told(by: r1)),
                PathMTULimit(lastHop: 2, nextHop: 3, mtu: 1300, previousMTU: 1400, evidence: .told(by: r2)),
            ])
        // Three round trips to the furthest hop that is asked, and nothing waited for in vain.
        #expect(run.end <= .milliseconds(4 * 32))
    }

    @Test("a limit is told before the hops behind it", arguments: families)
    func order(family: IPFamily) throws {
        let run = try run(SimulatedNetwork(named: "mtu-step"), family)
        let words = run.events.compactMap { item -> String? in
            switch item.event {
            case .hop(let hop): "\(hop.hopLimit)"
            case .limit(let limit): "to \(limit.mtu)"
            case .ownLink, .probe: nil
            }
        }
        #expect(words == ["1", "to 1400", "2", "to 1300", "3", "4"])
    }

    @Test("what a router says is not believed where it can't be", arguments: families, [0, 67, 1500, 9000])
    func toldWrongly(family: IPFamily, claim: Int) throws {
        let text = "path prober r1 r2 r3 host\nlink r2 r3 mtu 1400 tells \(claim)"
        let run = try discover(text, family)
        #expect(sizes(run) == [1500, 1500, 1400, 1400])
        let r2 = try SimulatedNetwork(parsing: text).address(of: "r2", family)
        let evidence = PathMTULimit.Evidence.toldWrongly(by: r2, size: UInt32(claim))
        #expect(run.session.result.limits.map(\.evidence) == [evidence])
        #expect(run.session.result.limits.map(\.mtu) == [1400])
    }

    @Test("IPv6 routers that say less than 1280 are not believed, IPv4 routers are")
    func belowTheMinimumOfIPv6() throws {
        let text = "path prober r1 host\nlink r1 host mtu 1400 tells 1000"
        #expect(try sizes(discover(text, .v6)) == [1500, 1400])
        #expect(try sizes(discover(text, .v4)) == [1500, 1000])
    }

    @Test("a router that says too much is asked again")
    func toldTooMuch() throws {
        let run = try discover("path prober r1 host\nlink r1 host mtu 1300 tells 1450", .v4)
        #expect(sizes(run) == [1500, 1300])
    }

    @Test("a router that only tells of large packets and answers nothing else is still heard", arguments: families)
    func hiddenRouter(family: IPFamily) throws {
        let run = try discover("path prober r1 r2 host\nr1 silent udp\nlink r2 host mtu 1400", family)
        #expect(sizes(run) == [nil, 1500, 1400])
    }

    // MARK: - Found

    @Test(
        "a black hole is found by sizes alone, and between which hops it is", arguments: families,
        [1280, 1281, 1399, 1400, 1401, 1492, 1498, 1499])
    func blackHole(family: IPFamily, mtu: Int) throws {
        let run = try discover(
            "links delay 4ms\npath prober r1 r2 r3 host\nlink r2 r3 mtu \(mtu) hole", family)
        #expect(sizes(run) == [1500, 1500, mtu, mtu])
        #expect(
            run.session.result.limits == [
                PathMTULimit(lastHop: 2, nextHop: 3, mtu: mtu, previousMTU: 1500, evidence: .blackHole)
            ])
    }

    @Test("of what IPv4 links may take, every size is found", arguments: [68, 69, 100, 296, 575, 576, 577, 1006])
    func smallBlackHole(mtu: Int) throws {
        #expect(try sizes(discover("path prober r1 host\nlink r1 host mtu \(mtu) hole", .v4)) == [1500, mtu])
    }

    @Test("a link that takes less than IPv6 demands is found out, too")
    func belowTheMinimum() throws {
        #expect(try sizes(discover("path prober r1 host\nlink r1 host mtu 1000 hole", .v6)) == [1500, 1000])
    }

    @Test("large first links are no trouble", arguments: [9000, 65535], [1500, 8999, 4000])
    func largeLinks(first: Int, mtu: Int) throws {
        let run = try discover("path prober r1 host\nlink r1 host mtu \(mtu) hole", .v4, from: first)
        #expect(sizes(run) == [first, mtu])
    }

    @Test("two black holes and a told step on one way are told apart", arguments: families)
    func severalLimits(family: IPFamily) throws {
        let run = try discover(
            """
            path prober r1 r2 r3 r4 host
            link r1 r2 mtu 1460 hole
            link r2 r3 mtu 1400
            link r4 host mtu 1300 hole
            """, family)
        #expect(sizes(run) == [1500, 1460, 1400, 1400, 1300])
        #expect(run.session.result.limits.map(\.evidence).map { $0 == .blackHole } == [true, false, true])
    }

    @Test("a black hole behind silent hops is located between those that answer", arguments: families)
    func blackHoleBehindSilence(family: IPFamily) throws {
        let run = try discover(
            "path prober r1 r2 r3 host\nr2 silent\nr3 silent\nlink r2 r3 mtu 1400 hole", family)
        #expect(sizes(run) == [1500, nil, nil, 1400])
        #expect(run.session.result.limits.map(\.lastHop) == [1])
        #expect(run.session.result.limits.map(\.nextHop) == [4])
    }

    // MARK: - This host's own link

    @Test("what does not leave this host says what its own link takes", arguments: [1500, nil])
    func ownLink(told: Int?) throws {
        var configuration = PathMTUConfiguration(to: SimulatedNetwork.prober(.v4))
        configuration.path.maximumHops = 1
        var now = MonotonicTime(nanoseconds: 0)
        var session = PathMTUSession(configuration, at: now)
        var isFinished = false
        for _ in 0..<1000 where !isFinished {
            switch session.next(at: now) {
            case .send(let probe) where (probe.packetLength ?? 0) > 1500:
                _ = session.notSent(probe, .tooLarge(mtu: told), at: now)
            case .send(let probe):
                session.sent(probe, at: now, wallClock: nil)
                let answer = TraceAnswer(token: probe.token, from: configuration.path.destination, .reply(.echo))
                _ = session.received(answer, at: Arrival(now: now))
            case .wait(let until): now = try #require(until)
            case .report: continue
            case .finished: isFinished = true
            }
        }
        #expect(isFinished)
        #expect(session.result.linkMTU == 1500)
        #expect(session.result.mtu == 1500)
        #expect(session.result.limits.isEmpty)
    }

    @Test("what the kernel refuses altogether is no black hole, and no reason to go on for ever")
    func refused() throws {
        var configuration = PathMTUConfiguration(to: SimulatedNetwork.prober(.v4))
        configuration.path.maximumHops = 1
        var now = MonotonicTime(nanoseconds: 0)
        var session = PathMTUSession(configuration, at: now)
        var isFinished = false
        for _ in 0..<1000 where !isFinished {
            switch session.next(at: now) {
            case .send(let probe) where probe.token >= 0x8000:
                _ = session.notSent(probe, [.refused(errno: 1), .queueFull][Int(probe.token) % 2], at: now)
            case .send(let probe):
                session.sent(probe, at: now, wallClock: nil)
                let answer = TraceAnswer(token: probe.token, from: configuration.path.destination, .reply(.echo))
                _ = session.received(answer, at: Arrival(now: now))
            case .wait(let until): now = try #require(until)
            case .report: continue
            case .finished: isFinished = true
            }
        }
        #expect(isFinished)
        #expect(session.result.mtu == nil)
        #expect(session.result.limits.isEmpty)
    }

    // MARK: - Not deceived

    @Test("routers that answer once a second are no black holes", arguments: families)
    func rateLimits(family: IPFamily) throws {
        let run = try discover(
            "path prober r1 r2 r3 host\nall limits 1/s burst 3\nhost limits 1/s burst 3", family)
        #expect(sizes(run) == [1500, 1500, 1500, 1500])
        #expect(run.session.result.limits.isEmpty)
    }

    @Test("a black hole is found by routers and a host that answer once a second", arguments: families, [1, 3, 6])
    func rateLimitedSearch(family: IPFamily, burst: Int) throws {
        let run = try discover(
            """
            path prober r1 r2 host
            all limits 1/s burst \(burst)
            link r1 r2 mtu 1437 hole
            """, family)
        #expect(sizes(run) == [1500, 1437, 1437])
    }

    private static let rates = [1, 2, 5, 10, 20, 50, 200]

    @Test("however few answers there are, they are no black hole", arguments: rates, 1...8)
    func fewAnswers(rate: Int, burst: Int) throws {
        let text = "path prober r1 r2 r3 host\nall limits \(rate)/s burst \(burst)"
        for family in Self.families {
            let run = try discover(text, family)
            #expect(run.session.result.limits.isEmpty)
            #expect(Set(sizes(run)).isSubset(of: [1500, nil]))
        }
    }

    @Test("however few answers there are, a black hole is where it is", arguments: rates, [1, 2, 5, 8])
    func fewAnswersBeforeAHole(rate: Int, burst: Int) throws {
        let text = "path prober r1 r2 r3 host\nall limits \(rate)/s burst \(burst)\nlink r2 r3 mtu 1437 hole"
        for family in Self.families {
            let run = try discover(text, family)
            #expect(run.session.result.mtu == 1437)
            #expect(run.session.result.limits.map(\.evidence) == [.blackHole])
            #expect(run.session.result.limits.map(\.mtu) == [1437])
        }
    }

    @Test("a router that has no answer left is given time to say what would do", arguments: families, rates)
    func toldLate(family: IPFamily, rate: Int) throws {
        let network = try SimulatedNetwork(
            parsing: "path prober r1 r2 host\nr1 limits \(rate)/s burst 2\nlink r1 r2 mtu 1400")
        let run = try run(network, family)
        #expect(sizes(run) == [1500, 1400, 1400])
        #expect(run.session.result.limits.map(\.evidence) == [.told(by: network.address(of: "r1", family))])
    }

    @Test("a destination that answers only late probes has the number that those quote")
    func overshoot() throws {
        var now = MonotonicTime(nanoseconds: 0)
        let destination = SimulatedNetwork.prober(.v4)
        var session = PathMTUSession(PathMTUConfiguration(to: destination, maximumLength: 1500), at: now)
        let router = try IPAddress(parsing: "198.18.0.1")
        var isFinished = false
        for _ in 0..<1000 where !isFinished {
            switch session.next(at: now) {
            case .send(let probe):
                session.sent(probe, at: now, wallClock: nil)
                // Three hops away; but of those that come there, the first eight are not answered.
                guard probe.hopLimit < 3 || probe.hopLimit > 6 else { continue }
                let isThere = probe.hopLimit > 6
                let portUnreachable = ICMPError(family: .v4, type: 3, code: 3)
                var answer = TraceAnswer(
                    token: probe.token, from: isThere ? destination : router,
                    isThere ? .error(portUnreachable) : .timeExceeded)
                answer.quotedHopLimit = isThere ? probe.hopLimit - 2 : 1
                _ = session.received(answer, at: Arrival(now: now))
            case .wait(let until): now = try #require(until)
            case .report: continue
            case .finished: isFinished = true
            }
        }
        #expect(session.result.hops.map(\.hopLimit) == [1, 2, 3])
        #expect(session.result.hops.map(\.mtu) == [1500, 1500, 1500])
        #expect(session.result.hops.map(\.isDestination) == [false, false, true])
        #expect(session.result.destinationHop == 3)
    }

    @Test("lost packets are no black hole", arguments: families, 1...20)
    func loss(family: IPFamily, seed: Int) throws {
        let run = try discover(
            """
            seed \(seed)
            path prober r1 r2 r3 host
            link r1 r2 loss 20%
            link r2 r3 mtu 1400 hole
            """, family, method: .icmp)
        let answering = run.session.result.hops.filter { $0.mtu != nil }
        #expect(answering.allSatisfy { $0.mtu == ($0.hopLimit <= 2 ? 1500 : 1400) })
        #expect(answering.contains { $0.hopLimit == 4 })
    }

    @Test("a hop that answers no more once it has been found says nothing about sizes", arguments: families)
    func goneSilent(family: IPFamily) throws {
        let run = try discover("path prober r1 r2 host\nr2 limits 1/s burst 2", family)
        #expect(run.session.result.limits.isEmpty)
        #expect(run.session.result.mtu == 1500)
    }

    // MARK: - Ends

    @Test("a silent destination has no size, and the hops before it have", arguments: families)
    func silentDestination(family: IPFamily) throws {
        let run = try discover("path prober r1 r2 host\nhost silent\nlink r1 r2 mtu 1400", family, maximumHops: 5)
        #expect(sizes(run) == [1500, 1400, nil, nil, nil])
        #expect(run.session.result.destinationHop == nil)
        #expect(run.session.result.mtu == 1400)
    }

    @Test("where nobody answers, nothing is known")
    func nobody() throws {
        let run = try discover("path prober r1 host\nall silent", .v4, maximumHops: 3)
        #expect(run.session.result.mtu == nil)
        #expect(sizes(run) == [nil, nil, nil])
    }

    @Test("probes of every protocol whose length is free find the same", arguments: families)
    func methods(family: IPFamily) throws {
        let network = try SimulatedNetwork(named: "mtu-step")
        let methods: [TraceMethod] = [
            .icmp, .udpLite(port: 53, coverage: 8), .dccp(port: 9, serviceCode: 1), .ip(IPProtocol(rawValue: 253)),
        ]
        for method in methods {
            #expect(try sizes(run(network, family, method: method)) == [1500, 1400, 1300, 1300])
        }
    }

    @Test("an interrupted discovery ends at once, and says what is known")
    func interruption() throws {
        let network = try SimulatedNetwork(parsing: "path prober r1 host\nlink r1 host mtu 1400 hole")
        let destination = network.address(of: "host", .v4)
        let start = MonotonicTime(nanoseconds: 0)
        let session = PathMTUSession(PathMTUConfiguration(to: destination, maximumLength: 1500), at: start)
        var format = TraceProbeFormat(.icmp, from: SimulatedNetwork.prober(.v4), to: destination, key: 1)
        format.dontFragment = true
        let run = try SimulatedRun(session, format, over: network, from: start, interruptedAt: .milliseconds(200))
        #expect(run.end <= .milliseconds(300))
        #expect(run.session.result.hops.map(\.mtu) == [1500])
    }
}
