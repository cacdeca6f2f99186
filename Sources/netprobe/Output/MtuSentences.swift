import Addresses
import Probing

/// What a path-MTU discovery has found out, in one plain sentence.
struct MtuSentence: Equatable {
    /// What it is about, for programs.
    let key: String
    let words: String
}

extension PathMTUResult {
    /// What was found out, in plain sentences.
    /// - Parameter label: how an address is shown.
    func sentences(_ subject: TraceSubject, _ label: (IPAddress) -> String) -> [MtuSentence] {
        let destination = subject.destination
        var sentences = limits.map { limit in
            MtuSentence(key: limit.evidence.key, words: words(limit, destination.family, label))
        }
        if limits.contains(where: { $0.evidence == .blackHole }), let mtu, isReached(destination) {
            // Behind the headers of IP and TCP.
            let segment = mtu - (destination.family == .v4 ? 40 : 60)
            sentences.append(
                MtuSentence(
                    key: "advice",
                    words: "In a black hole ICMP errors are filtered, or a link takes less than its ends believe. "
                        + "Until that is mended, TCP gets through with a maximum segment size of \(segment)."))
        }
        guard isComplete else {
            return sentences + [MtuSentence(key: "interrupted", words: "Interrupted: there may be more to know.")]
        }
        sentences += hops.filter { $0.responder != nil && $0.mtu == nil }.map { hop in
            MtuSentence(
                key: "hop_lost",
                words: "\(place(hop.hopLimit, label).capitalizedFirst) did not answer any more when large packets were "
                    + "sent: nothing is known of its size.")
        }
        return sentences + ending(subject, label)
    }

    /// Why the way was not followed to the destination.
    private func ending(_ subject: TraceSubject, _ label: (IPAddress) -> String) -> [MtuSentence] {
        let destination = subject.destination
        guard !isReached(destination) else { return [] }
        let remedy = subject.method == .icmp ? "" : " ICMP echo requests (-I) may get through."
        guard let last = hops.last(where: { $0.responder != nil }) else {
            return [MtuSentence(key: "silent", words: "Nobody answered: nothing is known of the way.\(remedy)")]
        }
        let place = place(last.hopLimit, label)
        if last.isDestination, let error = last.error {
            return [
                MtuSentence(
                    key: "refused", words: "\(place.capitalizedFirst) lets nothing through: \(error.words(label)).")
            ]
        }
        guard last.hopLimit < subject.configuration.maximumHops else {
            return [
                MtuSentence(
                    key: "too_far",
                    words: "\(destination) is further than hop \(last.hopLimit), the last that was asked (-m).")
            ]
        }
        return [
            MtuSentence(
                key: "destination_silent",
                words: "\(destination) itself did not answer: what is known ends at \(place).\(remedy)")
        ]
    }

    private func words(_ limit: PathMTULimit, _ family: IPFamily, _ label: (IPAddress) -> String) -> String {
        let first = limit.lastHop.map { place($0, label) } ?? "this host"
        let link = "between \(first) and \(place(limit.nextHop, label))"
        var words =
            switch limit.evidence {
            case .told(let router):
                "Packets \(link) may have \(limit.mtu) bytes, not \(limit.previousMTU): \(label(router)) says so."
            case .toldWrongly(let router, let size):
                "Packets \(link) may have \(limit.mtu) bytes, not \(limit.previousMTU), as trying shows: "
                    + "\(label(router)) says that they are too big, but also that \(size) bytes would do."
            case .blackHole:
                "A black hole \(link): packets of more than \(limit.mtu) bytes vanish, and no router says so."
            }
        if family == .v6, limit.mtu < 1280 { words += " In IPv6 every link has to take 1280." }
        return words
    }

    private func place(_ hop: UInt8, _ label: (IPAddress) -> String) -> String {
        let responder = hops.first { $0.hopLimit == hop }?.responder
        return "hop \(hop)" + (responder.map { " (\(label($0)))" } ?? "")
    }

    /// Whether the destination itself has answered.
    func isReached(_ destination: IPAddress) -> Bool { hops.contains { $0.responder == destination } }
}

extension PathMTULimit.Evidence {
    /// The router that has said something.
    var router: IPAddress? {
        switch self {
        case .told(let router), .toldWrongly(let router, _): router
        case .blackHole: nil
        }
    }

    /// How it is known, for programs.
    var key: String {
        switch self {
        case .told: "told"
        case .toldWrongly: "told_wrongly"
        case .blackHole: "black_hole"
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
