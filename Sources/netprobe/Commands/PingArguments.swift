/// What a ping's arguments say, as they were typed; `PingRequest` makes sense of it.
///
/// The names and what they are for stand in `PingCommand`, which is the grammar.
struct PingArguments: Equatable {
    var precise = false
    var ipv4 = false
    var ipv6 = false
    var audible = false
    var adaptive = false
    var broadcast = false
    var stickySource = false
    var count: String?
    var connect = false
    var debug = false
    var timestamps = false
    var identifier: String?
    var flood = false
    var flowLabel: String?
    var resolve = false
    var interval: String?
    var interfaces: [String] = []
    var json = false
    var preload: String?
    var noLoopback = false
    var mark: String?
    var pathMTUDiscovery: String?
    var numeric = false
    var outstanding = false
    var pattern: String?
    var quiet = false
    var trafficClass: String?
    var bypassRouting = false
    var recordRoute = false
    var size: String?
    var sendBuffer: String?
    var timeToLive: String?
    var timestampOption: String?
    var userLatency = false
    var verbose = false
    var version = false
    var deadline: String?
    var timeout: String?
    var percentiles = false
    var plot = false
    var socket: String?
    /// The host, and before it those to go through.
    var operands: [String] = []

    /// Reads arguments: those that are short options and operands alone at once, all others through ArgumentParser.
    ///
    /// ArgumentParser takes about a millisecond for so many options, a third of a ping of one echo, and monitoring
    /// systems run that very often. Both ways give the same, which the tests show for each option.
    static func reading(_ texts: some Sequence<String>) throws -> PingArguments {
        let options = ShortOptions(texts, valueLetters: valueLetters)
        if let arguments = PingArguments(options) { return arguments }
        return try PingCommand.reading(options).arguments
    }
}

extension PingCommand {
    /// What ArgumentParser has read.
    var arguments: PingArguments {
        var arguments = PingArguments()
        arguments.precise = precise
        arguments.ipv4 = ipv4
        arguments.ipv6 = ipv6
        arguments.audible = audible
        arguments.adaptive = adaptive
        arguments.broadcast = broadcast
        arguments.stickySource = stickySource
        arguments.count = count
        arguments.connect = connect
        arguments.debug = debug
        arguments.timestamps = timestamps
        arguments.identifier = identifier
        arguments.flood = flood
        arguments.flowLabel = flowLabel
        arguments.resolve = resolve
        arguments.interval = interval
        arguments.interfaces = interfaces
        arguments.json = json
        arguments.preload = preload
        arguments.noLoopback = noLoopback
        arguments.mark = mark
        arguments.pathMTUDiscovery = pathMTUDiscovery
        arguments.numeric = numeric
        arguments.outstanding = outstanding
        arguments.pattern = pattern
        arguments.quiet = quiet
        arguments.trafficClass = trafficClass
        arguments.bypassRouting = bypassRouting
        arguments.recordRoute = recordRoute
        arguments.size = size
        arguments.sendBuffer = sendBuffer
        arguments.timeToLive = timeToLive
        arguments.timestampOption = timestampOption
        arguments.userLatency = userLatency
        arguments.verbose = verbose
        arguments.version = version
        arguments.deadline = deadline
        arguments.timeout = timeout
        arguments.percentiles = percentiles
        arguments.plot = plot
        arguments.socket = socket
        arguments.operands = hosts
        return arguments
    }
}
