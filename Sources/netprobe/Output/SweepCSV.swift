import Addresses
import Probing
import ProbingIO
import SystemPackage

/// A sweep as a table (RFC 4180): a line with the names of the columns, and one for everything that happens.
struct SweepCSV<Session: Sweeping>: SweepReport {
    var output = StandardOutput()
    private let display: SweepDisplay

    init(_ display: SweepDisplay) { self.display = display }

    mutating func begin() throws(OutputError) {
        try output.write("time,event,target,address,from,sequence,rtt_ms,bytes,ttl,message\r\n")
    }

    mutating func report(_ event: SweepEvent, _ session: inout Session, _ names: SweepNames) throws(OutputError) {
        switch event {
        case .reply(let reply): try write(Row(reply, reply.isClosed ? "closed" : "reply", names))
        case .duplicate(let reply): try write(Row(reply, "duplicate", names))
        case .timedOut(let number, let index):
            guard display.countsProbes, let targets = session as? SweepSession else { return }
            var row = Row("timeout", number, targets[number].address, names)
            row.sequence = index
            try write(row)
        case .unreachable(let number):
            guard let targets = session as? SweepSession else { return }
            try write(Row("unreachable", number, targets[number].address, names))
        case .error(let error):
            var row = Row("error", error.number, error.address, names)
            row.sequence = error.index
            row.from = "\(error.source)"
            row.message = error.error.words { "\($0)" }
            try write(row)
        case .notSent(let number, let address, let index, let errno):
            var row = Row("send_error", number, address, names)
            row.sequence = index
            row.message = "\(Errno(rawValue: errno))"
            try write(row)
        case .repliesDropped(let total):
            try write(Row(event: "dropped", message: "\(total) replies were lost in this host, unread"))
        }
    }

    mutating func reportUnknown(_ name: String, _ reason: String) throws(OutputError) {
        try write(Row(event: "unknown", target: name, message: reason))
    }

    mutating func reportInterval(_ session: inout Session, _ names: SweepNames) throws(OutputError) {}

    mutating func end(_ summary: SweepSummary, _ session: inout Session, _ names: SweepNames) throws(OutputError) {
        try output.flush()
    }

    // MARK: - Rows

    private struct Row {
        var event: String
        var target = ""
        var address = ""
        var from = ""
        var sequence: Int?
        var roundTrip: Duration?
        var byteCount: Int?
        var hopLimit: UInt8?
        var message = ""

        init(event: String, target: String = "", message: String) {
            self.event = event
            self.target = target
            self.message = message
        }

        init(_ event: String, _ number: Int?, _ address: IPAddress, _ names: SweepNames) {
            self.event = event
            self.address = "\(address)"
            target = number.flatMap { names.text(of: $0) } ?? self.address
        }

        init(_ reply: SweepReply, _ event: String, _ names: SweepNames) {
            self.init(event, reply.number, reply.address, names)
            from = "\(reply.source)"
            sequence = reply.index
            roundTrip = reply.roundTrip
            byteCount = reply.byteCount
            hopLimit = reply.hopLimit
        }
    }

    private mutating func write(_ row: Row) throws(OutputError) {
        let time = Duration.nanoseconds(Clock.wallClock).seconds
        try output.write { line in
            line.append(time)
            for text in [row.event, row.target, row.address, row.from] { line.append(csvField: text) }
            line.append(csvField: row.sequence.map { "\($0)" } ?? "")
            line.append(csvField: row.roundTrip.map { ($0 * 1000).seconds } ?? "")
            line.append(csvField: row.byteCount.map { "\($0)" } ?? "")
            line.append(csvField: row.hopLimit.map { "\($0)" } ?? "")
            line.append(csvField: row.message)
            line.append("\r\n")
        }
    }
}

extension [UInt8] {
    /// Appends a comma and a field, in quotation marks where it needs them (RFC 4180 §2).
    mutating func append(csvField text: String) {
        append(UInt8(ascii: ","))
        let special: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D]
        guard text.utf8.contains(where: special.contains) else { return append(text) }
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}
