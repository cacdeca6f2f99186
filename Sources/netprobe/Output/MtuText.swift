import Addresses
import Probing
import ProbingIO

/// A path-MTU discovery in the lines of tracepath(8), and in a few sentences what they mean.
struct MtuText: TraceReport {
    private let display: MtuDisplay
    private let subject: TraceSubject
    let names: TraceNames
    private var output = StandardOutput()
    /// What is known, and not written yet.
    private var lines: [PathMTUEvent] = []
    private var hasComplained = false

    init(_ display: MtuDisplay, _ subject: TraceSubject, names: TraceNames) {
        self.display = display
        self.subject = subject
        self.names = names
    }

    mutating func begin() throws(OutputError) {}

    mutating func observed(
        _ event: PathMTUEvent, target: Int, _ fleet: borrowing TraceFleet<PathMTUSession>
    ) throws(OutputError) {
        switch event {
        case .probe(.answered(_, let answer, _, _)): names.lookUp(answer.source)
        case .probe(.sendFailed(_, let failure)) where !hasComplained:
            hasComplained = true
            StandardError.write("\(display.programName): \(subject.host.forTerminal): \(failure.words)\n")
        case .probe: return
        case .ownLink, .hop, .limit:
            if case .limit(let limit) = event, let router = limit.evidence.router { names.lookUp(router) }
            lines.append(event)
            try writeWhatIsKnown()
        }
    }

    mutating func willWait(_ fleet: borrowing TraceFleet<PathMTUSession>) throws(OutputError) {
        try writeWhatIsKnown()
        try output.flush()
    }

    mutating func end(_ fleet: borrowing TraceFleet<PathMTUSession>) throws(OutputError) {
        names.settle()
        try writeWhatIsKnown()
        let result = fleet[0].result
        try output.write(summary(result))
        if !display.isTracepath {
            let names = self.names
            let sentences = result.sentences(subject) { names.finalName($0) }
            if !sentences.isEmpty { try output.write("\n" + sentences.map { $0.words + "\n" }.joined()) }
        }
        try output.flush()
    }

    // MARK: - Lines

    private mutating func writeWhatIsKnown() throws(OutputError) {
        while let line = lines.first, let text = text(line) {
            lines.removeFirst()
            try output.write(text + "\n")
        }
    }

    private func text(_ line: PathMTUEvent) -> String? {
        switch line {
        case .probe: return ""
        case .ownLink(let mtu): return " 1?: " + padded("[LOCALHOST]", to: 33) + "pmtu \(mtu)"
        case .limit(let limit):
            guard let router = limit.evidence.router else {
                return number(limit.nextHop) + padded("[BLACK HOLE]", to: 62) + "pmtu \(limit.mtu)"
            }
            return label(router).map { number(limit.nextHop) + padded($0, to: 62) + "pmtu \(limit.mtu)" }
        case .hop(let hop):
            guard let responder = hop.responder else { return number(hop.hopLimit) + "no reply" }
            return label(responder).map { number(hop.hopLimit) + padded($0, to: 52) + figures(hop, responder) }
        }
    }

    private func figures(_ hop: PathMTUHop, _ responder: IPAddress) -> String {
        let time = (hop.roundTrip ?? .zero).milliseconds
        var text = String(repeating: " ", count: max(0, 7 - time.utf8.count)) + time + "ms "
        if hop.isDestination, responder != subject.destination, let error = hop.error {
            return text + (TraceAnswer(token: 0, from: responder, .error(error)).mark ?? "")
        }
        if let hops = hop.returnHops, hops != Int(hop.hopLimit) {
            text += "asymm \(hops < 10 ? " " : "")\(hops) "
        }
        return hop.isDestination ? text + "reached" : text
    }

    private func summary(_ result: PathMTUResult) -> String {
        // Where nobody answered, it is what the kernel knows of the way.
        let size = "pmtu \(result.mtu ?? result.linkMTU ?? subject.packetLength)"
        guard let last = result.hops.last(where: \.isDestination) else {
            let isLong = result.hops.last?.hopLimit == subject.configuration.maximumHops
            return (isLong ? "     Too many hops: \(size)\n" : "") + "     Resume: \(size) \n"
        }
        guard last.responder == subject.destination else { return "     Resume: \(size) \n" }
        return "     Resume: \(size) hops \(last.hopLimit) " + (last.returnHops.map { "back \($0) \n" } ?? "\n")
    }

    private func number(_ hop: UInt8) -> String { (hop < 10 ? " " : "") + "\(hop):  " }

    private func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.unicodeScalars.count))
    }

    /// How an address is shown; `nil` while its name is worth waiting for.
    private func label(_ address: IPAddress) -> String? { names.label(address).map { _ in finalLabel(address) } }

    private func finalLabel(_ address: IPAddress) -> String {
        display.showsAddresses || !display.showsNames ? names.finalLabel(address) : names.finalName(address)
    }
}
