import Addresses
import Probing
import ProbingIO

/// A ping as JSON, one object a line. Times are in seconds.
struct PingJSON: PingReport {
    private let display: PingDisplay
    private let subject: PingSubject
    private var output = StandardOutput()
    private var names: AddressNames

    init(_ display: PingDisplay, _ subject: PingSubject, looksUpNames: Bool) {
        self.display = display
        self.subject = subject
        names = AddressNames(looksUp: looksUpNames)
    }

    mutating func begin() throws(OutputError) {
        var line = object("start")
        line.add("host", subject.host)
        line.add("address", subject.address)
        line.add("source", subject.source)
        line.add("interface", subject.device)
        line.add("socket", subject.socketKind)
        line.add("identifier", subject.identifier)
        line.add("payload_bytes", subject.payloadLength)
        try write(line)
        try output.flush()
    }

    mutating func end(_ session: borrowing PingSession) throws(OutputError) {
        let statistics = session.statistics
        var line = object("statistics")
        line.add("host", subject.host)
        line.add("transmitted", statistics.transmitted)
        line.add("received", statistics.received)
        line.add("duplicates", statistics.duplicates)
        line.add("corrupted", statistics.corrupted)
        line.add("errors", statistics.errors)
        line.add("late", statistics.late)
        line.add("reordered", statistics.reordered)
        line.add("loss", statistics.loss)
        line.add("duration", session.sendingTime)
        line.add("pipe", statistics.pipe)
        line.add("longest_outage", statistics.longestOutage)
        if let times = JSONObject(statistics.roundTrips) { line.add("rtt", times) }
        try write(line)
        try output.flush()
    }

    mutating func sent(sequence: UInt64, _ session: borrowing PingSession) throws(OutputError) {}

    mutating func observed(_ event: PingEvent, _ session: borrowing PingSession) throws(OutputError) {
        guard !display.quiet else { return }
        switch event {
        case .reply(let reply): try write(object(reply, "reply"))
        case .rejected(let reply, let rejection):
            var line = object(reply, "rejected")
            line.add("reason", rejection.rawValue)
            try write(line)
        case .pathError(let error): try write(object(error, "error"))
        case .notice(let notice): try write(object(notice, "notice"))
        case .timedOut(let sequence): try write(object("timeout", sequence))
        case .noAnswerYet(let sequence): try write(object("outstanding", sequence))
        case .sendFailed(let sequence, let failure):
            var line = object("send_error", sequence)
            line.add("message", failure.words)
            if case .tooLarge(let mtu) = failure { line.add("mtu", mtu) }
            try write(line)
        case .ignored: return
        }
    }

    mutating func statusRequested(_ session: borrowing PingSession) throws(OutputError) { writeStatus(session) }
    mutating func windowChanged(_ session: borrowing PingSession) throws(OutputError) {}
    mutating func willWait(_ session: borrowing PingSession) throws(OutputError) { try output.flush() }

    // MARK: - Objects

    private func object(_ type: String) -> JSONObject {
        var object = JSONObject()
        object.add("schema", "netprobe.ping/1")
        object.add("type", type)
        object.add("time", Duration.nanoseconds(Clock.wallClock))
        return object
    }

    private func object(_ type: String, _ sequence: UInt64) -> JSONObject {
        var object = object(type)
        object.add("sequence", sequence)
        object.add("icmp_seq", sequence & 0xFFFF)
        return object
    }

    private mutating func object(_ reply: PingReply, _ type: String) -> JSONObject {
        var object = object(type, reply.sequence)
        object.add("from", "\(reply.source)")
        object.add("name", names.name(of: reply.source, scopeID: subject.scopeID))
        object.add("bytes", reply.byteCount)
        object.add("ttl", reply.hopLimit)
        object.add("rtt", reply.roundTrip)
        object.add("timing", reply.timing.rawValue)
        object.add("duplicate", reply.isDuplicate)
        object.add("late", reply.isLate)
        if let damage = reply.damage {
            var detail = JSONObject()
            detail.add("index", damage.index)
            detail.add("expected", damage.expected)
            detail.add("found", damage.found)
            object.add("damage", detail)
        }
        for option in reply.options {
            if case .recordRoute(let record) = option { object.add("route", record.recorded.map { "\($0)" }) }
        }
        return object
    }

    private mutating func object(_ error: PathError, _ type: String) -> JSONObject {
        var object = object(type, error.sequence)
        object.add("from", "\(error.source)")
        object.add("name", names.name(of: error.source))
        object.add("icmp_type", error.error.type)
        object.add("icmp_code", error.error.code)
        object.add("information", error.error.information)
        object.add("message", error.error.words { "\($0)" })
        return object
    }

    private mutating func write(_ object: JSONObject) throws(OutputError) { try output.write(object.line) }
}
