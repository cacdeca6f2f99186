import Addresses
import Probing
import ProbingIO

/// A ping of a group: one line a responder, and at the end what each did.
struct PingResponders: PingReport {
    /// Responders that are remembered; a network that lies can have very many.
    private static let limit = 65_536

    private struct Responder {
        var replies = 0
        var fastest: Duration?
        var slowest: Duration?
        var last: UInt64 = 0
    }

    private let display: PingDisplay
    private let subject: PingSubject
    private var output = StandardOutput()
    private var responders: [IPAddress: Responder] = [:]
    private var order: [IPAddress] = []
    private var isFull = false

    init(_ display: PingDisplay, _ subject: PingSubject) { (self.display, self.subject) = (display, subject) }

    mutating func begin() throws(OutputError) {
        if display.json {
            var line = object("start")
            line.add("group", subject.address)
            line.add("source", subject.source)
            try output.write(line.line)
        } else {
            try output.write("PING \(subject.address) from \(subject.source), \(subject.payloadLength) bytes of data.\n")
        }
        try output.flush()
    }

    mutating func observed(_ event: PingEvent, _ session: borrowing PingSession) throws(OutputError) {
        switch event {
        case .reply(let reply): try replied(reply)
        case .sendFailed(_, let failure):
            try output.flush()
            StandardError.write("\(display.programName): \(failure.words)\n")
        default: return
        }
    }

    private mutating func replied(_ reply: PingReply) throws(OutputError) {
        var responder = responders[reply.source] ?? Responder()
        // A reply that comes twice counts once.
        guard responder.last != reply.sequence else { return }
        let isNew = responder.replies == 0
        guard !isNew || responders.count < Self.limit else {
            if !isFull { StandardError.write("\(display.programName): more than \(Self.limit) answer: the rest is left out\n") }
            return isFull = true
        }
        responder.last = reply.sequence
        responder.replies += 1
        if let roundTrip = reply.roundTrip {
            responder.fastest = min(responder.fastest ?? roundTrip, roundTrip)
            responder.slowest = max(responder.slowest ?? roundTrip, roundTrip)
        }
        responders[reply.source] = responder
        guard isNew else { return }
        order.append(reply.source)
        guard !display.quiet else { return }
        if display.json {
            var line = object("responder")
            line.add("address", "\(reply.source)")
            line.add("sequence", reply.sequence)
            line.add("ttl", reply.hopLimit)
            line.add("rtt", reply.roundTrip)
            return try output.write(line.line)
        }
        var line = "\(reply.source) answers: icmp_seq=\(reply.sequence & 0xFFFF)"
        if let hopLimit = reply.hopLimit { line += " ttl=\(hopLimit)" }
        if let roundTrip = reply.roundTrip { line += " time=\(roundTrip.roundTripMilliseconds) ms" }
        try output.write(line + "\n")
    }

    mutating func end(_ session: borrowing PingSession) throws(OutputError) {
        let transmitted = session.statistics.transmitted
        if !display.json {
            let count = order.count == 1 ? "1 responder" : "\(order.count) responders"
            try output.write("\n--- \(subject.address): \(count), \(transmitted) packets transmitted ---\n")
        }
        for address in order {
            guard let responder = responders[address] else { continue }
            if display.json {
                var line = object("statistics")
                line.add("address", "\(address)")
                line.add("transmitted", transmitted)
                line.add("received", responder.replies)
                line.add("rtt_min", responder.fastest)
                line.add("rtt_max", responder.slowest)
                try output.write(line.line)
            } else {
                var line = "\(address): \(responder.replies)/\(transmitted) answered"
                if let fastest = responder.fastest, let slowest = responder.slowest {
                    line += ", rtt min/max = \(fastest.milliseconds)/\(slowest.milliseconds) ms"
                }
                try output.write(line + "\n")
            }
        }
        if display.json {
            var line = object("end")
            line.add("responders", order.count)
            line.add("transmitted", transmitted)
            try output.write(line.line)
        }
        try output.flush()
    }

    mutating func sent(sequence: UInt64, _ session: borrowing PingSession) throws(OutputError) {}
    mutating func statusRequested(_ session: borrowing PingSession) throws(OutputError) { writeStatus(session) }
    mutating func windowChanged(_ session: borrowing PingSession) throws(OutputError) {}
    mutating func willWait(_ session: borrowing PingSession) throws(OutputError) { try output.flush() }

    private func object(_ type: String) -> JSONObject {
        var object = JSONObject()
        object.add("schema", "netprobe.group-ping/1")
        object.add("type", type)
        object.add("time", Duration.nanoseconds(Clock.wallClock))
        return object
    }
}
