import Addresses
import Packets
import Probing
import Testing

/// The examples of the page on traces, as they stand there.
@Suite struct TraceExamples {
    @Test("a trace through a network that is a function, and a probe known again in a quote")
    func traces() {
        var lines: [String] = []
        func print(_ line: String) { lines.append(line) }

        func trace(
            _ configuration: TraceConfiguration, answer: (TraceProbe) -> TraceAnswer?
        ) -> TraceSession {
            var now = MonotonicTime(nanoseconds: 0)
            var session = TraceSession(configuration, at: now)
            var answers: [(at: MonotonicTime, answer: TraceAnswer)] = []

            while true {
                switch session.next(at: now) {
                case .send(let probe):
                    session.sent(probe, at: now, wallClock: nil)
                    if let answer = answer(probe) { answers.append((now + .milliseconds(4 * Int(probe.hopLimit)), answer)) }
                case .wait(let until):
                    // Time passes until the session wants to be asked again, or an answer comes.
                    answers.sort { $0.at < $1.at }
                    if let first = answers.first, first.at <= until ?? first.at {
                        now = answers.removeFirst().at
                        _ = session.received(first.answer, at: Arrival(now: now))
                    } else if let until {
                        now = until
                    }
                case .report:
                    continue  // a time-out, or the end of a round
                case .finished:
                    return session
                }
            }
        }

        let destination = IPAddress.v4(IPv4Address(rawValue: 0xC612_0005))  // 198.18.0.5
        let traced = trace(TraceConfiguration(to: destination)) { probe in
            if probe.hopLimit >= 5 { return TraceAnswer(token: probe.token, from: destination, .reply(.echo)) }
            if probe.hopLimit == 3 { return nil }
            let router = IPAddress.v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(probe.hopLimit)))
            return TraceAnswer(token: probe.token, from: router, .timeExceeded)
        }
        for hop in traced.hops {
            print("\(hop.hopLimit) \(hop.responders.first.map { "\($0.address)" } ?? "*") \(hop.received)/\(hop.sent)")
        }
        // 1 198.18.0.1 3/3
        // 2 198.18.0.2 3/3
        // 3 * 0/3
        // 4 198.18.0.4 3/3
        // 5 198.18.0.5 3/3

        let us = IPAddress.v4(IPv4Address(rawValue: 0xC612_0101))  // 198.18.1.1
        let format = TraceProbeFormat(.udp(port: 33434), from: us, to: destination, key: 4711)
        let probe = TraceProbe(token: 7, hopLimit: 3)
        let packet = serialized(capacity: format.length(of: probe)) { format.write(probe, into: &$0) }

        // A router's time exceeded (RFC 792): type 11, code 0, and then what it quotes, the IP header and eight bytes.
        var message: [UInt8] = [11, 0, 0, 0, 0, 0, 0, 0] + packet.prefix(28)
        let checksum = InternetChecksum.of(message.span.bytes)
        message[2] = UInt8(checksum >> 8)
        message[3] = UInt8(truncatingIfNeeded: checksum)
        let router = IPAddress.v4(IPv4Address(rawValue: 0xC612_0003))
        if let answer = format.answer(toICMP: message.span.bytes, from: router) {
            print("\(answer.source) answers probe \(answer.token)")
        }
        // 198.18.0.3 answers probe 7

        #expect(
            lines == [
                "1 198.18.0.1 3/3", "2 198.18.0.2 3/3", "3 * 0/3", "4 198.18.0.4 3/3", "5 198.18.0.5 3/3",
                "198.18.0.3 answers probe 7",
            ])
        #expect(traced.destinationHop == 5)
    }
}
