import Addresses
import Probing
import ProbingIO
import Sockets

/// Where one trace goes, once names are resolved and the way there is known.
struct TraceDestination {
    /// As it was asked for.
    let host: String
    let destination: SocketAddress
    let address: IPAddress
    /// The address that probes leave from.
    let source: IPAddress
    /// Bytes that the first link takes, as far as the kernel knows.
    let mtu: Int
    /// The routers that they are to go through.
    let gateways: [IPAddress]

    /// Resolves the names, and finds a way to the first address that has one. Of a host with addresses of both
    /// families, those of IPv4 come first, as traceroute(8) has it.
    /// - Parameter families: the families for which there are sockets.
    init(_ host: String, _ request: TraceRequest, families: [IPFamily]) throws {
        let (candidates, options) = (try Self.candidates(host, request, families), request.pathOptions)
        var failure: SocketError?
        for (destination, address) in candidates {
            let gateways = try Self.gateways(request.gateways, family: address.family)
            do throws(SocketError) {
                let path = try EchoPath(to: gateways.first.map { SocketAddress($0) } ?? destination, options)
                guard let source = path.source.ipAddress else { continue }
                // Tracing to "any" address means this host.
                self.destination = address.isUnspecified ? path.source : destination
                self.address = address.isUnspecified ? source : address
                (self.host, self.source, self.gateways, mtu) = (host, source, gateways, path.mtu)
                return
            } catch {
                failure = failure ?? error
                if error.errno != .noRouteToHost, error.errno != .networkUnreachable { break }
            }
        }
        throw TraceFailure(reaching: failure)
    }

    private typealias Candidate = (destination: SocketAddress, address: IPAddress)

    private static func candidates(
        _ host: String, _ request: TraceRequest, _ families: [IPFamily]
    ) throws(TraceFailure) -> [Candidate] {
        if let address = try? IPv4Address(parsingClassic: host), families.contains(.v4) {
            return [(SocketAddress(.v4(address)), .v4(address))]
        }
        let answer: NameResolution.Answer
        do throws(NameResolutionError) {
            answer = try NameResolution.addresses(of: host, family: request.family)
        } catch {
            throw TraceFailure(error)
        }
        let scope = request.route.device.flatMap(NetworkInterface.index) ?? 0
        let candidates = answer.addresses.compactMap { candidate -> Candidate? in
            guard let address = candidate.ipAddress, families.contains(address.family) else { return nil }
            return (candidate.withScope(scope), address)
        }
        guard !candidates.isEmpty else { throw TraceFailure(.noAddressOfFamily(host)) }
        return candidates.filter { $0.address.family == .v4 } + candidates.filter { $0.address.family == .v6 }
    }

    /// In front of the routers of IPv6 may stand the type of their header (RFC 8200 §4.4).
    private static func gateways(_ texts: [String], family: IPFamily) throws -> [IPAddress] {
        var texts = texts[...]
        if family == .v6, let type = texts.first, type.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard type == "0" else { throw UsageError("-g \(type.forTerminal): the only type of routing header is 0") }
            texts = texts.dropFirst()
        }
        try TraceRequest.check(Array(texts), family: family)
        var gateways: [IPAddress] = []
        for text in texts { gateways.append(try address(of: text, family: family)) }
        return gateways
    }

    private static func address(of name: String, family: IPFamily) throws(TraceFailure) -> IPAddress {
        if family == .v4, let address = try? IPv4Address(parsingClassic: name) { return .v4(address) }
        do throws(NameResolutionError) {
            if let address = try NameResolution.addresses(of: name, family: family).addresses.first?.ipAddress {
                return address
            }
        } catch {
            throw TraceFailure(error)
        }
        throw TraceFailure(.noAddressOfFamily(name))
    }
}

extension TraceRequest {
    /// How the kernel is to look for the way.
    fileprivate var pathOptions: EchoOptions {
        var options = EchoOptions()
        options.device = route.device
        options.source = route.source
        options.mark = route.mark
        options.bypassesRouting = route.bypassesRouting
        options.trafficClass = differentiatedServices.rawValue
        options.allowsBroadcast = true
        return options
    }

    /// How the probes to a destination look.
    func format(_ target: TraceDestination) -> TraceProbeFormat {
        // Where nothing is asked for, TCP and DCCP carry no payload: a SYN with one is suspicious to firewalls.
        let usual =
            switch probe.method {
            case .tcp, .dccp, .sctp: 0
            case .icmp, .udp, .udpLite, .ip: target.address.family == .v4 ? 60 : 80
            }
        var format = TraceProbeFormat(
            probe.method, from: target.source, to: target.address, key: .random(in: 1 ... .max),
            packetLength: goal == .mtu ? target.mtu : packetLength ?? usual)
        if let sourcePort {
            format.firstFlow = sourcePort
            format.keepsSourcePort = true
        }
        format.differentiatedServices = differentiatedServices
        format.flowLabel = flowLabel
        format.dontFragment = dontFragment
        format.gateways = target.gateways
        return format
    }
}
