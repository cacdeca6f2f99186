import Addresses
import Probing
import ProbingIO

/// What the arguments of `netprobe connect` ask for, checked.
struct ConnectRequest {
    let endpoint: Endpoint
    let timeout: Duration?
    /// What to repeat; `nil` to talk.
    let probe: ConnectConfiguration?
    let display: ConversationDisplay

    init(_ command: ConnectCommand) throws(UsageError) {
        var endpoint = try Endpoint(command.endpoint, command.operands, listens: false)
        if let source = command.source { try Self.add(source, to: &endpoint) }
        self.endpoint = endpoint
        timeout = try UsageError.timeout(command.timeout)
        let count = try UsageError.integer(command.count, option: "-c", in: 1...UInt64(Int64.max))
        let interval = try UsageError.seconds(command.interval, option: "-i", atMost: Double(Int32.max) / 1000)
        if command.probe {
            var configuration = ConnectConfiguration()
            configuration.count = count
            if let interval { configuration.interval = interval }
            if let timeout { configuration.timeout = timeout }
            probe = configuration
        } else {
            guard count == nil, interval == nil else { throw UsageError("-c and -i are for --probe") }
            probe = nil
        }
        display = ConversationDisplay(
            programName: "netprobe connect", verbose: command.endpoint.verbose, json: command.endpoint.json,
            outputIsFree: command.probe)
    }

    private static func add(_ source: String, to endpoint: inout Endpoint) throws(UsageError) {
        guard endpoint.transport != .unix, endpoint.transport != .tipc else {
            throw UsageError("-s is for Internet addresses")
        }
        do {
            let address = try ZonedAddress(parsing: source)
            guard endpoint.family ?? address.address.family == address.address.family else {
                throw UsageError("-s \(address) is no source for \(endpoint.family == .v4 ? "IPv4" : "IPv6")")
            }
            endpoint.source = address
        } catch let error as AddressError {
            throw UsageError("invalid source address: '\(source.forTerminal)': \(error.reason)")
        } catch let error as UsageError {
            throw error
        } catch {
            throw UsageError("invalid source address: '\(source.forTerminal)'")
        }
    }
}
