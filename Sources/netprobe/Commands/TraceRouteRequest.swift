import Addresses
import Sockets

/// How the kernel is to send probes: what `-i -s -r -d --fwmark` say.
struct TraceRouteRequest {
    /// The interface or VRF to send through.
    private(set) var device: String?
    private(set) var source: IPAddress?
    let bypassesRouting: Bool
    let debugs: Bool
    let mark: UInt32?

    init(_ arguments: TraceArguments) throws(UsageError) {
        bypassesRouting = arguments.bypassRouting
        debugs = arguments.debug
        mark = try UsageError.decimalOrHexadecimal(arguments.mark, option: "--fwmark", atMost: .max)
        if let source = arguments.source {
            do {
                let zoned = try ZonedAddress(parsing: source)
                self.source = zoned.address
                device = zoned.zone
            } catch {
                throw UsageError("invalid -s value: \(error)")
            }
        }
        if let interface = arguments.interface {
            guard NetworkInterface.index(name: interface) != nil else {
                throw UsageError("unknown interface -i '\(interface.forTerminal)'")
            }
            device = interface
        }
    }
}
