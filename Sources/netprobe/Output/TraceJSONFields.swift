import Addresses
import Packets
import Probing
import ProbingIO

// The parts of a trace as fields of JSON objects.
extension JSONObject {
    /// An object about a destination, of this schema and type.
    init(_ schema: String, _ type: String, _ subject: TraceSubject) {
        self.init()
        add("schema", schema)
        add("type", type)
        add("time", Duration.nanoseconds(Clock.wallClock))
        add("host", subject.host)
        add("address", "\(subject.destination)")
    }

    /// How a destination is probed.
    mutating func add(_ subject: TraceSubject) {
        add("source", "\(subject.source)")
        add("interface", subject.device)
        add("socket", subject.socketKind)
        add("method", subject.method.key)
        add("port", subject.method.port)
        add("packet_bytes", subject.packetLength)
        add("first_hop", subject.configuration.firstHop)
        add("max_hops", subject.configuration.maximumHops)
    }

    /// Round-trip times as ping has them, and the last of them; `nil` where there are none.
    init?(withLast times: RoundTripStatistics) {
        self.init(times)
        add("last", times.last)
    }

    mutating func add(_ hop: TraceHop) {
        add("hop", hop.hopLimit)
        add("sent", hop.sent)
        add("received", hop.received)
        add("lost", hop.lost)
        add("duplicates", hop.duplicates)
        add("loss", hop.loss)
        if let times = JSONObject(withLast: hop.roundTrips) { add("rtt", times) }
    }

    mutating func add(_ hops: ClosedRange<UInt8>) {
        add("first_hop", hops.lowerBound)
        add("last_hop", hops.upperBound)
    }

    /// What an answer says and shows, without whom it is from.
    mutating func add(_ answer: TraceAnswer) {
        add("ttl", answer.hopLimit)
        add("return_hops", answer.returnHops)
        add(answer.meaning)
        add("mark", answer.mark)
        add("quoted_ttl", answer.quotedHopLimit)
        add("quoted_tos", answer.quotedDifferentiatedServices?.rawValue)
        if !answer.rewriting.isEmpty { add("rewritten", answer.rewriting.keys) }
        addExtensions(answer.extensions)
    }

    private mutating func add(_ meaning: TraceAnswer.Meaning) {
        switch meaning {
        case .timeExceeded: add("meaning", "time-exceeded")
        case .error(let error):
            add("meaning", "error")
            add(error)
        case .reply(let reply):
            add("meaning", "reply")
            switch reply {
            case .echo: add("reply", "echo")
            case .datagram: add("reply", "datagram")
            case .tcp(let flags):
                add("reply", "tcp")
                add("tcp_flags", flags.rawValue)
            case .association(let accepted):
                add("reply", "association")
                add("accepted", accepted)
            }
        }
    }

    mutating func add(_ error: ICMPError) {
        add("icmp_type", error.type)
        add("icmp_code", error.code)
        add("information", error.information)
        add("message", error.words { "\($0)" })
    }

    private mutating func addExtensions(_ objects: [ICMPExtensionObject]) {
        var labels: [JSONObject] = []
        var interfaces: [JSONObject] = []
        for object in objects {
            switch object {
            case .mplsLabelStack(let stack): labels += stack.map { JSONObject($0) }
            case .interfaceInformation(let interface): interfaces.append(JSONObject(interface))
            case .interfaceIdentification, .unknown: continue
            }
        }
        if !labels.isEmpty { add("mpls", labels) }
        if !interfaces.isEmpty { add("interfaces", interfaces) }
    }

    private init(_ label: MPLSLabel) {
        self.init()
        add("label", label.label)
        add("traffic_class", label.trafficClass)
        add("bottom", label.isBottomOfStack)
        add("ttl", label.timeToLive)
    }

    private init(_ interface: ICMPInterfaceInformation) {
        self.init()
        add("role", "\(interface.role)")
        add("index", interface.index)
        add("name", interface.name)
        add("address", interface.address.map { "\($0)" })
        add("mtu", interface.mtu)
    }

    /// What was noticed: its kind, and where.
    mutating func add(_ finding: TraceFinding) {
        switch finding {
        case .rewritten(let first, let second, let what):
            add("finding", "rewritten")
            add(between: first, second)
            add("rewritten", what.keys)
        case .differentiatedServices(let first, let second, let value):
            add("finding", "tos")
            add(between: first, second)
            add("tos", value.rawValue)
        case .forwardedDestination(let hops):
            add("finding", "forwarded_destination")
            add(hops)
        case .quotedHopLimit(let hop, let address, let left):
            add("finding", "quoted_ttl")
            add(hop, address)
            add("quoted_ttl", left)
        case .mpls(let hops):
            add("finding", "mpls")
            add(hops)
        case .rateLimited(let hop, let lost, let count):
            add("finding", "rate_limit")
            add("hop", hop)
            add("lost", lost)
            add("sent", count)
        case .loss(let hop, let lost, let count):
            add("finding", "loss")
            add("hop", hop)
            add("lost", lost)
            add("sent", count)
        case .lossOrRateLimit(let hop, let lost, let count):
            add("finding", "loss_or_rate_limit")
            add("hop", hop)
            add("lost", lost)
            add("sent", count)
        case .loop(let address, let hops):
            add("finding", "loop")
            add("from", "\(address)")
            add("hops", numbers: hops.map { Int($0) })
        case .asymmetricReturn(let hop, let address, let returnHops):
            add("finding", "asymmetric_return")
            add(hop, address)
            add("return_hops", returnHops)
        case .answeredInName(let hop, let address, let router):
            add("finding", "answered_in_name")
            add(hop, address)
            add("by", "\(router)")
        case .routeChanged(let round, let hops):
            add("finding", "route_change")
            add("round", round)
            add(hops)
        case .severalResponders(let hop, let addresses):
            add("finding", "several_responders")
            add("hop", hop)
            add("responders", addresses.map { "\($0)" })
        case .filtered(let hop, let address, let error):
            add("finding", "filtered")
            add(hop, address)
            add("icmp_type", error.type)
            add("icmp_code", error.code)
        case .unreachable(let hop, let address, let error):
            add("finding", "unreachable")
            add(hop, address)
            add("icmp_type", error.type)
            add("icmp_code", error.code)
        case .destinationSilent(let last):
            add("finding", "destination_silent")
            add("last_hop", last)
        case .answersTCPAlone(let port, let isOpen, let last):
            add("finding", "answers_tcp_alone")
            add("port", port)
            add("open", isOpen)
            add("last_hop", last)
        }
    }

    private mutating func add(between first: UInt8, _ second: UInt8) {
        add("after_hop", first)
        add("by_hop", second)
    }

    private mutating func add(_ hop: UInt8, _ address: IPAddress) {
        add("hop", hop)
        add("from", "\(address)")
    }
}
