import Addresses
import Packets
import TestSupport
import Testing

@testable import Probing

struct PathErrorTests {
    private let now = origin + .ms(10)

    private func session(_ family: IPFamily, sent: Int = 3) -> PingSession {
        var session = PingSession(.pinging(family) { $0.timeout = .ms(500) }, at: origin)
        for _ in 0..<sent { session.sent(at: origin) }
        return session
    }

    @Test("an error that quotes one of our requests is that request's end", arguments: IPFamily.allCases)
    func quoted(_ family: IPFamily) throws {
        var session = session(family)
        let event = session.receivedError(
            unreachable(family), from: family.router, about: family.target, quoting: Message.echoRequest(family, 2))
        let error = PathError(sequence: 2, source: family.router, error: unreachable(family))
        #expect(try #require(event.pathError) == error)
        #expect(session.counts == Counts(transmitted: 3, errors: 1))
        #expect(session.inFlight == 1)
        let timedOut = (0..<3).compactMap { _ in session.next(at: origin + .ms(500)).event?.timedOut }
        #expect(timedOut == [1, 3])
    }

    @Test("eight quoted bytes are enough", arguments: IPFamily.allCases)
    func shortestQuote(_ family: IPFamily) {
        var session = session(family)
        let quote = Array(Message.echoRequest(family, 2).prefix(8))
        let event = session.receivedError(
            unreachable(family), from: family.router, about: family.target, quoting: quote)
        #expect(event.pathError?.sequence == 2)
    }

    @Test("fewer quoted bytes than eight are nobody's", arguments: IPFamily.allCases, 0..<8)
    func tooShort(_ family: IPFamily, _ count: Int) {
        expectIgnored(family, quote: Array(Message.echoRequest(family, 2).prefix(count)))
    }

    @Test("an error about someone else's request is not ours", arguments: IPFamily.allCases)
    func otherIdentifier(_ family: IPFamily) {
        expectIgnored(family, quote: Message.echoRequest(family, 2, identifier: ourIdentifier ^ 1))
    }

    @Test("an error about a number that was never sent is not ours", arguments: IPFamily.allCases, [0, 4] as [UInt16])
    func neverSent(_ family: IPFamily, _ number: UInt16) {
        expectIgnored(family, quote: Message.echoRequest(family, number))
    }

    @Test("an error about a packet to another destination is not ours", arguments: IPFamily.allCases)
    func otherDestination(_ family: IPFamily) {
        expectIgnored(family, about: family.stranger, quote: Message.echoRequest(family, 2))
    }

    @Test("an error about a packet of the other family is not ours", arguments: IPFamily.allCases)
    func otherFamily(_ family: IPFamily) {
        let other: IPFamily = family == .v4 ? .v6 : .v4
        expectIgnored(family, about: other.target, quote: Message.echoRequest(other, 2))
    }

    @Test("an error that quotes a reply is not about a request", arguments: IPFamily.allCases)
    func quotedReply(_ family: IPFamily) {
        expectIgnored(family, quote: Message.echoReply(family, 2))
    }

    @Test("errors with random quotes change no count", arguments: IPFamily.allCases)
    func garbage(_ family: IPFamily) {
        var session = session(family)
        var random = SplitMix64(seed: 4)
        for _ in 0..<20_000 {
            let quote = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = session.receivedError(
                unreachable(family), from: family.router, about: family.target, quoting: quote)
        }
        #expect(session.counts == Counts(transmitted: 3))
    }

    private func expectIgnored(
        _ family: IPFamily, about destination: IPAddress? = nil, quote: [UInt8],
        _ location: SourceLocation = #_sourceLocation
    ) {
        var session = session(family)
        let event = session.receivedError(
            unreachable(family), from: family.router, about: destination ?? family.target, quoting: quote)
        #expect(event.isIgnored, sourceLocation: location)
        #expect(session.counts == Counts(transmitted: 3), sourceLocation: location)
    }

    @Test("a second error about the same request changes nothing", arguments: IPFamily.allCases)
    func repeated(_ family: IPFamily) {
        var session = session(family)
        let quote = Message.echoRequest(family, 2)
        let events = [family.router, family.router, family.stranger].map {
            session.receivedError(unreachable(family), from: $0, about: family.target, quoting: quote)
        }
        #expect(events.map(\.isIgnored) == [false, true, true])
        #expect(session.counts == Counts(transmitted: 3, errors: 1))
    }

    @Test("an error about a request that was answered changes nothing", arguments: IPFamily.allCases)
    func answered(_ family: IPFamily) {
        var session = session(family)
        _ = session.received(Message.echoReply(family, 2), from: family.target, at: now)
        let event = session.receivedError(
            unreachable(family), from: family.router, about: family.target, quoting: Message.echoRequest(family, 2))
        #expect(event.isIgnored)
        #expect(session.counts == Counts(transmitted: 3, received: 1))
    }

    @Test("an error after the time-out counts", arguments: IPFamily.allCases)
    func late(_ family: IPFamily) {
        var session = session(family, sent: 1)
        #expect(session.next(at: origin + .ms(500)).event?.timedOut == 1)
        let event = session.receivedError(
            unreachable(family), from: family.router, about: family.target, quoting: Message.echoRequest(family, 1))
        #expect(event.pathError?.sequence == 1)
        #expect(session.counts == Counts(transmitted: 1, errors: 1))
    }

    @Test("an answer after an error counts as received", arguments: IPFamily.allCases)
    func answerAfterError(_ family: IPFamily) {
        var session = session(family, sent: 1)
        _ = session.receivedError(
            unreachable(family), from: family.router, about: family.target, quoting: Message.echoRequest(family, 1))
        let reply = session.received(Message.echoReply(family, 1), from: family.target, at: now).reply
        #expect(reply?.isDuplicate == false)
        #expect(session.counts == Counts(transmitted: 1, received: 1, errors: 1))
    }
}
