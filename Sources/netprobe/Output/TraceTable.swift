import Addresses
import Probing

/// The statistics of a trace's hops, in the forms of mtr(8).
struct TraceTable {
    /// What is written of an address.
    typealias Label = (IPAddress) -> String

    /// Where mtr writes that nobody answered.
    private static let nobody = "???"
    /// Where mtr writes that the autonomous system is not known.
    static let noSystem = "AS???"

    let hops: [TraceHop]
    /// Add what mtr does not print: jitter and percentiles.
    var showsDistribution = false
    var showsExtensions = false

    // MARK: - A table

    /// The table of `mtr --report`, without its first line.
    /// - Parameters:
    ///   - host: the name of the host that it was made on.
    ///   - systems: the autonomous systems of an address, as with `mtr --aslookup`; `nil` for no such column.
    func report(from host: String, systems: Label? = nil, _ label: Label) -> String {
        let names = names(systems, label)
        let longest = names.joined().map(\.count).max() ?? 0
        let branch = systems == nil ? ".|-- " : ". "
        let width = max(30, longest + branch.count, host.count + 3)
        var text = "HOST: \(padded(host, width - 3)) Loss%   Snt   Last   Avg  Best  Wrst StDev"
        text += showsDistribution ? "  Jttr   p50   p95   p99\n" : "\n"
        for (hop, names) in zip(hops, names) {
            text += leading("\(hop.hopLimit)", 3) + padded(branch + (names.first ?? ""), width) + figures(hop)
            if let responder = hop.responders.first { text += extensionLines(responder) }
            for (name, responder) in zip(names, hop.responders).dropFirst() {
                text += "    |  `|-- \(name)\n" + extensionLines(responder)
            }
        }
        return text
    }

    /// Who answered at each hop: names, behind a column of autonomous systems where there is one.
    private func names(_ systems: Label?, _ label: Label) -> [[String]] {
        let names = hops.map { hop in
            hop.responders.isEmpty ? [Self.nobody] : hop.responders.map { label($0.address) }
        }
        guard let systems else { return names }
        let columns = hops.map { hop in
            hop.responders.isEmpty ? [Self.noSystem] : hop.responders.map { systems($0.address) }
        }
        let width = (columns.joined().map(\.count).max() ?? 0) + 1
        return zip(columns, names).map { columns, names in
            zip(columns, names).map { padded($0, max(9, width)) + $1 }
        }
    }

    private func figures(_ hop: TraceHop) -> String {
        let loss = decimal(Int64((hop.loss * 1000).rounded()), digits: 1)
        let times = hop.roundTrips
        var columns = [times.last, times.average, times.minimum, times.maximum, times.sampleDeviation]
        if showsDistribution {
            columns += [times.jitter, times.percentile(50), times.percentile(95), times.percentile(99)]
        }
        return leading(hop.loss == 1 ? loss : loss + "%", 6) + leading("\(hop.sent)", 6) + " "
            + columns.map { leading(Self.milliseconds($0, digits: 1), 6) }.joined() + "\n"
    }

    private func extensionLines(_ responder: TraceResponder) -> String {
        guard showsExtensions else { return "" }
        var text = ""
        for case .mplsLabelStack(let labels) in responder.lastAnswer.extensions {
            for label in labels {
                text += "       [MPLS: Lbl \(label.label) TC \(label.trafficClass) "
                text += "S \(label.isBottomOfStack ? 1 : 0) TTL \(label.timeToLive)]\n"
            }
        }
        return text
    }

    // MARK: - Fields between commas

    /// The first line of `mtr --csv`.
    /// - Parameter hasSystems: with a field for autonomous systems.
    static func csvHeader(hasSystems: Bool) -> String {
        "Mtr_Version,Start_Time,Status,Host,Hop,Ip,\(hasSystems ? "Asn," : "")"
            + "Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,\n"
    }

    /// The other lines of `mtr --csv`. Its nameless field is the number of probes lost.
    /// - Parameters:
    ///   - host: the destination as it was asked for.
    ///   - start: when the trace began, in seconds since 1970.
    ///   - systems: the autonomous systems of an address; `nil` for no such field.
    func csv(to host: String, start: Int64, systems: Label?, _ label: Label) -> String {
        hops.map { hop in
            let address = hop.responders.first?.address
            let times = hop.roundTrips
            var fields = ["netprobe \(Netprobe.version)", "\(start)", "OK", host, "\(hop.hopLimit)"]
            fields.append(address.map(label) ?? Self.nobody)
            if let systems { fields.append(address.map(systems) ?? Self.noSystem) }
            fields += [decimal(Int64((hop.loss * 10_000).rounded()), digits: 2), "\(hop.sent)", "\(hop.lost)"]
            fields += [times.last, times.average, times.minimum, times.maximum, times.sampleDeviation]
                .map { Self.milliseconds($0, digits: 2) }
            return fields.map(Self.field).joined(separator: ",") + "\n"
        }.joined()
    }

    /// A field as RFC 4180 has it; nothing in it acts on a terminal.
    private static func field(_ text: String) -> String {
        let safe = text.forTerminal
        guard safe.contains(where: { $0 == "," || $0 == "\"" }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    // MARK: - Columns

    static func milliseconds(_ time: Duration?, digits: Int) -> String {
        var unit: Int64 = 1_000_000
        for _ in 0..<digits { unit /= 10 }
        return decimal(((time ?? .zero).clampedNanoseconds / (unit / 2) + 1) / 2, digits: digits)
    }

    private func leading(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension RoundTripStatistics {
    /// The standard deviation as mtr has it, that of a sample; 0 for a single value.
    fileprivate var sampleDeviation: Duration? {
        guard count > 1 else { return nil }
        return standardDeviation.map { $0 * (Double(count) / Double(count - 1)).squareRoot() }
    }
}
