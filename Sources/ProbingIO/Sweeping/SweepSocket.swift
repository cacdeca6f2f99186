import Addresses
import Packets
import Probing
import Sockets
import SystemPackage

/// A socket that several things have a hand in.
final class SharedSocket: Sendable {
    let socket: Socket

    init(_ socket: consuming Socket) { self.socket = socket }
}

/// A socket by which answers come.
final class SweepReceiver {
    let shared: SharedSocket
    var socket: Socket { _read { yield shared.socket } }
    /// What comes by it is ICMP, and not of the protocol that TCP or UDP probes have.
    let isICMP: Bool
    /// Packets that the kernel has dropped for want of room.
    var drops: UInt32 = 0

    init(_ socket: consuming Socket, isICMP: Bool) {
        shared = SharedSocket(socket)
        self.isICMP = isICMP
    }
}

/// The sockets of a sweep in one family, and the probes that are about to leave by them.
final class SweepSocket {
    let family: IPFamily
    let kind: EchoSocket.Kind
    /// The first receives what answers probes in their own protocol. Where that is not ICMP, the second receives ICMP
    /// errors.
    let receivers: [SweepReceiver]
    /// Sends probes: the first receiver, or where they are whole packets a socket of its own. Two processors that send
    /// and receive by one socket would wait for each other.
    private let sharedSender: SharedSocket
    /// Probes go with an IPv4 header of our own.
    private let makesHeaders: Bool
    private(set) var format: SweepProbeFormat
    private let options: SweepSocketOptions

    /// What is to be sent next.
    private(set) var load: SweepLoad
    /// What has been sent, to be used again.
    private var spareLoads: [SweepLoad] = []

    /// Whole packets of a socket that takes headers are never fragmented. Every host takes so many bytes (RFC 791).
    private static var longestWholePacket: Int { 576 }

    init(
        _ family: IPFamily, _ format: SweepProbeFormat, _ options: SweepSocketOptions, kind: EchoSocket.Kind
    ) throws(SocketError) {
        self.family = family
        self.format = format
        self.kind = kind
        self.options = options
        let own = SocketProtocol(rawValue: Int32(format.protocolNumber(in: family).rawValue))
        let domain: SocketFamily = family == .v4 ? .ipv4 : .ipv6
        var receivers = [
            SweepReceiver(try Socket(domain, kind == .raw ? .raw : .datagram, own), isICMP: format.isICMP)
        ]
        if !format.isICMP {
            let icmp = try Socket(domain, .raw, family == .v4 ? .icmp : .icmpv6)
            receivers.append(SweepReceiver(icmp, isICMP: true))
        }
        self.receivers = receivers
        makesHeaders =
            kind == .raw && family == .v4
            && (!format.isICMP || format.maximumPacketLength <= Self.longestWholePacket)
        sharedSender = makesHeaders ? SharedSocket(try Socket(.ipv4, .raw, .raw)) : receivers[0].shared
        load = SweepLoad(for: sharedSender, hasErrorQueue: kind == .datagram, packetLength: format.maximumPacketLength)
        try setUp()
    }

    var sender: Socket { _read { yield sharedSender.socket } }

    // MARK: - Setting up

    private func setUp() throws(SocketError) {
        for receiver in receivers {
            try setUpForReceiving(receiver.socket)
            if kind == .raw, receiver.isICMP { try filterICMP(receiver.socket) }
        }
        if let mark = options.mark { try sender.setOption(.mark, to: mark) }
        if let source = options.source(in: family) {
            try receivers[0].socket.bind(to: SocketAddress(source))
        } else if kind == .datagram {
            try sender.bind(to: SocketAddress(family == .v4 ? .v4(.any) : .v6(.any)))
        }
        switch kind {
        case .raw:
            if !format.isICMP { try filterSegments(receivers[0].socket) }
            if makesHeaders {
                if let device = options.device { try sender.bind(toDevice: device) }
                if let source = options.ipv4Source { try sender.bind(to: SocketAddress(.v4(source))) }
                // It takes headers, as sockets of this protocol do, and nobody reads what it receives.
                return try sender.attachFilter([.drop])
            }
        case .datagram:
            try sender.setOption(family == .v4 ? .ipv4ReceiveErrors : .ipv6ReceiveErrors, to: true)
            // The port of an ICMP datagram socket is its identifier.
            format.identifier = try sender.localAddress().port
        }
        try setUpHeaders()
    }

    private func setUpForReceiving(_ socket: borrowing Socket) throws(SocketError) {
        if let device = options.device { try socket.bind(toDevice: device) }
        let size = options.receiveBufferSize
        do throws(SocketError) {
            try socket.setOption(.receiveBufferSizeUnbounded, to: size)
        } catch {
            // Who may not exceed the system's limit gets as much as that is.
            try socket.setOption(.receiveBufferSize, to: size)
        }
        // A kernel that no socket has asked for timestamps begins with them a moment after the first has.
        try? socket.setOption(.receiveTimestamps, to: true)
        try? socket.setOption(.receiveDropCount, to: true)
        switch family {
        case .v4:
            guard kind == .datagram else { return }
            try socket.setOption(.ipv4ReceiveTimeToLive, to: true)
            try socket.setOption(.ipv4ReceiveTypeOfService, to: true)
            try socket.setOption(.ipv4ReceivePacketInfo, to: true)
        case .v6:
            try socket.setOption(.ipv6ReceiveHopLimit, to: true)
            try socket.setOption(.ipv6ReceiveTrafficClass, to: true)
            try socket.setOption(.ipv6ReceivePacketInfo, to: true)
        }
    }

    private func filterICMP(_ socket: borrowing Socket) throws(SocketError) {
        switch family {
        case .v4:
            // Echo and timestamp replies; destination unreachable, source quench, redirect, time exceeded, parameter
            // problem.
            let reply: [UInt8] = !format.isICMP ? [] : [format.method == .timestamp ? 14 : 0]
            try socket.setOption(.icmpFilter, to: ICMPFilter(passing: reply + [3, 4, 5, 11, 12]))
        case .v6:
            // Destination unreachable, packet too big, time exceeded, parameter problem, echo reply.
            try socket.setOption(.icmpv6Filter, to: ICMPv6Filter(passing: [1, 2, 3, 4] + (format.isICMP ? [129] : [])))
        }
    }

    /// A raw socket sees every packet of its protocol that this host gets. Only those from the port that is asked are
    /// let through.
    private func filterSegments(_ socket: borrowing Socket) throws(SocketError) {
        let port: UInt16
        switch format.method {
        case .tcp(let asked), .udp(let asked): port = asked
        case .echo, .timestamp: return
        }
        try socket.attachFilter([
            // X is where the transport header starts: raw IPv4 sockets see the IP header too.
            family == .v4 ? .loadHeaderLength(at: 0) : .loadIndex(0),
            .loadHalfWord(atIndexPlus: 0),
            .jumpIfEqual(UInt32(port), then: 0, otherwise: 1),
            .accept,
            .drop,
        ])
        if family == .v6 {
            // Where the checksum stands in a TCP header, and in one of UDP.
            try socket.setOption(.ipv6ChecksumOffset, to: format.protocolNumber(in: family) == .tcp ? 16 : 6)
        }
    }

    /// What the kernel is to write into the headers that it makes.
    private func setUpHeaders() throws(SocketError) {
        let service = Int32(format.differentiatedServices.rawValue)
        let hopLimit = Int32(format.hopLimit)
        switch family {
        case .v4:
            try sender.setOption(.ipv4TimeToLive, to: hopLimit)
            try sender.setOption(.ipv4MulticastTimeToLive, to: hopLimit)
            try sender.setOption(.ipv4TypeOfService, to: service)
            try sender.setOption(.ipv4PathMTUDiscovery, to: format.dontFragment ? .do : .dont)
        case .v6:
            try sender.setOption(.ipv6HopLimit, to: hopLimit)
            try sender.setOption(.ipv6MulticastHopLimit, to: hopLimit)
            try sender.setOption(.ipv6TrafficClass, to: service)
        }
    }

    // MARK: - Probes

    /// Takes a probe into the load, which must not be full.
    /// - Throws: what says that there is no way to its destination, where our address is needed for a checksum.
    func append(_ probe: SweepProbe) throws(SocketError) {
        switch probe.destination {
        case .v4(let destination) where makesHeaders:
            let source = try source(towards: destination)
            load.append(probe, to: .ipv4(destination, port: 0)) {
                format.writePacket(probe, to: destination, from: source, into: &$0)
            }
        case .v4(let destination):
            load.append(probe, to: .ipv4(destination, port: 0)) {
                format.writeMessage(probe, from: .v4(.any), into: &$0)
            }
        case .v6(let destination):
            load.append(probe, to: .ipv6(destination, port: 0, scopeID: probe.scopeID)) {
                format.writeMessage(probe, from: nil, into: &$0)
            }
        }
    }

    /// Hands over what is to be sent, and begins anew.
    func takeLoad() -> SweepLoad {
        defer {
            load =
                spareLoads.popLast()
                ?? SweepLoad(
                    for: sharedSender, hasErrorQueue: kind == .datagram, packetLength: format.maximumPacketLength)
        }
        return load
    }

    /// Takes back what has been sent.
    func reuse(_ load: SweepLoad) {
        load.removeAll()
        spareLoads.append(load)
    }

    func setWallClockOffset(_ offset: Int64) { format.wallClockOffset = offset }

    /// Our address in packets to a destination; 0.0.0.0 where the kernel may fill it in. A checksum covers it in TCP
    /// and UDP: there the kernel is asked first, which way it would take.
    private func source(towards destination: IPv4Address) throws(SocketError) -> IPv4Address {
        if let source = options.ipv4Source { return source }
        if format.isICMP { return .any }
        let probe = try Socket(.ipv4, .datagram)
        if let device = options.device { try probe.bind(toDevice: device) }
        try probe.connect(to: .ipv4(destination, port: 1025))
        guard case .v4(let source)? = try probe.localAddress().ipAddress else { return .any }
        return source
    }
}

extension SweepProbeFormat {
    /// Probes are messages of ICMP or ICMPv6.
    var isICMP: Bool {
        switch method {
        case .echo, .timestamp: true
        case .tcp, .udp: false
        }
    }
}
