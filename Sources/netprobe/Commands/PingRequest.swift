import Addresses
import Glibc
import Privileges
import Probing
import ProbingIO
import Sockets

/// What a ping's arguments ask for, checked.
struct PingRequest {
    /// The destination as it was given.
    let host: String
    /// The hops before it, as they were given.
    let hops: [String]
    let hopUse: HopUse
    /// The only family wanted; `nil` for both.
    let family: IPFamily?
    let onlySocket: EchoSocket.Kind?
    let identifier: UInt16?
    let payload: PingPayload
    let pattern: [UInt8]
    let pacing: PingPacing
    let interval: Duration
    let preload: UInt64
    let count: UInt64?
    let deadline: Duration?
    let timeout: Duration?
    let reportsOutstanding: Bool
    let userSpaceTiming: Bool
    let options: EchoOptions
    private(set) var display: PingDisplay
    /// Whether the user is subject to the limits of ping(8).
    let isLimited: Bool

    /// What the hops before the destination are for.
    enum HopUse { case sourceRoute, timestamps }

    init(_ command: PingArguments, caller: Caller, programName: String, family linkFamily: IPFamily?) throws(UsageError)
    {
        isLimited = !caller.isRoot
        guard let host = command.operands.last else { throw UsageError("usage error: Destination address required") }
        self.host = host
        hops = Array(command.operands.dropLast())
        hopUse = command.timestampOption == nil ? .sourceRoute : .timestamps
        options = try Self.options(command)
        family = try Self.family(command, hopCount: hops.count, link: linkFamily, source: options.source)
        try Self.checkHops(command, count: hops.count)

        identifier = try UsageError.integer(command.identifier, option: "-e", in: 0...UInt16.max)
        onlySocket = try Self.socketKind(command.socket, identifier: identifier)
        pattern = try Self.pattern(command.pattern)
        payload = PingPayload(
            count: try Self.size(command, host: host, family: family, hasHops: !hops.isEmpty), pattern: pattern)

        count = try UsageError.integer(command.count, option: "-c", in: 1...UInt64(Int64.max))
        preload = try UsageError.integer(command.preload, option: "-l", in: 1...65536) ?? 1
        if isLimited, preload > 3 { throw UsageError("cannot set preload to value greater than 3: \(preload)") }
        let interval = try UsageError.seconds(command.interval, option: "-i", atMost: Double(Int32.max) / 1000)
        (pacing, self.interval) = try Self.pacing(command, interval: interval, isLimited: isLimited)
        let deadline = try UsageError.seconds(command.deadline, option: "-w", atMost: Double(Int32.max))
        self.deadline = deadline == .zero ? nil : deadline
        let timeout = try UsageError.seconds(command.timeout, option: "-W", atMost: 4294) ?? .seconds(10)
        self.timeout = timeout == .zero ? nil : timeout
        reportsOutstanding = command.outstanding
        userSpaceTiming = command.userLatency
        display = Self.display(command, programName: programName)
    }

    /// The same, but showing who answers.
    var listingResponders: PingRequest {
        var request = self
        request.display.listsResponders = true
        return request
    }

    /// The family that the options leave.
    private static func family(
        _ command: PingArguments, hopCount: Int, link: IPFamily?, source: IPAddress?
    ) throws(UsageError) -> IPFamily? {
        let family = try self.family(command, hopCount: hopCount, link: link)
        guard let source else { return family }
        guard (family ?? source.family) == source.family else {
            throw UsageError("-I \(source) is no source for \(family == .v4 ? "IPv4" : "IPv6")")
        }
        return source.family
    }

    private static func family(_ command: PingArguments, hopCount: Int, link: IPFamily?) throws(UsageError) -> IPFamily?
    {
        if command.ipv4 && command.ipv6 { throw UsageError("only one -4 or -6 option may be specified") }
        if command.recordRoute && command.timestampOption != nil {
            throw UsageError("only one of -T or -R may be used")
        }
        let family: IPFamily? = command.ipv4 ? .v4 : command.ipv6 ? .v6 : link
        let ipv4Only =
            command.recordRoute ? "-R" : command.timestampOption != nil ? "-T" : hopCount > 0 ? "a source route" : nil
        if let ipv4Only {
            guard family != .v6 else { throw UsageError("\(ipv4Only) is for IPv4 only") }
            return .v4
        }
        if command.flowLabel != nil {
            guard family != .v4 else { throw UsageError("-F is for IPv6 only") }
            return .v6
        }
        return family
    }

    private static func checkHops(_ command: PingArguments, count: Int) throws(UsageError) {
        if command.recordRoute, count > 0 {
            throw UsageError("-R takes no intermediate hops: the header has no room for both")
        }
        guard let form = command.timestampOption else {
            guard count <= 9 else {
                throw UsageError("too many intermediate hops: \(count), the IPv4 header has room for 9")
            }
            return
        }
        guard ["tsonly", "tsandaddr", "tsprespec"].contains(form) else {
            throw UsageError("invalid timestamp type: \(form.forTerminal): not one of tsonly, tsandaddr, tsprespec")
        }
        switch (form, count) {
        case ("tsprespec", 1...4), ("tsonly", 0), ("tsandaddr", 0): return
        case ("tsprespec", _): throw UsageError("-T tsprespec takes 1 to 4 hops before the destination, not \(count)")
        default: throw UsageError("-T \(form) takes no intermediate hops")
        }
    }

    private static func socketKind(_ text: String?, identifier: UInt16?) throws(UsageError) -> EchoSocket.Kind? {
        switch text {
        case nil, "auto"?: return identifier == 0 ? .raw : nil
        case "raw"?: return .raw
        case "datagram"?:
            guard identifier != 0 else { throw UsageError("-e 0 needs a raw socket") }
            return .datagram
        case let other?:
            throw UsageError("invalid --socket value: '\(other.forTerminal)': not one of raw, datagram, auto")
        }
    }

    private static func pattern(_ text: String?) throws(UsageError) -> [UInt8] {
        guard let text else { return [] }
        let digits = Array(text.utf8)
        guard !digits.isEmpty, text.allSatisfy(\.isHexDigit), text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw UsageError("patterns must be specified as hex digits: \(text.forTerminal)")
        }
        guard digits.count <= 32 else { throw UsageError("patterns have at most 16 bytes: \(text.forTerminal)") }
        return stride(from: 0, to: digits.count, by: 2).compactMap { start in
            UInt8(String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self), radix: 16)
        }
    }

    private static func size(_ command: PingArguments, host: String, family: IPFamily?, hasHops: Bool)
        throws(UsageError)
        -> Int
    {
        let hasHeaderOption = command.recordRoute || command.timestampOption != nil || hasHops
        let literal = (try? ZonedAddress(parsing: host))?.address.family
        let largest = largestPayload(of: literal ?? family ?? .v6, hasHeaderOption: hasHeaderOption)
        return try UsageError.integer(command.size, option: "-s", in: 0...largest) ?? 56
    }

    /// What an IPv4 header leaves of 65,535 bytes, or an IPv6 payload (RFC 8200 §3), without 8 bytes of ICMP.
    private static func largestPayload(of family: IPFamily, hasHeaderOption: Bool) -> Int {
        family == .v6 ? 65_527 : hasHeaderOption ? 65_467 : 65_507
    }

    /// Checks the payload's length again, once it is known of which family the destination's address is.
    func checkSize(for family: IPFamily, hasHeaderOption: Bool) throws(UsageError) {
        let largest = Self.largestPayload(of: family, hasHeaderOption: hasHeaderOption)
        _ = try UsageError.integer("\(payload.bytes.count)", option: "-s", in: 0...largest)
    }

    private static func pacing(
        _ command: PingArguments, interval: Duration?, isLimited: Bool
    ) throws(UsageError) -> (PingPacing, Duration) {
        let effective = interval ?? (command.flood ? .zero : .seconds(1))
        if isLimited, effective < .milliseconds(2) {
            throw UsageError("cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)")
        }
        if command.adaptive {
            return (.adaptive(minimum: max(interval ?? .zero, isLimited ? .milliseconds(2) : .zero)), effective)
        }
        return (effective == .zero ? .flood : .fixed(effective), effective)
    }

    private static func options(_ command: PingArguments) throws(UsageError) -> EchoOptions {
        var options = EchoOptions()
        options.hopLimit = try UsageError.integer(command.timeToLive, option: "-t", in: 1...UInt8.max)
        options.trafficClass = try UsageError.decimalOrHexadecimal(command.trafficClass, option: "-Q", atMost: 255).map
        { UInt8($0) }
        options.flowLabel = try UsageError.decimalOrHexadecimal(command.flowLabel, option: "-F", atMost: 0xF_FFFF)
        options.mark = try UsageError.integer(command.mark, option: "-m", in: 0...UInt32.max)
        options.sendBufferSize = try UsageError.integer(command.sendBuffer, option: "-S", in: 1...Int32.max)
        options.keepsSource = command.stickySource
        options.bypassesRouting = command.bypassRouting
        options.allowsBroadcast = command.broadcast
        options.suppressesMulticastLoop = command.noLoopback
        options.debugs = command.debug
        options.connects = command.connect
        switch command.pathMTUDiscovery {
        case nil: break
        case "do"?: options.pathMTUDiscovery = .do
        case "dont"?: options.pathMTUDiscovery = .dont
        case "want"?: options.pathMTUDiscovery = .want
        case "probe"?: options.pathMTUDiscovery = .probe
        case let other?: throw UsageError("invalid -M argument: \(other.forTerminal): not one of do, want, probe, dont")
        }
        for interface in command.interfaces { try add(interface, to: &options) }
        if command.recordRoute { options.headerOption = .recordRoute }
        switch command.timestampOption {
        case "tsonly"?: options.headerOption = .timestamps(withAddresses: false)
        case "tsandaddr"?: options.headerOption = .timestamps(withAddresses: true)
        default: break
        }
        return options
    }

    /// `-I`: an address, an address with a zone, or an interface or VRF.
    private static func add(_ interface: String, to options: inout EchoOptions) throws(UsageError) {
        guard !interface.contains(":") else {
            do {
                let zoned = try ZonedAddress(parsing: interface)
                options.source = zoned.address
                if let zone = zoned.zone { options.device = zone }
                return
            } catch {
                throw UsageError("invalid source address: \(interface.forTerminal): \(error.reason)")
            }
        }
        if let address = try? IPv4Address(parsing: interface) {
            options.source = .v4(address)
        } else {
            guard NetworkInterface.index(name: interface) != nil else {
                throw UsageError("unknown iface: \(interface.forTerminal)")
            }
            options.device = interface
        }
    }

    private static func display(_ command: PingArguments, programName: String) -> PingDisplay {
        var display = PingDisplay(programName: programName)
        display.json = command.json
        display.quiet = command.quiet
        display.flood = command.flood
        display.audible = command.audible
        display.timestamps = command.timestamps
        display.precise = command.precise
        display.verbose = command.verbose
        display.percentiles = command.percentiles
        display.plot = command.plot
        let isNumericByDefault = getenv("IPUTILS_PING_PTR_LOOKUP").map { String(cString: $0) } == "0"
        display.looksUpNames =
            command.resolve ? true : command.numeric || command.flood || isNumericByDefault ? false : nil
        return display
    }
}
