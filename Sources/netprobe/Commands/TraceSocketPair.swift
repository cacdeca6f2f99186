import Addresses
import Privileges
import ProbingIO
import Sockets
import SystemPackage

/// The sockets that a trace may need, opened before it knows which: the destination's name is looked up without
/// privileges.
struct TraceSocketPair: ~Copyable {
    private var ipv4: TraceSockets?
    private var ipv6: TraceSockets?

    /// Opens sockets for each family that destinations may turn out to have.
    init(_ request: TraceRequest, _ privileges: borrowing ParkedPrivileges) throws(TraceFailure) {
        let families: [IPFamily] = (request.family ?? request.targets.literalFamily).map { [$0] } ?? [.v4, .v6]
        var failure: SocketError?
        for family in families {
            do throws(SocketError) {
                switch family {
                case .v4: ipv4 = try Self.open(.v4, request, privileges)
                case .v6: ipv6 = try Self.open(.v6, request, privileges)
                }
            } catch {
                guard case .open = error.operation else { throw TraceFailure("\(error)") }
                failure = error
            }
        }
        if let failure, ipv4 == nil, ipv6 == nil { throw TraceFailure(opening: failure, request.probe) }
        for kind in [ipv4?.kind, ipv6?.kind] {
            guard let kind, let option = request.option(beyond: kind) else { continue }
            let remedy = request.probe.socket == nil ? TraceFailure.remedy : "leave out -M tcpconn or -O dgram"
            throw TraceFailure("\(option) needs raw sockets: \(remedy)")
        }
    }

    private static func open(
        _ family: IPFamily, _ request: TraceRequest, _ privileges: borrowing ParkedPrivileges
    ) throws(SocketError) -> TraceSockets {
        try privileges.raising(.netRaw, .netAdmin) { () throws(SocketError) in
            var sockets = try sockets(family, request.probe)
            if let mark = request.route.mark { setMark(mark, on: &sockets, request) }
            // Where this is not allowed traceroute(8) gives up, for nothing: no answer depends on it.
            if request.route.debugs { try? sockets.setDebugging() }
            if request.route.bypassesRouting { try sockets.bypassRouting() }
            if let device = request.route.device { try sockets.bind(toDevice: device) }
            // With one source port, flows differ in the port that is asked.
            if request.sourcePort != nil, case .paths = request.goal { try sockets.acceptAnyPort() }
            return sockets
        }
    }

    private static func sockets(_ family: IPFamily, _ probe: TraceMethodRequest) throws(SocketError) -> TraceSockets {
        do throws(SocketError) {
            return try TraceSockets(family, for: probe.method, only: probe.socket)
        } catch {
            guard let method = probe.unprivilegedMethod, probe.socket == nil else { throw error }
            return try TraceSockets(family, for: method)
        }
    }

    /// A mark that can't be set is left out, with a word on what is missing.
    private static func setMark(_ mark: UInt32, on sockets: inout TraceSockets, _ request: TraceRequest) {
        do throws(SocketError) {
            try sockets.setMark(mark)
        } catch {
            request.complain("WARNING: failed to set mark \(mark): \(error.refusalOfMark)")
        }
    }

    /// The families for which there are sockets.
    var families: [IPFamily] {
        var families: [IPFamily] = []
        if ipv4 != nil { families.append(.v4) }
        if ipv6 != nil { families.append(.v6) }
        return families
    }

    /// Hands over the sockets of a family.
    mutating func take(_ family: IPFamily) throws(TraceFailure) -> TraceSockets {
        guard let sockets = family == .v4 ? ipv4.take() : ipv6.take() else {
            throw TraceFailure("no socket for \(family == .v4 ? "IPv4" : "IPv6")")
        }
        return sockets
    }
}

extension TraceRequest {
    /// An option that was given and that this kind of sockets can't fulfil.
    fileprivate func option(beyond kind: TraceSockets.Kind) -> String? {
        guard kind != .raw else { return nil }
        if flowLabel != nil { return "-l" }
        if !gateways.isEmpty { return "-g" }
        guard kind == .connect else { return nil }
        // The kernel makes the packet that begins a connection, and chooses its port.
        if goal == .mtu { return "--mtu" }
        if case .paths = goal { return "--paths" }
        return packetLength == nil ? nil : "a packet length"
    }

    /// Says something on standard error.
    func complain(_ message: String) { StandardError.write("\(display.programName): \(message)\n") }
}
