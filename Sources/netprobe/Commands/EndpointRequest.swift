import Addresses
import ProbingIO
import Sockets

extension Endpoint {
    /// The endpoint that the options and operands of a command name.
    /// - Parameter listens: whether the host may be left out, the port be 0, and a TIPC service have many instances.
    init(_ options: EndpointOptions, _ operands: [String], listens: Bool) throws(UsageError) {
        let transport = try Self.transport(options)
        let type = try Self.type(options, transport)
        let name: Name
        switch transport {
        case .tcp, .udp, .sctp: name = try Self.host(operands, transport, listens: listens)
        case .unix: name = .address(try Self.unixAddress(try Self.only(operands, "--unix", "path or @name")))
        case .tipc:
            let text = try Self.only(operands, "--tipc", listens ? "type:instance or type:first-last" : "type:instance")
            name = .address(.tipc(TIPCAddress(try Self.tipcName(text, allowsRange: listens))))
        }
        self.init(transport, type, name)
        let isInternet = transport != .unix && transport != .tipc
        if options.ipv4 && options.ipv6 { throw UsageError("only one of -4 and -6 can be") }
        if options.ipv4 || options.ipv6 {
            guard isInternet else {
                throw UsageError("-4 and -6 are for Internet addresses, not for --\(transport.option)")
            }
            family = options.ipv4 ? .v4 : .v6
        }
        if let interface = options.interface {
            guard isInternet else { throw UsageError("-I is for Internet addresses, not for --\(transport.option)") }
            guard NetworkInterface.index(name: interface) != nil else {
                throw UsageError("unknown interface: '\(interface.forTerminal)'; ip link lists those of this host")
            }
            self.interface = interface
        }
    }

    private static func transport(_ options: EndpointOptions) throws(UsageError) -> Transport {
        let asked: [Transport] = [
            (options.udp, Transport.udp), (options.sctp, .sctp), (options.unix, .unix), (options.tipc, .tipc),
        ].filter(\.0).map(\.1)
        guard asked.count < 2 else { throw UsageError("only one of --udp, --sctp, --unix and --tipc can be") }
        return asked.first ?? .tcp
    }

    private static func type(_ options: EndpointOptions, _ transport: Transport) throws(UsageError) -> SocketType {
        guard let text = options.type else { return transport == .udp ? .datagram : .stream }
        switch (transport, text) {
        case (.unix, "stream"), (.tipc, "stream"): return .stream
        case (.unix, "seqpacket"), (.tipc, "seqpacket"): return .sequencedPacket
        case (.unix, "datagram"), (.tipc, "datagram"): return .datagram
        case (.tipc, "rdm"): return .reliableDatagram
        case (.unix, _):
            throw UsageError("invalid --type value: '\(text.forTerminal)': not one of stream, seqpacket, datagram")
        case (.tipc, _):
            throw UsageError("invalid --type value: '\(text.forTerminal)': not one of stream, seqpacket, rdm, datagram")
        default: throw UsageError("--type is for --unix and --tipc: TCP and SCTP are streams, UDP sends datagrams")
        }
    }

    private static func only(_ operands: [String], _ option: String, _ what: String) throws(UsageError) -> String {
        guard operands.count == 1, let operand = operands.first else {
            throw UsageError("\(option) takes one operand, a \(what), not \(operands.count)")
        }
        return operand
    }

    private static func host(
        _ operands: [String], _ transport: Transport, listens: Bool
    ) throws(UsageError) -> Name {
        guard let last = operands.last, operands.count == 2 || listens && operands.count == 1 else {
            throw UsageError(
                listens
                    ? "a port is needed, and before it an address at most, as in '127.0.0.1 8080'"
                    : "a host and a port are needed, as in 'localhost 8080'")
        }
        guard let port = UInt16(last), last.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }), listens || port > 0 else {
            throw UsageError("invalid port: '\(last.forTerminal)': not a number from \(listens ? 0 : 1) to 65535")
        }
        guard operands.count == 2 else { return .host(nil, port: port) }
        guard !operands[0].isEmpty else { throw UsageError("the host is empty; give a name or an address") }
        guard operands[0].utf8.count <= 253 else {
            throw UsageError("the host has \(operands[0].utf8.count) characters; a name has 253 at most")
        }
        return .host(operands[0], port: port)
    }

    private static func unixAddress(_ text: String) throws(UsageError) -> SocketAddress {
        do throws(SocketError) {
            guard text.utf8.first == UInt8(ascii: "@") else { return try SocketAddress(path: text) }
            guard text.utf8.count > 1 else { throw .invalidArgument("name", "is empty after the @") }
            return try SocketAddress(abstractName: String(text.dropFirst()))
        } catch {
            throw UsageError("--unix: the \(error)")
        }
    }

    private static func tipcName(_ text: String, allowsRange: Bool) throws(UsageError) -> TIPCAddress.Name {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let instances = parts.last?.split(separator: "-", omittingEmptySubsequences: false).map { UInt32($0) } ?? []
        if parts.count == 2, let type = UInt32(parts[0]) {
            if instances.count == 1, let instance = instances[0] { return .service(type: type, instance: instance) }
            if allowsRange, instances.count == 2, let first = instances[0], let last = instances[1], first <= last {
                return .serviceRange(type: type, first...last)
            }
        }
        let form = allowsRange ? "type:instance or type:first-last" : "type:instance"
        throw UsageError(
            "invalid TIPC service: '\(text.forTerminal)': not \(form), numbers up to 4294967295, such as 4711:1")
    }
}

extension Endpoint.Transport {
    /// The long option that asks for it.
    fileprivate var option: String { rawValue.lowercased() }
}
