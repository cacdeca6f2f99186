import Addresses
import Packets
import Probing

extension TraceFinding {
    /// The finding in a plain sentence.
    /// - Parameter label: how an address is shown.
    func words(_ configuration: TraceConfiguration, _ label: (IPAddress) -> String) -> String {
        switch self {
        case .rewritten(let first, let second, let what):
            let place = Self.between(first, second)
            return "\(what.words) of the probes is rewritten \(place): there is a NAT, or another middlebox."
        case .differentiatedServices(let first, let second, let value):
            let place = Self.between(first, second)
            return "The type of service becomes 0x\(hexadecimal(value.rawValue, digits: 2)) \(place)."
        case .forwardedDestination(let hops):
            return
                "A NAT at or before hop \(hops.lowerBound) forwards the probes to another host: "
                + "\(Self.hops(hops).lowercased()) \(hops.count == 1 ? "answers" : "answer") with the destination's "
                + "address."
        case .quotedHopLimit(let hop, let address, let left) where left > hop:
            return
                "Hop \(hop), \(label(address)), got probes that still had \(left) hops left: somebody before it raises "
                + "their TTL, which hides routers."
        case .quotedHopLimit(let hop, let address, let left):
            return
                "Hop \(hop), \(label(address)), got probes that still had \(left) hops left: routers before it hide, "
                + "in a tunnel for example."
        case .mpls(let hops):
            return "\(Self.hops(hops)) \(hops.count == 1 ? "is a router" : "are routers") in an MPLS tunnel."
        case .rateLimited(let hop, let lost, let count):
            return
                "Hop \(hop) answers only some probes, and leaves out \(lost) of \(count), but passes all on: it limits "
                + "the rate of its answers, and loses nothing."
        case .loss(let hop, let lost, let count):
            return "Probes are lost from hop \(hop) on: of those to the last hop that answers, \(lost) of \(count)."
        case .lossOrRateLimit(let hop, let lost, let count):
            return
                "Hop \(hop), the last that answers, leaves out \(lost) of \(count): probes to it are lost, or it limits the "
                + "rate of its answers."
        case .loop(let address, let hops):
            return "A loop: \(label(address)) answers at hops \(Self.list(hops.map { "\($0)" }))."
        case .asymmetricReturn(let hop, let address, let returnHops):
            return
                "The way back from hop \(hop), \(label(address)), is likely another than the way there: answers come "
                + "over \(returnHops) \(returnHops == 1 ? "hop" : "hops")."
        case .answeredInName(let hop, let address, let router):
            return
                "Hop \(hop), \(label(address)), answers from no further than hop \(hop - 1), \(label(router)): that "
                + "router is likely to answer in its name, as a filter or a proxy does."
        case .routeChanged(let round, let hops):
            return "The route changed in round \(round), at \(Self.hops(hops).lowercased())."
        case .severalResponders(let hop, let addresses):
            return
                "Several answer at hop \(hop), \(Self.list(addresses.map(label))), though all probes are of one flow: "
                + "load is balanced by packets, or the route changed meanwhile."
        case .filtered(let hop, let address, let error):
            return "A filter refuses the probes to hop \(hop): \(label(address)) says \(error.words(label))."
        case .unreachable(let hop, let address, let error):
            return "The path ends at hop \(hop): \(label(address)) says \(error.words(label))."
        case .destinationSilent(let last?) where last == configuration.maximumHops:
            return "The destination is further than hop \(last), the last that was asked (-m)."
        case .destinationSilent(let last?):
            return "The destination did not answer these probes; the last hop that did is \(last). "
                + "Another method (-I, -T, -U) may get through."
        case .answersTCPAlone(let port, let isOpen, let last):
            return "The destination did not answer these probes, but it answers TCP, at port \(port), which is "
                + "\(isOpen ? "open" : "closed"): something \(last.map { "behind hop \($0)" } ?? "on the way") drops them. "
                + "-T -p \(port) gets through."
        case .destinationSilent(nil):
            return "Nobody answered these probes. Another method (-I, -T, -U) may get through."
        }
    }

    private static func between(_ first: UInt8, _ second: UInt8) -> String {
        first == 0 ? "before hop \(second)" : "between hops \(first) and \(second)"
    }

    private static func hops(_ hops: ClosedRange<UInt8>) -> String {
        hops.count == 1 ? "Hop \(hops.lowerBound)" : "Hops \(hops.lowerBound) to \(hops.upperBound)"
    }

    private static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and \(last)"
    }
}

extension TraceAnswer.Rewriting {
    private static var names: [(Self, word: String, key: String)] {
        [
            (.source, "source address", "source"), (.destination, "destination address", "destination"),
            (.ports, "port or identifier", "ports"), (.identification, "identification", "identification"),
            (.checksum, "checksum", "checksum"), (.differentiatedServices, "type of service", "tos"),
            (.length, "length", "length"),
        ]
    }

    /// Which parts of a probe they are, with a capital.
    fileprivate var words: String {
        "The " + Self.names.filter { contains($0.0) }.map(\.word).joined(separator: " and the ")
    }

    /// Which parts of a probe they are, for programs.
    var keys: [String] { Self.names.filter { contains($0.0) }.map(\.key) }
}

extension TraceHop {
    /// What routers tell of their interfaces (RFC 5837), in plain sentences.
    func interfaceSentences(_ label: (IPAddress) -> String) -> [String] {
        responders.flatMap { responder in
            responder.lastAnswer.extensions.compactMap { object -> String? in
                guard case .interfaceInformation(let interface) = object else { return nil }
                var parts: [String] = []
                if let name = interface.name { parts.append(name.forTerminal) }
                if let index = interface.index { parts.append("number \(index)") }
                if let address = interface.address { parts.append("\(address)") }
                if let mtu = interface.mtu { parts.append("MTU \(mtu)") }
                guard !parts.isEmpty else { return nil }
                return "Hop \(hopLimit), \(label(responder.address)), tells of its \(interface.role): "
                    + "\(parts.joined(separator: ", "))."
            }
        }
    }
}
