import Addresses
import Privileges
import ProbingIO
import Sockets
import SystemPackage

/// The sockets that a ping may need, opened before it knows which: the destination's name is looked up without
/// privileges.
struct EchoSockets: ~Copyable {
    private var ipv4: EchoSocket?
    private var ipv6: EchoSocket?

    /// Opens a socket for each family that the destination may turn out to have.
    init(_ request: PingRequest, _ privileges: borrowing ParkedPrivileges) throws {
        let families: [IPFamily] = (request.family ?? request.literalFamily).map { [$0] } ?? [.v4, .v6]
        var failure: SocketError?
        for family in families {
            do throws(SocketError) {
                switch family {
                case .v4: ipv4 = try Self.open(.v4, request, privileges)
                case .v6: ipv6 = try Self.open(.v6, request, privileges)
                }
            } catch {
                guard case .open = error.operation else { throw PingFailure(error) }
                failure = error
            }
        }
        if let failure, ipv4 == nil, ipv6 == nil { throw PingFailure(opening: failure, only: request.onlySocket) }
    }

    private static func open(
        _ family: IPFamily, _ request: PingRequest, _ privileges: borrowing ParkedPrivileges
    ) throws(SocketError) -> EchoSocket {
        try privileges.raising(.netRaw, .netAdmin) { () throws(SocketError) in
            let socket = try EchoSocket(family, only: request.onlySocket)
            if let mark = request.options.mark { setMark(mark, on: socket, request) }
            // ping(8) says nothing where this is not allowed, and nothing depends on it.
            if request.options.debugs { try? socket.setDebugging() }
            if let device = request.options.device { try socket.bind(toDevice: device) }
            return socket
        }
    }

    /// A mark that can't be set is left out, as ping(8) does, with a word on what is missing.
    private static func setMark(_ mark: UInt32, on socket: borrowing EchoSocket, _ request: PingRequest) {
        do throws(SocketError) {
            try socket.setMark(mark)
        } catch {
            request.complain("WARNING: failed to set mark \(mark): \(error.refusalOfMark)")
        }
    }

    /// The families for which there is a socket.
    var families: [IPFamily] {
        var families: [IPFamily] = []
        if ipv4 != nil { families.append(.v4) }
        if ipv6 != nil { families.append(.v6) }
        return families
    }

    /// Sets up the socket of the target's family, and closes the other.
    consuming func transport(to target: PingTarget, _ request: PingRequest) throws(PingFailure) -> EchoTransport {
        var options = target.options
        // Groups are asked with packets that fit every link on the way.
        if target.asksMany, options.pathMTUDiscovery == nil { options.pathMTUDiscovery = .do }
        guard let socket = target.destination.family == .ipv4 ? ipv4.take() : ipv6.take() else {
            throw PingFailure(.noAddressOfFamily(target.host))
        }
        do throws(SocketError) {
            return try EchoTransport(
                socket, to: target.destination, by: target.path, options, identifier: request.identifier,
                requestLength: 8 + request.payload.bytes.count, preload: Int(request.preload))
        } catch {
            throw PingFailure(error)
        }
    }
}

extension PingRequest {
    /// The family of a destination that is an address.
    var literalFamily: IPFamily? {
        if (try? IPv4Address(parsingClassic: host)) != nil { return .v4 }
        return (try? ZonedAddress(parsing: host))?.address.family
    }
}

extension SocketError {
    /// Why a mark could not be set, and what is missing.
    var refusalOfMark: String {
        errno == .notPermitted
            ? "\(Errno.notPermitted): missing cap_net_admin, or cap_net_raw (since Linux 5.17)" : "\(self)"
    }
}
