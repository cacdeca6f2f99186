import Addresses
import Probing
import ProbingIO
import Sockets

/// Whom a ping asks, once names are resolved and the way there is known.
struct PingTarget {
    /// The destination's name as it is shown.
    let host: String
    /// Whether the destination was given as an address.
    let isNumeric: Bool
    let destination: SocketAddress
    /// The destination's address alone.
    let address: IPAddress
    let path: EchoPath
    let options: EchoOptions

    /// Resolves the names of a request, and finds a way to the first address that has one.
    /// - Parameter families: the families for which there is a socket.
    init(_ request: PingRequest, families: [IPFamily]) throws(PingFailure) {
        var options = request.options
        if !request.hops.isEmpty {
            var routers: [IPv4Address] = []
            for hop in request.hops { routers.append(try Self.ipv4Address(of: hop)) }
            options.headerOption =
                switch request.hopUse {
                case .sourceRoute: .sourceRoute(routers, strict: options.bypassesRouting)
                case .timestamps: .timestampsOf(routers)
                }
        }

        let (host, isNumeric, candidates) = try Self.candidates(request, families: families, device: options.device)
        var failure: SocketError?
        for (candidate, address) in candidates {
            do throws(SocketError) {
                let firstHop = options.headerOption?.firstHop(candidate) ?? candidate
                let path = try EchoPath(to: firstHop, options)
                self.host = host
                self.isNumeric = isNumeric
                self.options = options
                self.path = path
                // Pinging "any" address means this host.
                destination = address.isUnspecified ? path.source : candidate
                self.address = destination.ipAddress ?? address
                return
            } catch {
                failure = failure ?? error
                if error.errno != .noRouteToHost, error.errno != .networkUnreachable { break }
            }
        }
        throw PingFailure(reaching: failure, options)
    }

    private typealias Candidate = (destination: SocketAddress, address: IPAddress)

    /// The addresses that a destination may stand for, in the order in which they should be tried.
    private static func candidates(
        _ request: PingRequest, families: [IPFamily], device: String?
    ) throws(PingFailure) -> (host: String, isNumeric: Bool, [Candidate]) {
        if let address = try? IPv4Address(parsingClassic: request.host) {
            guard families.contains(.v4) else { throw PingFailure(.noAddressOfFamily(request.host)) }
            return (request.host, true, [(SocketAddress(.v4(address)), .v4(address))])
        }
        let answer: NameResolution.Answer
        do throws(NameResolutionError) { answer = try NameResolution.addresses(of: request.host) } catch {
            throw PingFailure(error)
        }
        let isNumeric = request.host.contains(":")
        let scope = device.flatMap(NetworkInterface.index) ?? 0
        let candidates = answer.addresses.compactMap { candidate -> Candidate? in
            guard let address = candidate.ipAddress, families.contains(address.family) else { return nil }
            return (candidate.withScope(scope), address)
        }
        guard let first = candidates.first else { throw PingFailure(.noAddressOfFamily(request.host)) }
        let name = isNumeric ? request.host : answer.canonicalName ?? request.host
        return (first.address.family == .v6 ? request.host : name, isNumeric, candidates)
    }

    private static func ipv4Address(of hop: String) throws(PingFailure) -> IPv4Address {
        if let address = try? IPv4Address(parsingClassic: hop) { return address }
        do throws(NameResolutionError) {
            for address in try NameResolution.addresses(of: hop, family: .v4).addresses {
                if case .v4(let address) = address.ipAddress { return address }
            }
        } catch {
            throw PingFailure(error)
        }
        throw PingFailure(.noAddressOfFamily(hop))
    }
}

extension EchoOptions.HeaderOption {
    fileprivate func firstHop(_ destination: SocketAddress) -> SocketAddress {
        guard case .sourceRoute(let routers, _) = self, let first = routers.first else { return destination }
        return SocketAddress(.v4(first))
    }
}
