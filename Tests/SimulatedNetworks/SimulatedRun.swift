import Addresses
import Packets
public import Probing

/// A session run to its end over a simulated network, in virtual time. Times are since the session's start.
public struct SimulatedRun<Session: PathProbing> {
    /// The session when nothing was left to do.
    public private(set) var session: Session
    /// The network, in which nothing is on its way any more that the session waited for.
    public private(set) var network: SimulatedNetwork
    /// What happened.
    public private(set) var events: [(event: Session.Event, at: Duration)] = []
    /// Every probe.
    public private(set) var probes: [(probe: TraceProbe, at: Duration)] = []
    /// The packets that answer no probe by what they carry.
    public private(set) var ignored: [[UInt8]] = []
    /// When the session had nothing left to do.
    public private(set) var end: Duration = .zero

    private let format: TraceProbeFormat
    private let start: MonotonicTime
    private var now: MonotonicTime

    /// Runs a session to its end.
    /// - Parameters:
    ///   - format: how its probes look on the wire, from ``SimulatedNetwork/prober(_:)``.
    ///   - start: the moment at which the session was made.
    ///   - limit: when it is interrupted.
    ///   - steps: how many steps it may take.
    /// - Throws: ``SimulationError`` when it does not come to its end, or a probe is not what its headers say.
    public init(
        _ session: Session, _ format: TraceProbeFormat, over network: SimulatedNetwork, from start: MonotonicTime,
        interruptedAt limit: Duration? = nil, within steps: Int = 1_000_000
    ) throws {
        (self.session, self.format, self.network, self.start) = (session, format, network, start)
        now = start
        for _ in 0..<steps {
            if let limit, now - start >= limit { self.session.interrupt() }
            guard try step(limit.map { start + $0 }) else { return }
        }
        throw SimulationError.neverEnds(after: now - start)
    }

    /// - Returns: whether there is anything left to do.
    private mutating func step(_ limit: MonotonicTime?) throws -> Bool {
        switch session.next(at: now) {
        case .send(let probe): try send(probe)
        case .report(let event): events.append((event, now - start))
        case .finished:
            end = now - start
            return false
        case .wait(let until):
            let moments = [until, network.nextArrival, limit.flatMap { $0 > now ? $0 : nil }]
            guard let next = moments.compactMap({ $0 }).min() else {
                throw SimulationError.neverEnds(after: now - start)
            }
            now = max(now, next)
            for arrival in network.receive(until: now) { receive(arrival.packet) }
        }
        return true
    }

    private mutating func send(_ probe: TraceProbe) throws {
        let packet = serialized(capacity: format.length(of: probe)) { format.write(probe, into: &$0) }
        probes.append((probe, now - start))
        network.send(packet, at: now)
        guard network.malformed.isEmpty else { throw SimulationError.malformed(probe, packet) }
        session.sent(probe, at: now, wallClock: nil)
    }

    private mutating func receive(_ packet: [UInt8]) {
        guard let answer = answer(in: packet) else { return ignored.append(packet) }
        if let event = session.received(answer, at: Arrival(now: now)) { events.append((event, now - start)) }
    }

    private func answer(in packet: [UInt8]) -> TraceAnswer? {
        let bytes = packet.span.bytes
        let (source, hopLimit, offset, number): (IPAddress, UInt8, Int, IPProtocol?)
        if let header = try? IPv4Header(parsing: bytes) {
            (source, hopLimit, offset) = (.v4(header.source), header.timeToLive, header.length)
            number = header.protocolNumber
        } else if let header = try? IPv6Header(parsing: bytes) {
            (source, hopLimit, offset) = (.v6(header.source), header.hopLimit, IPv6Header.length)
            number = header.nextHeader
        } else {
            return nil
        }
        let segment = bytes.extracting(offset...)
        if number == (source.family == .v4 ? .icmp : .icmpv6) {
            return format.answer(toICMP: segment, from: source, hopLimit: hopLimit)
        }
        guard number == format.method.protocolNumber(in: source.family) else { return nil }
        return format.answer(inSegment: segment, from: source, hopLimit: hopLimit)
    }
}

/// Why a session could not be run to its end.
public enum SimulationError: Error {
    /// It waits without end for what never comes, or does something without end.
    case neverEnds(after: Duration)
    /// A probe that is not what its own headers say.
    case malformed(TraceProbe, [UInt8])
}
