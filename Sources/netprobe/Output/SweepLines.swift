import Addresses
import Probing

/// The lines about single answers and time-outs, as fping writes them.
struct SweepLines {
    private let display: SweepDisplay

    init(_ display: SweepDisplay) { self.display = display }

    // MARK: - Who is alive

    /// "198.18.0.1 is alive (0.05 ms)", or as `-a` has it: "198.18.0.1".
    func alive(_ reply: SweepReply, _ label: SweepLabel, to line: inout [UInt8]) {
        label.append(to: &line)
        if display.isVerbose { line.append(" is alive") }
        appendSource(reply, to: &line)
        appendDetails(reply, to: &line)
        if display.showsElapsed, let roundTrip = reply.roundTrip {
            line.append(" (")
            line.append(fpingMilliseconds: roundTrip.clampedNanoseconds)
            line.append(" ms)")
        }
        line.append(.lineFeed)
    }

    /// "198.18.0.1 is unreachable", or as `-u` has it: "198.18.0.1".
    func unreachable(_ label: SweepLabel, to line: inout [UInt8]) {
        label.append(to: &line)
        line.append(display.isVerbose ? " is unreachable\n" : "\n")
    }

    /// "198.18.0.1 : duplicate for [0], 64 bytes, 0.05 ms".
    func duplicate(_ reply: SweepReply, _ label: SweepLabel, to line: inout [UInt8]) {
        label.append(to: &line)
        line.append(" : duplicate for [")
        line.append(decimal: reply.index)
        line.append("], ")
        append(reply, to: &line)
        if reply.source != reply.address { append(source: reply.source, to: &line) }
        line.append(.lineFeed)
    }

    // MARK: - Each probe

    /// "198.18.0.1 : [0], 64 bytes, 0.05 ms (0.05 avg, 0% loss)".
    /// - Parameter received: how many replies the loss is of.
    func each(
        _ reply: SweepReply, _ label: SweepLabel, columns: Int, _ counts: SweepTarget.Counts, received: Int,
        to line: inout [UInt8]
    ) {
        begin(label, columns, index: reply.index, to: &line)
        if reply.isClosed {
            line.append("refused, ")
            appendRoundTrip(reply, to: &line)
        } else {
            append(reply, to: &line)
        }
        append(counts, received, to: &line)
        appendSource(reply, to: &line)
        appendDetails(reply, to: &line)
        line.append(.lineFeed)
    }

    /// "198.18.0.1 : [0], timed out (NaN avg, 100% loss)".
    func timeout(
        _ index: Int, _ label: SweepLabel, columns: Int, _ counts: SweepTarget.Counts, received: Int,
        to line: inout [UInt8]
    ) {
        begin(label, columns, index: index, to: &line)
        line.append("timed out")
        append(counts, received, to: &line)
        line.append(.lineFeed)
    }

    private func begin(_ label: SweepLabel, _ columns: Int, index: Int, to line: inout [UInt8]) {
        label.append(to: &line, columns: columns)
        line.append(" : [")
        line.append(decimal: index)
        line.append("], ")
    }

    /// The average round trip and the loss up to now.
    private func append(_ counts: SweepTarget.Counts, _ received: Int, to line: inout [UInt8]) {
        line.append(" (")
        if let average = counts.average {
            line.append(fpingMilliseconds: average)
        } else {
            line.append("NaN")
        }
        line.append(" avg, ")
        if received <= counts.sent {
            line.append(decimal: counts.lossPercent(received: received))
            line.append("% loss)")
        } else {
            line.append(decimal: counts.returnPercent(received: received))
            line.append("% return)")
        }
    }

    // MARK: - Parts

    private func append(_ reply: SweepReply, to line: inout [UInt8]) {
        line.append(decimal: reply.byteCount)
        line.append(" bytes, ")
        appendRoundTrip(reply, to: &line)
    }

    private func appendRoundTrip(_ reply: SweepReply, to line: inout [UInt8]) {
        line.append(fpingMilliseconds: (reply.roundTrip ?? .zero).clampedNanoseconds)
        line.append(" ms")
    }

    /// Another address that answers; fping tells of it on standard error.
    private func appendSource(_ reply: SweepReply, to line: inout [UInt8]) {
        if !display.isFping, reply.source != reply.address { append(source: reply.source, to: &line) }
    }

    /// " [<- 198.18.0.2]".
    func append(source: IPAddress, to line: inout [UInt8]) {
        line.append(" [<- ")
        source.append(to: &line)
        line.append("]")
    }

    private func appendDetails(_ reply: SweepReply, to line: inout [UInt8]) {
        if let timestamps = reply.timestamps {
            line.append(display.showsAlive ? " timestamps: Originate=" : ", timestamps: Originate=")
            line.append(decimal: timestamps.originate)
            line.append(" Receive=")
            line.append(decimal: timestamps.receive)
            line.append(" Transmit=")
            line.append(decimal: timestamps.transmit)
            line.append(" Localreceive=")
            line.append(decimal: reply.arrivalSinceMidnight)
        }
        if display.showsReplyDestination {
            line.append(" (SRC ")
            if let destination = reply.destination {
                destination.append(to: &line)
            } else {
                line.append("unknown")
            }
            line.append(")")
        }
        if display.showsTrafficClass { append(" (TOS ", reply.trafficClass, to: &line) }
        if display.showsHopLimit { append(" (TTL ", reply.hopLimit, to: &line) }
    }

    private func append(_ name: String, _ value: UInt8?, to line: inout [UInt8]) {
        line.append(name)
        if let value {
            line.append(decimal: value)
        } else {
            line.append("unknown")
        }
        line.append(")")
    }
}

extension SweepReply {
    /// Milliseconds since midnight UT at its arrival, as ICMP timestamps have them (RFC 792).
    var arrivalSinceMidnight: Int64 { max(0, wallClock) / 1_000_000 % 86_400_000 }
}
