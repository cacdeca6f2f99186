import Addresses
import Probing

/// The first round of a trace in the lines of traceroute(8), as far as they are known.
///
/// Probes are written in their order, each as soon as it and all before it are known.
struct TraceLines {
    /// What became of a probe.
    private enum Fate {
        case silent
        case answered(TraceAnswer, Duration)
    }

    private let display: TraceDisplay
    private let firstHop: Int
    private let probesPerHop: Int
    /// By place, from 0: the probes of the first hop, then those of the next; as far as one is known.
    private var fates: [Fate?] = []
    /// The place that is written next.
    private var next = 0
    /// Behind the last place of the last hop that there is reason to show.
    private var end: Int
    /// The last answer of the hop that is being written.
    private var previous: TraceAnswer?

    init(_ configuration: TraceConfiguration, _ display: TraceDisplay) {
        self.display = display
        firstHop = Int(configuration.firstHop)
        probesPerHop = configuration.probesPerHop
        end = (Int(configuration.maximumHops) - firstHop + 1) * probesPerHop
    }

    /// Takes note of what happened.
    mutating func add(_ event: TraceEvent) {
        switch event {
        case .answered(let probe, let answer, let roundTrip, _), .late(let probe, let answer, let roundTrip, _):
            set(.answered(answer, roundTrip), of: probe)
            guard probe.round == 1, answer.meaning != .timeExceeded else { return }
            // The path ends here, whatever answers came from further on; but a line that was begun is written whole.
            let hops = max(Int(probe.probe.hopLimit) - firstHop + 1, (next + probesPerHop - 1) / probesPerHop)
            end = min(end, hops * probesPerHop)
        case .timedOut(let probe), .sendFailed(let probe, _): set(.silent, of: probe)
        case .duplicate, .roundEnded, .routeChanged: return
        }
    }

    private mutating func set(_ fate: Fate, of probe: TracedProbe) {
        guard probe.round == 1, probe.index < probesPerHop else { return }
        let place = (Int(probe.probe.hopLimit) - firstHop) * probesPerHop + probe.index
        guard place >= next, place < end else { return }
        while fates.count <= place { fates.append(nil) }
        fates[place] = fate
    }

    /// What can be written now.
    /// - Parameter label: how an address is shown; `nil` where it is still to be found out.
    mutating func text(_ label: (IPAddress) -> String?) -> String {
        var text = ""
        while next < min(end, fates.count), let fate = fates[next] {
            guard let words = words(fate, label) else { break }
            let isFirst = next % probesPerHop == 0
            next += 1
            if isFirst {
                let hop = "\(firstHop + (next - 1) / probesPerHop)"
                text += (hop.utf8.count < 2 ? " " : "") + hop + " "
            }
            text += words
            if case .answered(let answer, _) = fate { previous = answer }
            if next % probesPerHop == 0 {
                text += "\n"
                previous = nil
            }
        }
        return text
    }

    /// The end of a line that was begun, where the trace ends before it.
    mutating func ending() -> String {
        defer { next = end }
        return next < end && next % probesPerHop != 0 ? "\n" : ""
    }

    private func words(_ fate: Fate, _ label: (IPAddress) -> String?) -> String? {
        guard case .answered(let answer, let roundTrip) = fate else { return " *" }
        var text = ""
        if differs(answer) {
            guard let label = label(answer.source) else { return nil }
            text += " \(label)"
            if let extra = extra(answer) { text += " <\(extra)>" }
            let hop = firstHop + next / probesPerHop
            if display.showsWayBack, let hops = answer.returnHops, hops != hop { text += " '-\(hops)'" }
        }
        text += "  \(decimal((roundTrip.clampedNanoseconds + 500) / 1000, digits: 3)) ms"
        if let mark = answer.mark { text += " \(mark)" }
        return text
    }

    /// Whether there is more to say than of the answer before it in the same line.
    private func differs(_ answer: TraceAnswer) -> Bool {
        guard let previous, previous.source == answer.source, extra(previous) == extra(answer) else { return true }
        return display.showsWayBack && previous.hopLimit != answer.hopLimit
    }

    private func extra(_ answer: TraceAnswer) -> String? {
        (display.showsFlags ? answer.flagsText : nil) ?? (display.showsExtensions ? answer.extensionText : nil)
    }
}
