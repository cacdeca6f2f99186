import Addresses
import Packets
import Probing

/// Hosts that answer the probes of a session in virtual time. Probes and answers go as bytes.
struct SweepNetwork<Session: Sweeping> {
    /// An answer on its way.
    private struct Letter {
        let due: MonotonicTime
        let bytes: [UInt8]
        let source: IPAddress
    }

    var session: Session
    let format: SweepProbeFormat
    var now = MonotonicTime(nanoseconds: 1_000_000_000)
    /// What happened, and when.
    private(set) var log: [(time: MonotonicTime, event: SweepEvent)] = []
    private(set) var sent: [SweepProbe] = []
    /// Called with each probe: after how long answers come back, from whom, and what was done to them.
    var answers: (SweepProbe) -> [Answer] = { _ in [Answer(after: .milliseconds(10))] }
    private var letters: [Letter] = []

    struct Answer {
        var delay: Duration
        var source: IPAddress?
        var change: (inout [UInt8]) -> Void = { _ in }

        init(
            after delay: Duration, from source: IPAddress? = nil,
            change: @escaping (inout [UInt8]) -> Void = { _ in }
        ) {
            (self.delay, self.source, self.change) = (delay, source, change)
        }
    }

    init(_ session: Session, _ format: SweepProbeFormat) {
        self.session = session
        self.format = format
    }

    /// Goes on until the session is over, or to this time.
    mutating func run(until end: MonotonicTime = MonotonicTime(nanoseconds: .max)) {
        while now < end {
            switch session.next(at: now) {
            case .send(let probe): send(probe)
            case .report(let event): log.append((now, event))
            case .finished: return
            case .wait(let until):
                let next = [until, letters.last?.due, end].compactMap { $0 }.min() ?? end
                guard next < end || until != nil || !letters.isEmpty else { return }
                now = max(now, next)
                deliver()
            }
        }
    }

    private mutating func send(_ probe: SweepProbe) {
        sent.append(probe)
        for answer in answers(probe) {
            var bytes = Self.reply(to: probe, format)
            answer.change(&bytes)
            let letter = Letter(due: now + answer.delay, bytes: bytes, source: answer.source ?? probe.destination)
            // The earliest is the last.
            let place = letters.partitioningIndex { $0.due < letter.due }
            letters.insert(letter, at: place)
        }
    }

    private mutating func deliver() {
        while let letter = letters.last, letter.due <= now {
            letters.removeLast()
            receive(letter.bytes, from: letter.source)
        }
    }

    /// Gives the session what a socket would have received.
    mutating func receive(_ bytes: [UInt8], from source: IPAddress) {
        let isICMP =
            switch format.method {
            case .echo, .timestamp: true
            case .tcp, .udp: false
            }
        let answer =
            isICMP
            ? format.answer(toICMP: bytes.span.bytes, from: source)
            : format.answer(inSegment: bytes.span.bytes, from: source, at: now)
        guard let answer, let event = session.received(answer, at: Arrival(now: now)) else { return }
        log.append((now, event))
    }

    /// What a host sends back that answers as it should.
    static func reply(to probe: SweepProbe, _ format: SweepProbeFormat) -> [UInt8] {
        let isIPv4 = probe.destination.family == .v4
        var bytes = request(probe, format)
        switch format.method {
        case .echo: bytes[0] = isIPv4 ? 0 : 129
        case .timestamp: bytes[0] = 14
        case .tcp:
            let sequence = bytes[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } &+ 1
            bytes =
                Array(bytes[2..<4] + bytes[0..<2]) + [1, 2, 3, 4]
                + (0..<4).map { UInt8(truncatingIfNeeded: sequence >> (24 - 8 * $0)) } + [0x50, 0x12, 0, 0, 0, 0, 0, 0]
        case .udp: bytes = Array(bytes[2..<4] + bytes[0..<2] + bytes[4...])
        }
        mendChecksum(&bytes, isIPv4: isIPv4, format)
        return bytes
    }

    /// The probe as it is behind the IP header.
    static func request(_ probe: SweepProbe, _ format: SweepProbeFormat) -> [UInt8] {
        serialized(capacity: format.maximumPacketLength) {
            format.writeMessage(probe, from: probe.destination.family == .v4 ? .v4(.any) : nil, into: &$0)
        }
    }

    static func mendChecksum(_ bytes: inout [UInt8], isIPv4: Bool, _ format: SweepProbeFormat) {
        guard isIPv4, format.method == .echo || format.method == .timestamp else { return }
        (bytes[2], bytes[3]) = (0, 0)
        let sum = InternetChecksum.of(bytes.span.bytes)
        (bytes[2], bytes[3]) = (UInt8(sum >> 8), UInt8(truncatingIfNeeded: sum))
    }

    /// An ICMP error that quotes so many bytes of a probe behind its IP header.
    static func error(type: UInt8, code: UInt8, quoting probe: SweepProbe, _ format: SweepProbeFormat, bytes count: Int)
        -> [UInt8]
    {
        guard case .v4(let destination) = probe.destination else { return [] }
        var quote = serialized(capacity: 2048) { output in
            format.writePacket(probe, to: destination, from: IPv4Address(rawValue: 0x0A00_0001), into: &output)
        }
        quote = Array(quote.prefix(20 + count))
        var bytes: [UInt8] = [type, code, 0, 0, 0, 0, 0, 0] + quote
        let sum = InternetChecksum.of(bytes.span.bytes)
        (bytes[2], bytes[3]) = (UInt8(sum >> 8), UInt8(truncatingIfNeeded: sum))
        return bytes
    }
}

extension Array {
    /// The first index whose element fulfils a condition that all after it fulfil too.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension SweepNetwork where Session == SweepSession {
    /// A session of these targets, with answers to echo requests.
    init(
        _ configuration: SweepConfiguration, _ targets: [IPAddress], method: SweepMethod = .echo,
        payloadLength: Int = 56, isComplete: Bool = true
    ) {
        let key = SipHash(key: (1, 2))
        var format = SweepProbeFormat(method, key: key)
        format.payloadLength = payloadLength
        var session = SweepSession(configuration, key: key, at: MonotonicTime(nanoseconds: 1_000_000_000))
        for target in targets { _ = session.add(target, at: MonotonicTime(nanoseconds: 1_000_000_000)) }
        if isComplete { session.endTargets() }
        self.init(session, format)
    }

    /// Milliseconds since the beginning, and what happened.
    var story: [String] {
        log.map { entry in
            let time = Double(entry.time.nanoseconds - 1_000_000_000) / 1e6
            return "\(time) " + Self.words(entry.event)
        }
    }

    private static func words(_ event: SweepEvent) -> String {
        switch event {
        case .reply(let reply):
            "reply \(reply.number ?? -1) \(reply.index) \((reply.roundTrip ?? .zero) / .milliseconds(1))"
                + (reply.isClosed ? " closed" : "") + (reply.isFirst ? "" : " again")
        case .duplicate(let reply): "duplicate \(reply.number ?? -1) \(reply.index)"
        case .timedOut(let number, let index): "timeout \(number) \(index)"
        case .unreachable(let number): "unreachable \(number)"
        case .error(let error): "error \(error.number ?? -1) \(error.index) \(error.error.type)/\(error.error.code)"
        case .notSent(let number, _, let index, let errno): "not sent \(number) \(index) \(errno)"
        case .repliesDropped(let total): "dropped \(total)"
        }
    }
}

/// So many addresses of 198.18.0.0/15.
func sweepTargets(_ count: Int) -> [IPAddress] {
    (0..<UInt32(count)).map { .v4(IPv4Address(rawValue: 0xC612_0001 + $0)) }
}
