import Addresses
import Probing

/// Results as the JSON objects of fping (`-J`), one a line.
struct SweepFpingJSON {
    private let display: SweepDisplay

    init(_ display: SweepDisplay) { self.display = display }

    // MARK: - Each probe

    /// `resp`: an answer. `refused`, which fping has not: nothing listens at the port.
    func reply(_ reply: SweepReply, _ label: SweepLabel, _ timestamp: String?, to line: inout [UInt8]) {
        begin(reply.isClosed ? "refused" : "resp", label, timestamp, to: &line)
        field("seq", reply.index, to: &line)
        field("size", reply.byteCount, to: &line)
        field("rtt", nanoseconds: (reply.roundTrip ?? .zero).clampedNanoseconds, to: &line)
        if let timestamps = reply.timestamps {
            line.append(", \"timestamps\": {\"originate\": ")
            line.append(decimal: timestamps.originate)
            field("receive", timestamps.receive, to: &line)
            field("transmit", timestamps.transmit, to: &line)
            field("localreceive", reply.arrivalSinceMidnight, to: &line)
            line.append("}")
        }
        if display.showsReplyDestination {
            name("replyDst", to: &line)
            line.append(jsonString: reply.destination?.description ?? "unknown")
        }
        if display.showsTrafficClass { field("tos", reply.trafficClass.map(Int.init) ?? -1, to: &line) }
        if display.showsHopLimit { field("ttl", reply.hopLimit.map(Int.init) ?? -1, to: &line) }
        line.append("}}\n")
    }

    /// `timeout`.
    func timeout(_ index: Int, _ label: SweepLabel, _ timestamp: String?, to line: inout [UInt8]) {
        begin("timeout", label, timestamp, to: &line)
        field("seq", index, to: &line)
        line.append("}}\n")
    }

    /// `warning`: a name that can't be looked up.
    func unknown(_ name: String, _ reason: String, to line: inout [UInt8]) {
        line.append("{\"warning\": {\"host\": ")
        line.append(jsonString: name)
        line.append(", \"message\": ")
        line.append(jsonString: reason)
        line.append("}}\n")
    }

    // MARK: - Summaries

    /// `summary`, or with the time in seconds since 1970 `intSum`.
    func target(
        _ counts: SweepTarget.Counts, received: Int, _ label: SweepLabel, time: Int64? = nil, to text: inout [UInt8]
    ) {
        if let time {
            text.append("{\"intSum\": {\"time\": ")
            text.append(decimal: time)
            text.append(",\"host\": ")
        } else {
            text.append("{\"summary\": {\"host\": ")
        }
        label.append(toJSON: &text)
        field("xmt", counts.sent, to: &text)
        field("rcv", received, to: &text)
        if received <= counts.sent {
            field("loss", counts.lossPercent(received: received), to: &text)
            if display.showsOutage { field("outage(ms)", counts.outage(display.period), to: &text) }
        } else {
            field("return", counts.returnPercent(received: received), to: &text)
        }
        if let average = counts.average {
            field("rttMin", nanoseconds: counts.minimum, to: &text)
            field("rttAvg", nanoseconds: average, to: &text)
            field("rttMax", nanoseconds: counts.maximum, to: &text)
        }
        text.append("}}\n")
    }

    /// `vSum`.
    func target(_ roundTrips: some Sequence<Int64?>, _ label: SweepLabel, to text: inout [UInt8]) {
        text.append("{\"vSum\": {\"host\": ")
        label.append(toJSON: &text)
        text.append(", \"values\": [")
        for (index, roundTrip) in roundTrips.enumerated() {
            if index > 0 { text.append(", ") }
            if let roundTrip {
                text.append(fpingMilliseconds: roundTrip)
            } else {
                text.append("null")
            }
        }
        text.append("]}}\n")
    }

    /// `stats`.
    func statistics(_ totals: SweepTotals, _ summary: SweepSummary, to text: inout [UInt8]) {
        text.append("{\"stats\": {\"targets\": ")
        text.append(decimal: totals.targets)
        field("alive", totals.alive, to: &text)
        field("unreachable", totals.targets - totals.alive, to: &text)
        field("unknownAddresses", summary.unknownNames, to: &text)
        field("timeouts", totals.timeouts, to: &text)
        field("icmpEchosSent", totals.sent, to: &text)
        field("icmpEchoRepliesReceived", totals.received, to: &text)
        field("otherIcmpReceived", totals.errors, to: &text)
        let roundTrips = totals.roundTrips
        field("rttMin", nanoseconds: (roundTrips.minimum ?? .zero).clampedNanoseconds, to: &text)
        field("rttAvg", nanoseconds: (roundTrips.average ?? .zero).clampedNanoseconds, to: &text)
        field("rttMax", nanoseconds: (roundTrips.maximum ?? .zero).clampedNanoseconds, to: &text)
        name("elapsed", to: &text)
        text.append(summary.elapsedSeconds)
        text.append("}}\n")
    }

    // MARK: - Parts

    private func begin(_ type: String, _ label: SweepLabel, _ timestamp: String?, to line: inout [UInt8]) {
        line.append("{\"")
        line.append(type)
        line.append("\": {")
        if let timestamp {
            line.append("\"timestamp\": \"")
            line.append(timestamp)
            line.append("\", ")
        }
        line.append("\"host\": ")
        label.append(toJSON: &line)
    }

    private func name(_ name: String, to text: inout [UInt8]) {
        text.append(", \"")
        text.append(name)
        text.append("\": ")
    }

    private func field(_ name: String, _ value: some BinaryInteger, to text: inout [UInt8]) {
        self.name(name, to: &text)
        text.append(decimal: value)
    }

    private func field(_ name: String, nanoseconds: Int64, to text: inout [UInt8]) {
        self.name(name, to: &text)
        text.append(fpingMilliseconds: nanoseconds)
    }
}
