import Addresses
import Packets
import Probing
import Testing

/// The example of the page on sweeps, as it stands there.
@Suite struct SweepExamples {
    @Test("three hosts, of which one is down")
    func sweep() {
        var lines: [String] = []
        func print(_ line: String) { lines.append(line) }

        let key = SipHash.random()
        let format = SweepProbeFormat(.echo, key: key)
        var now = MonotonicTime(nanoseconds: 0)
        var session = SweepSession(SweepConfiguration(.alive(retries: 1)), key: key, at: now)
        for host in 1...3 {
            _ = session.add(.v6(IPv6Address(rawValue: 0x2001_0db8 << 96 | UInt128(host))), at: now)
        }
        session.endTargets()

        var replies: [(at: MonotonicTime, from: IPAddress, message: [UInt8])] = []
        sweep: while true {
            switch session.next(at: now) {
            case .send(let probe):
                var message = serialized { format.writeMessage(probe, from: nil, into: &$0) }
                message[0] = 129  // an echo request becomes a reply
                if probe.number != 1 { replies.append((now + .milliseconds(5), probe.destination, message)) }
            case .wait(let end):
                guard let next = replies.first, end.map({ next.at <= $0 }) ?? true else {
                    now = end ?? now
                    continue
                }
                replies.removeFirst()
                now = next.at
                if let answer = format.answer(toICMP: next.message.span.bytes, from: next.from),
                    case .reply(let reply) = session.received(answer, at: Arrival(now: now))
                {
                    print("\(reply.address) is alive")
                }
            case .report(.unreachable(let number)):
                print("\(session[number].address) is unreachable")
            case .report:
                continue
            case .finished:
                break sweep
            }
        }
        // 2001:db8::1 is alive
        // 2001:db8::3 is alive
        // 2001:db8::2 is unreachable

        #expect(lines == ["2001:db8::1 is alive", "2001:db8::3 is alive", "2001:db8::2 is unreachable"])
    }
}
