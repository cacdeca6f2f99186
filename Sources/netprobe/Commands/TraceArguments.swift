/// What a trace's arguments say, as they were typed; `TraceRequest` makes sense of it.
///
/// The names and what they are for stand in `TraceCommand`, which is the grammar.
struct TraceArguments: Equatable {
    var ipv4 = false
    var ipv6 = false
    var asPathLookups = false
    var dccp = false
    var sctp = false
    var debug = false
    var extensions = false
    var dontFragment = false
    var firstHop: String?
    var gateways: [String] = []
    var icmp = false
    var interface: String?
    var flowLabel: String?
    var maximumHops: String?
    var method: String?
    var simultaneousProbes: String?
    var numeric = false
    var methodOptions: [String] = []
    var ipProtocol: String?
    var port: String?
    var queries: String?
    var bypassRouting = false
    var source: String?
    var tcp = false
    var trafficClass: String?
    var udp = false
    var udpLite = false
    var version = false
    var wait: String?
    var sendWait: String?
    var sourcePort: String?
    var mark: String?
    var mtu = false
    var back = false

    var paths = false
    var confidence: String?
    var dot: String?
    var rounds: String?
    var interval: String?
    var report = false
    var json = false
    var csv = false
    var rate: String?
    var targets: String?
    var strict = false
    var asnServer: String?

    /// The host, and the length of packets.
    var operands: [String] = []

    /// Reads arguments: those that are short options and operands alone at once, all others through ArgumentParser,
    /// which takes longer than a short trace. Both ways give the same, which the tests show for each option.
    static func reading(_ texts: some Sequence<String>) throws -> TraceArguments {
        let options = ShortOptions(lettersApart(texts), valueLetters: valueLetters)
        if let arguments = TraceArguments(options) { return arguments }
        return try TraceCommand.reading(options).arguments
    }

    /// `-UL` is one option of two letters.
    static func lettersApart(_ texts: some Sequence<String>) -> [String] {
        var areOperands = false
        return texts.map { text in
            areOperands = areOperands || text == "--"
            return text == "-UL" && !areOperands ? "--udplite" : text
        }
    }
}

extension TraceCommand {
    /// What ArgumentParser has read.
    var arguments: TraceArguments {
        var arguments = TraceArguments()
        arguments.ipv4 = ipv4
        arguments.ipv6 = ipv6
        arguments.asPathLookups = asPathLookups
        arguments.dccp = dccp
        arguments.sctp = sctp
        arguments.debug = debug
        arguments.extensions = extensions
        arguments.dontFragment = dontFragment
        arguments.firstHop = firstHop
        arguments.gateways = gateways
        arguments.icmp = icmp
        arguments.interface = interface
        arguments.flowLabel = flowLabel
        arguments.maximumHops = maximumHops
        arguments.method = method
        arguments.simultaneousProbes = simultaneousProbes
        arguments.numeric = numeric
        arguments.methodOptions = methodOptions
        arguments.ipProtocol = ipProtocol
        arguments.port = port
        arguments.queries = queries
        arguments.bypassRouting = bypassRouting
        arguments.source = source
        arguments.tcp = tcp
        arguments.trafficClass = trafficClass
        arguments.udp = udp
        arguments.udpLite = udpLite
        arguments.version = version
        arguments.wait = wait
        arguments.sendWait = sendWait
        arguments.sourcePort = sourcePort
        arguments.mark = mark
        arguments.mtu = mtu
        arguments.back = back
        arguments.paths = paths
        arguments.confidence = confidence
        arguments.dot = dot
        arguments.rounds = rounds
        arguments.interval = interval
        arguments.report = report
        arguments.json = json
        arguments.csv = csv
        arguments.rate = rate
        arguments.targets = targets
        arguments.strict = strict
        arguments.asnServer = asnServer
        arguments.operands = operands
        return arguments
    }
}
