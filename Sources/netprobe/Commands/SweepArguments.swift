/// What a sweep's arguments say, as they were typed; `SweepRequest` makes sense of it.
///
/// The names and what they are for stand in `SweepCommand`, which is the grammar.
struct SweepArguments: Equatable {
    var ipv4 = false
    var ipv6 = false
    var alive = false
    var addresses = false
    var size: String?
    var backoff: String?
    var count: String?
    var everyCount: String?
    var reverseNames = false
    var timestamps = false
    var elapsed = false
    var file: String?
    var generate = false
    var hopLimit: String?
    var interval: String?
    var interface: String?
    var fpingJSON = false
    var mark: String?
    var loop = false
    var allAddresses = false
    var dontFragment = false
    var names = false
    var netdata = false
    var outage = false
    var trafficClass: String?
    var period: String?
    var quiet = false
    var reportInterval: String?
    var retries: String?
    var random = false
    var statistics = false
    var source: String?
    var timeout: String?
    var unreachable = false
    var version = false
    var goal: String?
    var fastGoal: String?

    var checkSource = false
    var icmpTimestamp = false
    var printTrafficClass = false
    var printHopLimit = false
    var printReplyDestination = false
    var outgoingInterface: String?
    var sequenceTimeout: String?
    var timestampFormat: String?

    var tcp: String?
    var udp: String?
    var exclude: String?
    var scan = false
    var rate: String?
    var seed: String?
    var shard: String?
    var includeReserved = false
    var json = false
    var csv = false
    var plot = false
    var svg: String?

    /// Whom to ask.
    var operands: [String] = []

    /// Reads arguments: those that are short options and operands alone at once, all others through ArgumentParser,
    /// which takes longer than a short sweep. Both ways give the same, which the tests show for each option.
    static func reading(_ texts: some Sequence<String>) throws -> SweepArguments {
        let options = ShortOptions(texts, valueLetters: valueLetters)
        if let arguments = SweepArguments(options) { return arguments }
        return try SweepCommand.reading(options).arguments
    }
}

extension SweepCommand {
    /// What ArgumentParser has read.
    var arguments: SweepArguments {
        var arguments = SweepArguments()
        arguments.ipv4 = ipv4
        arguments.ipv6 = ipv6
        arguments.alive = alive
        arguments.addresses = addresses
        arguments.size = size
        arguments.backoff = backoff
        arguments.count = count
        arguments.everyCount = everyCount
        arguments.reverseNames = reverseNames
        arguments.timestamps = timestamps
        arguments.elapsed = elapsed
        arguments.file = file
        arguments.generate = generate
        arguments.hopLimit = hopLimit
        arguments.interval = interval
        arguments.interface = interface
        arguments.fpingJSON = fpingJSON
        arguments.mark = mark
        arguments.loop = loop
        arguments.allAddresses = allAddresses
        arguments.dontFragment = dontFragment
        arguments.names = names
        arguments.netdata = netdata
        arguments.outage = outage
        arguments.trafficClass = trafficClass
        arguments.period = period
        arguments.quiet = quiet
        arguments.reportInterval = reportInterval
        arguments.retries = retries
        arguments.random = random
        arguments.statistics = statistics
        arguments.source = source
        arguments.timeout = timeout
        arguments.unreachable = unreachable
        arguments.version = version
        arguments.goal = goal
        arguments.fastGoal = fastGoal
        arguments.checkSource = checkSource
        arguments.icmpTimestamp = icmpTimestamp
        arguments.printTrafficClass = printTrafficClass
        arguments.printHopLimit = printHopLimit
        arguments.printReplyDestination = printReplyDestination
        arguments.outgoingInterface = outgoingInterface
        arguments.sequenceTimeout = sequenceTimeout
        arguments.timestampFormat = timestampFormat
        arguments.tcp = tcp
        arguments.udp = udp
        arguments.exclude = exclude
        arguments.scan = scan
        arguments.rate = rate
        arguments.seed = seed
        arguments.shard = shard
        arguments.includeReserved = includeReserved
        arguments.json = json
        arguments.csv = csv
        arguments.plot = plot
        arguments.svg = svg
        arguments.operands = operands
        return arguments
    }
}
