import Packets
import Probing
import ProbingIO
import SystemPackage

/// What `netprobe send` shows: a line for each answer, its fields or JSON, and a summary.
struct SendReport: SendObserver {
    private let request: SendRequest
    private let configuration: SendConfiguration
    private var capture: SendCapture?
    private var output = StandardOutput()

    init(_ request: SendRequest, _ configuration: SendConfiguration, _ capture: SendCapture?) {
        (self.request, self.configuration, self.capture) = (request, configuration, capture)
    }

    // MARK: - Beginning and end

    mutating func begin() throws(OutputError) {
        let expression = configuration.expression
        switch request.format {
        case .json:
            var object = JSONObject(type: "start")
            object.add("expression", request.expressionText)
            object.add("source", expression.source.map { "\($0)" })
            object.add("destination", expression.destination.map { "\($0)" })
            object.add("length", expression.length)
            object.add("count", configuration.count)
            object.add("seed", request.seed)
            try output.write(object.line)
        case .line, .tree:
            guard !request.isDryRun, !request.isQuiet else { break }
            let count = configuration.count.map { "\($0) packet\($0 == 1 ? "" : "s")" } ?? "packets"
            try output.write("SEND \(expression.ends) \(count) of \(expression.length) bytes\n")
        }
        try output.flush()
    }

    mutating func end(_ totals: SendTotals) throws(OutputError) {
        try capture?.flush()
        let statistics = totals.roundTrips
        switch request.format {
        case .json:
            var object = JSONObject(type: "statistics")
            object.add("sent", totals.sent)
            object.add("failed", totals.failed)
            if configuration.expectsAnswers {
                object.add("answered", totals.answered)
                object.add("replies", totals.replies)
                if configuration.pattern != nil { object.add("expected", totals.expected) }
                object.add("rtt_min", statistics.minimum)
                object.add("rtt_avg", statistics.average)
                object.add("rtt_max", statistics.maximum)
            }
            try output.write(object.line)
        case .line, .tree:
            var text = request.isQuiet ? "" : "\n"
            text += "\(totals.sent) sent"
            if totals.failed > 0 { text += ", \(totals.failed) could not be" }
            if configuration.expectsAnswers {
                text += ", \(totals.answered) answered"
                let others = totals.replies - totals.answered
                if others > 0 { text += ", \(others) more answer\(others == 1 ? "" : "s")" }
                if configuration.pattern != nil { text += ", \(totals.expected) as expected" }
            }
            text += "\n"
            if let minimum = statistics.minimum, let mean = statistics.average, let maximum = statistics.maximum {
                text += "rtt min/avg/max = \(minimum.milliseconds)/\(mean.milliseconds)/\(maximum.milliseconds) ms\n"
            }
            try output.write(text)
        }
        try output.flush()
    }

    // MARK: - What happens

    var wantsPackets: Bool { capture != nil || (request.isVerbose && !request.isQuiet) }

    mutating func sent(_ number: UInt64, _ pieces: [[UInt8]], wallClock: Int64) throws(OutputError) {
        for piece in pieces { try capture?.append(piece, wallClock: wallClock, comment: "sent \(number + 1)") }
        guard request.isVerbose, !request.isQuiet else { return }
        for piece in pieces { try show(piece, "sent", number) }
    }

    mutating func notSent(_ number: UInt64, _ errno: Errno) throws(OutputError) {
        guard !request.isQuiet else { return }
        if request.format == .json {
            var object = JSONObject(type: "not_sent")
            object.add("number", number + 1)
            object.add("error", "\(errno)")
            return try output.write(object.line)
        }
        StandardError.write("netprobe send: packet \(number + 1): \(errno)\(Self.remark(errno))\n")
    }

    private static func remark(_ errno: Errno) -> String {
        switch errno {
        case .messageTooLong: ": longer than the link takes; --fragment 1500 cuts it"
        case .invalidArgument: ": the kernel refuses such a header"
        default: ""
        }
    }

    mutating func replied(_ reply: SendReply, wallClock: Int64) throws(OutputError) {
        try capture?.append(reply.bytes, wallClock: wallClock, comment: "answers \(reply.number + 1)")
        guard !request.isQuiet else { return }
        try show(reply.bytes, "reply", reply.number, reply)
    }

    mutating func willWait() throws(OutputError) {
        try output.flush()
        try capture?.flush()
    }

    // MARK: - Packets

    /// Shows all packets of a session without sending them.
    mutating func showUnsent(_ session: SendSession) throws(OutputError) {
        for number in 0..<min(session.configuration.count ?? 1, 1 << 20) {
            for piece in (try? session.packet(number: number)) ?? [] { try show(piece, "packet", number) }
        }
        try output.flush()
    }

    private mutating func show(
        _ bytes: [UInt8], _ type: String, _ number: UInt64, _ reply: SendReply? = nil
    ) throws(OutputError) {
        let captured = CapturedPacket(bytes, at: nil, on: CaptureInterface(.raw, name: nil))
        let packet = DecodedPacket(captured)
        if request.format == .json {
            var object = JSONObject(type: type)
            object.add("number", number + 1)
            object.add("time", reply?.roundTrip)
            if let reply {
                object.add("timing", reply.timing.rawValue)
                object.add("duplicate", reply.isDuplicate)
                if let isExpected = reply.isExpected { object.add("expected", isExpected) }
            }
            object.add("bytes", FieldTree.hexadecimal(bytes[...]).filter { $0 != " " })
            object.addPacket(captured, packet)
            return try output.write(object.line)
        }
        var line = "\(number + 1): "
        if type == "sent" { line += "> " }
        line += packet.line.forTerminal(atMost: 65_536)
        if let reply {
            line += " time=\(reply.roundTrip.roundTripMilliseconds) ms"
            if reply.isDuplicate { line += " (DUP!)" }
            if reply.isExpected == false { line += " (not expected)" }
        }
        try output.write(line + "\n")
        if request.format == .tree || type == "packet" { try output.write(FieldTree.text(captured, packet)) }
        if type == "packet" { try output.write(HexDump.text(bytes)) }
    }
}

extension PacketExpression {
    /// Whom packets go from and to, as far as that is always the same.
    fileprivate var ends: String {
        func end(_ name: String, _ address: (some CustomStringConvertible)?) -> String {
            isConstant(name) ? address.map { "\($0)" } ?? "?" : "many"
        }
        return "\(end("src", source)) > \(end("dst", destination)):"
    }
}

extension JSONObject {
    fileprivate init(type: String) {
        self.init()
        add("schema", "netprobe.send/1")
        add("type", type)
    }
}
