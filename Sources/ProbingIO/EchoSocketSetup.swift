import Addresses
import Packets
import Sockets
import SystemPackage

extension EchoSocket {
    /// The socket itself, once it is set up.
    consuming func intoSocket() -> Socket { socket }

    /// Sets all options and binds the socket; returns the identifier that its requests will carry.
    func prepare(
        for destination: SocketAddress, by path: EchoPath, _ options: EchoOptions, identifier wanted: UInt16?
    ) throws(SocketError) -> UInt16 {
        switch family {
        case .v4: try setIPv4Options(destination, path, options)
        case .v6: try setIPv6Options(destination, options)
        }
        if options.bypassesRouting { try socket.setOption(.dontRoute, to: true) }
        if options.allowsBroadcast { try socket.setOption(.broadcast, to: true) }

        let bindsSource = options.keepsSource || options.source != nil
        switch kind {
        case .raw:
            if bindsSource { try socket.bind(to: path.source) }
            return wanted ?? .random(in: 1 ... .max)
        case .datagram:
            // The port of an ICMP datagram socket is its identifier.
            let unspecified = SocketAddress(family == .v4 ? .v4(.any) : .v6(.any))
            try socket.bind(to: (bindsSource ? path.source : unspecified).withPort(wanted ?? 0))
            return try socket.localAddress().port ?? 0
        }
    }

    /// Makes room for the replies to so many requests.
    func size(forRequestLength length: Int, preload: Int, _ options: EchoOptions) throws(SocketError) {
        if let size = options.sendBufferSize { try socket.setOption(.sendBufferSize, to: size) }
        // What the kernel accounts for a packet is its data and up to a page of overhead for every 512 bytes.
        let perPacket = length + (length / 512 + 1) * 512
        let wanted = Int32(clamping: max(1 << 20, perPacket.multipliedReportingOverflow(by: preload).partialValue))
        try socket.setOption(.receiveBufferSize, to: wanted)
    }

    private func setIPv4Options(_ destination: SocketAddress, _ path: EchoPath, _ options: EchoOptions)
        throws(SocketError)
    {
        try socket.setOption(.ipv4ReceiveErrors, to: true)
        if options.suppressesMulticastLoop { try socket.setOption(.ipv4MulticastLoop, to: false) }
        if let address = destination.ipAddress, address.isMulticast,
            let index = options.device.flatMap(NetworkInterface.index)
        {
            try socket.setOption(.ipv4MulticastInterface, to: MulticastInterface(index: index))
        }
        guard kind == .datagram else { return try setUpEnvelope(options) }

        try socket.setOption(.ipv4ReceiveTimeToLive, to: true)
        try socket.setOption(.ipv4ReceiveOptions, to: true)
        if let hopLimit = options.hopLimit {
            try socket.setOption(.ipv4TimeToLive, to: Int32(hopLimit))
            try socket.setOption(.ipv4MulticastTimeToLive, to: Int32(hopLimit))
        }
        if let trafficClass = options.trafficClass { try socket.setOption(.ipv4TypeOfService, to: Int32(trafficClass)) }
        if let discovery = options.pathMTUDiscovery { try socket.setOption(.ipv4PathMTUDiscovery, to: discovery) }
        if let option = options.headerOption { try socket.setOption(.ipv4Options, to: option.asSetByKernel) }
    }

    /// Packets with headers of our own making. What the path takes is learnt from the errors about them: the kernel's
    /// own idea of it, where it comes from other programs' packets, would have it refuse ours.
    private func setUpEnvelope(_ options: EchoOptions) throws(SocketError) {
        try socket.setOption(.ipv4HeaderIncluded, to: true)
        let isFragmentedByRouters = options.pathMTUDiscovery == .dont
        try socket.setOption(.ipv4PathMTUDiscovery, to: isFragmentedByRouters ? .dont : .probe)
    }

    private func setIPv6Options(_ destination: SocketAddress, _ options: EchoOptions) throws(SocketError) {
        try socket.setOption(.ipv6ReceiveErrors, to: true)
        try socket.setOption(.ipv6ReceiveHopLimit, to: true)
        if options.suppressesMulticastLoop { try socket.setOption(.ipv6MulticastLoop, to: false) }
        if let address = destination.ipAddress, address.isMulticast,
            let index = options.device.flatMap(NetworkInterface.index)
        {
            try socket.setOption(.ipv6MulticastInterface, to: Int32(bitPattern: index))
        }
        if let hopLimit = options.hopLimit {
            try socket.setOption(.ipv6HopLimit, to: Int32(hopLimit))
            try socket.setOption(.ipv6MulticastHopLimit, to: Int32(hopLimit))
        }
        if let trafficClass = options.trafficClass { try socket.setOption(.ipv6TrafficClass, to: Int32(trafficClass)) }
        if let discovery = options.pathMTUDiscovery { try socket.setOption(.ipv6PathMTUDiscovery, to: discovery) }
    }
}

extension EchoOptions.HeaderOption {
    /// The options as `IP_OPTIONS` wants them: the kernel itself records this host and finds the first hop.
    fileprivate var asSetByKernel: [UInt8] {
        let options: [IPv4Option] =
            switch self {
            case .recordRoute: [.noOperation, .recordRoute(RouteRecord(emptySlots: 9))]
            case .timestamps(let withAddresses):
                [.timestamp(IPv4TimestampOption(emptyEntries: withAddresses ? 4 : 9, withAddresses: withAddresses))]
            case .timestampsOf(let addresses): [.timestamp(IPv4TimestampOption(prespecified: addresses))]
            case .sourceRoute(let routers, false): [.noOperation, .looseSourceRoute(RouteRecord(slots: routers))]
            case .sourceRoute(let routers, true): [.noOperation, .strictSourceRoute(RouteRecord(slots: routers))]
            }
        return serialized(capacity: 64) { IPv4Option.serializeList(options, into: &$0) }
    }
}
