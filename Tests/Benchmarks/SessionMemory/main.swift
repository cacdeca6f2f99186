// Runs very many echoes through one ping session in virtual time, and prints the rate and the most memory that it took.
//
//     swift run -c release SessionMemory [echoes, by default 100 million]

import Addresses
import Glibc
import Packets
import Probing

let echoes = CommandLine.arguments.dropFirst().first.flatMap { UInt64($0) } ?? 100_000_000
let target = IPAddress(IPv4Address(rawValue: 0xC612_0001))  // 198.18.0.1

var configuration = PingConfiguration(destination: target, identifier: 4711)
configuration.pacing = .flood
configuration.count = echoes

/// A message on its way, and how it is turned round.
struct Wire {
    private var bytes: [UInt8]

    init(capacity: Int) { bytes = [UInt8](repeating: 0, count: capacity) }

    mutating func carryRequest(of session: borrowing PingSession, timeOfDay: Int64) {
        bytes.withUnsafeMutableBytes { buffer in
            // Safe: the span lives no longer than this closure, which has the buffer for itself.
            var output = OutputRawSpan(buffer: buffer, initializedCount: 0)
            session.writeRequest(into: &output, timeOfDay: timeOfDay)
            _ = output.finalize(for: buffer)
        }
    }

    /// Echo request, type 8, to echo reply, type 0 (RFC 792).
    mutating func turnRound() {
        let checksum = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        let updated = InternetChecksum.updating(checksum, replacing: UInt16(0x0800), with: 0)
        (bytes[0], bytes[2], bytes[3]) = (0, UInt8(updated >> 8), UInt8(truncatingIfNeeded: updated))
    }

    func deliver(to session: inout PingSession, at arrival: Arrival) -> PingEvent {
        session.received(bytes.span.bytes, from: target, hopLimit: 64, at: arrival)
    }
}

func peakMemoryInKiB() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
}

func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// Runs the session to its end; returns the most memory after the first 100,000 echoes.
func run(_ session: inout PingSession) -> Int {
    var wire = Wire(capacity: session.requestLength)
    var now = session.start
    var random: UInt64 = 1
    var early = peakMemoryInKiB()
    while true {
        switch session.next(at: now) {
        case .send:
            wire.carryRequest(of: session, timeOfDay: now.nanoseconds)
            session.sent(at: now, wallClock: now.nanoseconds)
            wire.turnRound()
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            now.nanoseconds += 20_000 + Int64(random >> 48)
            let arrival = Arrival(
                now: now, wallClock: now.nanoseconds, kernel: now.nanoseconds - 1000)
            guard case .reply = wire.deliver(to: &session, at: arrival) else {
                print("a reply was not taken for one")
                exit(1)
            }
            if session.nextSequence == 100_001 { early = peakMemoryInKiB() }
        case .wait(let until): now = until ?? now
        case .report: continue
        case .finished: return early
        }
    }
}

var session = PingSession(configuration, at: MonotonicTime(nanoseconds: 1_000_000_000))
let start = processorSeconds()
let early = run(&session)
let seconds = processorSeconds() - start

let received = session.statistics.received
let nanoseconds = (seconds / Double(max(1, received)) * 1e9 * 10).rounded() / 10
print("\(received) echoes in \(seconds) s of processor time: \(nanoseconds) ns each, request and reply")
print("peak memory in KiB after 100,000 echoes and at the end: \(early) \(peakMemoryInKiB())")
exit(received == echoes ? 0 : 1)
