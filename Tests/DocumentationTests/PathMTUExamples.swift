import Addresses
import Probing
import Testing

/// The example of the page on the path MTU, as it stands there.
@Suite struct PathMTUExamples {
    @Test("a size that a router tells, and a black hole")
    func discovery() {
        var lines: [String] = []
        func print(_ line: String) { lines.append(line) }

        func discover(
            to destination: IPAddress, from length: Int, answer: (TraceProbe) -> TraceAnswer?
        ) -> PathMTUResult {
            var now = MonotonicTime(nanoseconds: 0)
            var session = PathMTUSession(PathMTUConfiguration(to: destination, maximumLength: length), at: now)
            while true {
                switch session.next(at: now) {
                case .send(let probe):
                    session.sent(probe, at: now, wallClock: nil)
                    guard let answer = answer(probe) else { continue }
                    now = now + .milliseconds(5)
                    _ = session.received(answer, at: Arrival(now: now))
                case .wait(let end):
                    guard let end else { return session.result }
                    now = end
                case .report:
                    continue  // what is known by then, hop by hop
                case .finished:
                    return session.result
                }
            }
        }

        let host = IPAddress.v4(IPv4Address(rawValue: 0xC612_0003))
        let result = discover(to: host, from: 1500) { probe in
            let length = probe.packetLength ?? 0
            let router = IPAddress.v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(probe.hopLimit)))
            let first = IPAddress.v4(IPv4Address(rawValue: 0xC612_0001))
            // The first router's link to the second takes 1400 bytes, and it says so.
            if length > 1400, probe.hopLimit > 1 {
                let tooBig = ICMPError(family: .v4, type: 3, code: 4, information: 1400)
                return TraceAnswer(token: probe.token, from: first, .error(tooBig))
            }
            // The second router's link to the host takes 1300 bytes, and it says nothing.
            if length > 1300, probe.hopLimit > 2 { return nil }
            return TraceAnswer(token: probe.token, from: router, probe.hopLimit < 3 ? .timeExceeded : .reply(.datagram))
        }
        for limit in result.limits {
            print("behind hop \(limit.lastHop ?? 0): \(limit.mtu), \(limit.evidence)")
        }
        // behind hop 1: 1400, told(by: 198.18.0.1)
        // behind hop 2: 1300, blackHole

        #expect(lines == ["behind hop 1: 1400, told(by: 198.18.0.1)", "behind hop 2: 1300, blackHole"])
        #expect(result.mtu == 1300)
    }
}
