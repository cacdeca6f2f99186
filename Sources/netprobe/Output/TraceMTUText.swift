import Addresses
import Probing
import ProbingIO

/// How large packets may be at each hop, in the lines of `traceroute --mtu`: a size stands where it is another than at
/// the hop before.
struct TraceMTUText: TraceReport {
    private let subject: TraceSubject
    let names: TraceNames
    private var output = StandardOutput()
    /// Hops that are known, and not written yet.
    private var hops: [PathMTUHop] = []
    /// The size that was written last.
    private var mtu: Int?

    init(_ subject: TraceSubject, names: TraceNames) {
        self.subject = subject
        self.names = names
    }

    mutating func begin() throws(OutputError) {
        try output.write(subject.headerLine)
        try output.flush()
    }

    mutating func observed(
        _ event: PathMTUEvent, target: Int, _ fleet: borrowing TraceFleet<PathMTUSession>
    ) throws(OutputError) {
        guard case .hop(let hop) = event else { return }
        if let responder = hop.responder { names.lookUp(responder) }
        hops.append(hop)
        try writeWhatIsKnown()
    }

    mutating func willWait(_ fleet: borrowing TraceFleet<PathMTUSession>) throws(OutputError) {
        try writeWhatIsKnown()
        try output.flush()
    }

    mutating func end(_ fleet: borrowing TraceFleet<PathMTUSession>) throws(OutputError) {
        names.settle()
        try writeWhatIsKnown()
        try output.flush()
    }

    private mutating func writeWhatIsKnown() throws(OutputError) {
        while let hop = hops.first {
            guard let words = words(hop) else { return }
            hops.removeFirst()
            let number = "\(hop.hopLimit)"
            try output.write((number.utf8.count < 2 ? " " : "") + "\(number) \(words)\n")
            mtu = hop.mtu ?? mtu
        }
    }

    private func words(_ hop: PathMTUHop) -> String? {
        guard let responder = hop.responder else { return " *" }
        guard let label = names.label(responder) else { return nil }
        var text = " \(label)"
        if let roundTrip = hop.roundTrip {
            text += "  \(decimal((roundTrip.clampedNanoseconds + 500) / 1000, digits: 3)) ms"
        }
        if let size = hop.mtu, size != mtu { text += " F=\(size)" }
        return text
    }
}
