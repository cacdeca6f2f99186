public import Sockets

/// How to reach a destination from here: what the kernel's routing tables say before anything is sent.
public struct EchoPath: Sendable {
    /// The source address that packets get.
    public let source: SocketAddress
    /// The path MTU as far as the kernel knows it, in bytes.
    public let mtu: Int
    /// The destination is a broadcast address of an attached network.
    public let isBroadcast: Bool

    /// Looks up the path from the point of view of a UDP socket; nothing is sent.
    /// - Throws: `ENETUNREACH` and `EHOSTUNREACH` where there is no route, `EACCES` for a broadcast address that
    ///   `options` do not allow and where a local firewall forbids it, and what is wrong with the options themselves.
    public init(to destination: SocketAddress, _ options: EchoOptions) throws(SocketError) {
        let isIPv4 = destination.family == .ipv4
        let probe = try Socket(destination.family, .datagram)
        if let device = options.device { try probe.bind(toDevice: device) }
        if let trafficClass = options.trafficClass {
            try probe.setOption(isIPv4 ? .ipv4TypeOfService : .ipv6TrafficClass, to: Int32(trafficClass))
        }
        if options.bypassesRouting { try probe.setOption(.dontRoute, to: true) }
        // The capability that a mark needs is gone by now; the look-up then is made without it.
        if let mark = options.mark { try? probe.setOption(.mark, to: mark) }
        if let source = options.source {
            try probe.bind(to: SocketAddress(source, scopeID: source.isLinkLocal ? destination.scopeID : 0))
        }

        let target = destination.withPort(1025)
        do throws(SocketError) {
            try probe.connect(to: target)
            isBroadcast = false
        } catch {
            guard isIPv4, error.errno == .permissionDenied, options.allowsBroadcast else { throw error }
            try probe.setOption(.broadcast, to: true)
            try probe.connect(to: target)
            isBroadcast = true
        }
        source = try probe.localAddress().withPort(0)
        mtu = Int(try probe.option(isIPv4 ? .ipv4PathMTU : .ipv6PathMTU))
    }
}

extension SocketAddress {
    /// The same address with another port.
    func withPort(_ port: UInt16) -> SocketAddress {
        switch self {
        case .ipv4(let address, _): .ipv4(address, port: port)
        case .ipv6(let address, _, let scopeID, let flow):
            .ipv6(address, port: port, scopeID: scopeID, flowInformation: flow)
        default: self
        }
    }
}
