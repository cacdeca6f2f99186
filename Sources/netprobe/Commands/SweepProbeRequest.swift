import Addresses
import Packets
import Probing
import ProbingIO
import Sockets

/// What the probes of a sweep are, and how the kernel is to send them.
struct SweepProbeRequest {
    let method: SweepMethod
    let payloadLength: Int
    let hasRandomPayload: Bool
    let hopLimit: UInt8
    let differentiatedServices: DifferentiatedServices
    let dontFragment: Bool
    let options: SweepSocketOptions

    init(_ arguments: SweepArguments) throws(UsageError) {
        method = try Self.method(arguments)
        if method == .timestamp, arguments.size != nil { throw UsageError("cannot change ICMP Timestamp size") }
        if case .tcp = method, arguments.size != nil { throw UsageError("-b is not for --tcp: a SYN carries no data") }
        payloadLength = try UsageError.integer(arguments.size, option: "-b", in: 0...65_507) ?? 56
        hasRandomPayload = arguments.random
        hopLimit = try UsageError.integer(arguments.hopLimit, option: "-H", in: 1...UInt8.max) ?? 64
        differentiatedServices = DifferentiatedServices(
            rawValue: UInt8(
                try UsageError.decimalOrHexadecimal(arguments.trafficClass, option: "-O", atMost: 255) ?? 0))
        dontFragment = arguments.dontFragment
        options = try Self.options(arguments)
    }

    private static func method(_ arguments: SweepArguments) throws(UsageError) -> SweepMethod {
        let methods: [SweepMethod?] = [
            try UsageError.integer(arguments.tcp, option: "--tcp", in: 1...UInt16.max).map { .tcp(port: $0) },
            try UsageError.integer(arguments.udp, option: "--udp", in: 1...UInt16.max).map { .udp(port: $0) },
            arguments.icmpTimestamp ? .timestamp : nil,
        ]
        let given = methods.compactMap(\.self)
        guard given.count <= 1 else { throw UsageError("specify only one of --tcp, --udp, --icmp-timestamp") }
        return given.first ?? .echo
    }

    private static func options(_ arguments: SweepArguments) throws(UsageError) -> SweepSocketOptions {
        var options = SweepSocketOptions()
        options.mark = try UsageError.integer(arguments.mark, option: "-k", in: 1...UInt32.max)
        if let source = arguments.source {
            guard let address = IPAddress(source) else {
                throw UsageError("can't parse source address: \(source.forTerminal)")
            }
            switch address {
            case .v4(let address): options.ipv4Source = address
            case .v6(let address): options.ipv6Source = address
            }
        }
        guard arguments.interface == nil || arguments.outgoingInterface == nil else {
            throw UsageError("specify only --oiface or -I, --iface")
        }
        if let interface = arguments.interface ?? arguments.outgoingInterface {
            guard NetworkInterface.index(name: interface) != nil else {
                throw UsageError("unknown interface -I '\(interface.forTerminal)'")
            }
            options.device = interface
        }
        return options
    }

    /// How the probes look, with answers proven by a key.
    func format(_ key: SipHash) -> SweepProbeFormat {
        var format = SweepProbeFormat(method, key: key)
        format.payloadLength = payloadLength
        format.hasRandomPayload = hasRandomPayload
        format.hopLimit = hopLimit
        format.differentiatedServices = differentiatedServices
        format.dontFragment = dontFragment
        return format
    }
}
