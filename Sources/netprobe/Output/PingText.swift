import Addresses
import Glibc
import Probing
import ProbingIO
import SystemPackage

/// A ping in the form that iputils prints it.
struct PingText: PingReport {
    private let display: PingDisplay
    private let subject: PingSubject
    private var output = StandardOutput()
    private var names: AddressNames
    private var options = IPv4OptionsText()
    private var plot: LatencyPlot?

    init(_ display: PingDisplay, _ subject: PingSubject, looksUpNames: Bool) {
        self.display = display
        self.subject = subject
        names = AddressNames(looksUp: looksUpNames)
        plot = display.plot ? LatencyPlot() : nil
    }

    // MARK: - Beginning and end

    mutating func begin() throws(OutputError) {
        if !subject.pattern.isEmpty, !display.quiet {
            try output.write("PATTERN: 0x\(subject.pattern.map { hexadecimal($0, digits: 2) }.joined())\n")
        }
        var line = "PING \(subject.host.forTerminal) (\(subject.address)) "
        if subject.flowLabel != 0 { line += ", flow 0x\(hexadecimal(subject.flowLabel, digits: 5)), " }
        if subject.showsSource { line += "from \(subject.source) \(subject.device ?? ""): " }
        line +=
            subject.isIPv4
            ? "\(subject.payloadLength)(\(subject.packetLength)) bytes of data." : "\(subject.payloadLength) data bytes"
        try write(line + "\n")
        try output.flush()
    }

    mutating func end(_ session: borrowing PingSession) throws(OutputError) {
        try showPlot { _ in }
        try output.write(PingSummary(session, subject, display).text)
        if !StandardOutput.isTerminal, let plot { try output.write(plot.plainText) }
        try output.flush()
    }

    // MARK: - What happens

    mutating func sent(sequence: UInt64, _ session: borrowing PingSession) throws(OutputError) {
        guard display.flood, !display.quiet else { return }
        let width = UInt64(StandardOutput.terminalSize?.columns ?? .max)
        if session.inFlight < width { try output.write(".") }
    }

    mutating func observed(_ event: PingEvent, _ session: borrowing PingSession) throws(OutputError) {
        switch event {
        case .reply(let reply):
            plot?.add(reply.roundTrip)
            guard !display.quiet else { return try showPlot { _ in } }
            if display.flood { return try output.write("\u{8} \u{8}" + bell) }
            try write(
                replyLine(reply, mark: reply.isDuplicate && (!subject.isMulticast || display.verbose) ? " (DUP!)" : ""))
        case .rejected(let reply, let rejection):
            guard !display.quiet else { return }
            if display.flood { return try output.write("\u{8}C") }
            let mark =
                switch rejection {
                case .badChecksum: " (BAD CHECKSUM!)"
                case .truncated: " (truncated)"
                case .differentAddress: " (DIFFERENT ADDRESS!)"
                }
            try write(replyLine(reply, mark: mark))
        case .pathError(let error):
            plot?.add(nil)
            guard !display.quiet else { return try showPlot { _ in } }
            if display.flood { return try output.write("\u{8}E") }
            try write(
                timestamp
                    + "From \(name(error.source)) icmp_seq=\(wireSequence(error.sequence)) \(error.error.words { names.text($0) })\n"
            )
        case .notice(let notice):
            guard !display.quiet, !display.flood else { return }
            try write(
                timestamp
                    + "From \(name(notice.source)): icmp_seq=\(wireSequence(notice.sequence)) \(notice.error.words { names.text($0) })\n"
            )
        case .noAnswerYet(let sequence):
            try write(timestamp + "no answer yet for icmp_seq=\(wireSequence(sequence))\n")
        case .timedOut:
            plot?.add(nil)
            try showPlot { _ in }
        case .sendFailed(_, let failure):
            plot?.add(nil)
            guard !display.quiet else { return }
            if display.flood { return try output.write("E") }
            try output.flush()
            StandardError.write("\(display.programName): \(failure.words)\n")
        case .ignored:
            return
        }
    }

    mutating func statusRequested(_ session: borrowing PingSession) throws(OutputError) { writeStatus(session) }
    mutating func windowChanged(_ session: borrowing PingSession) throws(OutputError) { try showPlot { _ in } }
    mutating func willWait(_ session: borrowing PingSession) throws(OutputError) { try output.flush() }

    // MARK: - Lines

    private mutating func replyLine(_ reply: PingReply, mark: String) -> String {
        var line =
            timestamp + "\(reply.byteCount) bytes from \(name(reply.source)): icmp_seq=\(wireSequence(reply.sequence))"
        if display.verbose { line += " ident=\(subject.identifier)" }
        if let hopLimit = reply.hopLimit { line += " ttl=\(hopLimit)" }
        if let roundTrip = reply.roundTrip {
            line += " time=\(display.precise ? roundTrip.milliseconds : roundTrip.roundTripMilliseconds) ms"
        }
        line += mark + bell
        if let damage = reply.damage { line += damage.text }
        if !reply.options.isEmpty { line += options.text(reply.options) { names.text($0) } }
        return line + "\n"
    }

    private var bell: String { display.audible ? "\u{7}" : "" }

    private var timestamp: String {
        guard display.timestamps else { return "" }
        return "[\(decimal(Clock.wallClock / 1000, digits: 6))] "
    }

    private mutating func name(_ address: IPAddress) -> String {
        names.text(address, scopeID: address.isLinkLocal ? subject.scopeID : 0)
    }

    /// The sequence number as it stands in the packet.
    private func wireSequence(_ sequence: UInt64) -> UInt64 { sequence & 0xFFFF }

    private mutating func write(_ text: String) throws(OutputError) {
        try showPlot { (output) throws(OutputError) in try output.write(text) }
    }

    /// Writes above the plot, and draws it anew below.
    private mutating func showPlot(_ write: (inout StandardOutput) throws(OutputError) -> Void) throws(OutputError) {
        guard plot != nil, !display.flood, StandardOutput.isTerminal else { return try write(&output) }
        try output.write(plot?.erasure ?? "")
        try write(&output)
        try output.write(plot?.drawing(in: StandardOutput.terminalSize) ?? "")
    }
}

extension PayloadDamage {
    /// The damage as ping(8) shows it, with all bytes after the timestamp.
    fileprivate var text: String {
        var text =
            "\nwrong data byte #\(index) should be 0x\(String(expected, radix: 16)) but was 0x\(String(found, radix: 16))"
        let start = payload.count >= PingPayload.timestampLength ? PingPayload.timestampLength : 0
        for index in start..<payload.count {
            if index % 32 == start { text += "\n#\(index)\t" }
            text += String(payload[index], radix: 16) + " "
        }
        return text
    }
}

extension SendFailure {
    /// The failure as ping(8) words it.
    var words: String {
        switch self {
        case .tooLarge(let mtu?): "local error: message too long, mtu=\(mtu)"
        case .tooLarge(nil): "local error: message too long"
        case .queueFull: "sendmsg: \(Errno.noBufferSpace)"
        case .bufferFull: "sendmsg: \(Errno.wouldBlock)"
        case .refused(let errno): "sendmsg: \(Errno(rawValue: errno))"
        }
    }
}
