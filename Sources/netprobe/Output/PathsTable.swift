import Addresses
import Probing

/// What each path loses and how long it takes, and what is worth saying about where they part.
struct PathsTable {
    let graph: PathGraph

    /// A line for each path.
    /// - Parameter name: how an address is shown.
    func text(_ name: TraceTable.Label) -> String {
        var text = "Path  Loss%   Snt   Last   Avg  Best  Wrst  through\n"
        for (number, path) in graph.paths.enumerated() {
            let loss = decimal(Int64((path.loss * 1000).rounded()), digits: 1)
            let times = path.roundTrips
            text += leading("\(number + 1)", 4) + leading(loss + "%", 7) + leading("\(path.sent)", 6) + " "
            text += [times.last, times.average, times.minimum, times.maximum]
                .map { leading(TraceTable.milliseconds($0, digits: 1), 6) }.joined()
            text += "  " + path.vertices.dropFirst().map { graph.label($0, name) }.joined(separator: " ") + "\n"
        }
        return text
    }

    /// Where load is balanced, and how the search went.
    func sentences(_ name: TraceTable.Label) -> [String] {
        var sentences = graph.diamonds.map { sentence($0, name) }
        if let sentence = rareAnswersSentence { sentences.append(sentence) }
        if !graph.isComplete {
            sentences.append("The search came to its limits: there may be more than is shown.")
        }
        if let sentence = lossSentence(name) { sentences.append(sentence) }
        sentences.append(
            "\(graph.searchProbes) probes found \(graph.paths.count == 1 ? "the path" : "\(graph.paths.count) paths"), "
                + "and \(graph.roundProbes) measured \(graph.paths.count == 1 ? "it" : "them").")
        return sentences
    }

    private var rareAnswersSentence: String? {
        let hops = graph.rarelyAnsweringHops
        guard let last = hops.last else { return nil }
        let isEnd = graph.paths.allSatisfy { path in
            path.vertices.last.map { graph.vertices[$0].hop } == last && path.loss > 0
        }
        let others = hops.dropLast().map { "\($0)" }.joined(separator: ", ")
        let names = others.isEmpty ? "Hop \(last) answers" : "Hops \(others) and \(last) answer"
        return "\(names) only some probes: the rate of answers is limited there, or they are lost."
            + (isEnd ? " What all paths lose may be nothing else: see with --interval \(2 * graph.paths.count)." : "")
    }

    /// That some paths lose and others do not, and what those have in common.
    private func lossSentence(_ name: TraceTable.Label) -> String? {
        let losing = graph.paths.filter { $0.loss > 0 }
        guard let first = losing.first, losing.count < graph.paths.count else { return nil }
        let others = graph.paths.filter { $0.loss == 0 }
        let common = first.vertices.first { vertex in
            losing.allSatisfy { $0.vertices.contains(vertex) } && !others.contains { $0.vertices.contains(vertex) }
        }
        let those = losing.count == 1 ? "that" : "those"
        return "Only \(losing.count) of the \(graph.paths.count) paths \(losing.count == 1 ? "loses" : "lose") probes"
            + (common.map { ": \(those) through \(graph.label($0, name))." } ?? ".")
    }

    private func sentence(_ diamond: PathGraph.Diamond, _ name: TraceTable.Label) -> String {
        let from = "Behind \(graph.label(diamond.divergence, name)), hop \(graph.vertices[diamond.divergence].hop),"
        let how =
            switch diamond.balancing {
            case .perFlow: " by flow"
            case .perPacket: " by packet"
            case nil: ""
            }
        let end =
            diamond.convergence.map { ", as far as \(graph.label($0, name)), hop \(graph.vertices[$0].hop)" } ?? ""
        let mesh = diamond.isMeshed ? "; they cross" : ""
        return "\(from) load is balanced\(how) over up to \(diamond.width) ways\(end)\(mesh)."
    }

    private func leading(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
