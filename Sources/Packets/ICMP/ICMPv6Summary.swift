import Addresses

extension ICMPv6Message {
    /// What the message says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        let length = length + payload.byteCount
        switch body {
        case .destinationUnreachable(let code, _):
            return "ICMP6, destination unreachable, " + Self.unreachable(code, quoting: payload, length)
        case .timeExceeded(let code, _):
            return "ICMP6, time exceeded in-transit" + Self.timeExceeded(code, quoting: payload, length)
        default: return "ICMP6, \(body.words), length \(length)"
        }
    }

    /// tcpdump's mark where bytes are missing.
    private static let truncated = " [|icmp6]"

    private static func unreachable(_ code: ICMPv6UnreachableCode, quoting payload: RawSpan, _ length: Int) -> String {
        let quote = try? QuotedPacket(parsing: payload)
        let destination = quote.map { $0.destination.description } ?? ""
        let words: String
        switch code {
        case .noRoute: words = "unreachable route \(destination)"
        case .prohibited: words = "unreachable prohibited \(destination)"
        case .beyondScope: words = "beyond scope \(destination)" + (quote.map { ", source address \($0.source)" } ?? "")
        case .address: words = "unreachable address \(destination)"
        case .port:
            guard let quote, let port = quote.description(ofPortAt: destination) else {
                return "unreachable port" + truncated
            }
            words = "unreachable port, " + port
        // Those that tcpdump doesn't know have no length there either.
        default: return "unknown unreach code (\(code.rawValue))"
        }
        return quote == nil ? words + truncated : "\(words), length \(length)"
    }

    private static func timeExceeded(
        _ code: ICMPv6TimeExceededCode, quoting payload: RawSpan, _ length: Int
    ) -> String {
        switch code {
        case .inTransit:
            guard let quote = try? QuotedPacket(parsing: payload) else { return truncated }
            return " for \(quote.destination), length \(length)"
        case .reassembly: return " (reassembly), length \(length)"
        default: return ", unknown code (\(code.rawValue)), length \(length)"
        }
    }
}

extension QuotedPacket {
    /// What a closed port was; `nil` if it wasn't quoted, or is none that tcpdump looks for.
    fileprivate func description(ofPortAt destination: String) -> String? {
        guard let (_, port) = ports else { return nil }
        return switch protocolNumber {
        case .tcp: "\(destination) tcp port \(port)"
        case .udp: "\(destination) udp port \(port)"
        default: nil
        }
    }
}

extension ICMPv6Message.Body {
    /// What tcpdump says between `ICMP6` and the length; the two errors that depend on the quote are elsewhere.
    fileprivate var words: String {
        switch self {
        case .destinationUnreachable, .timeExceeded: ""
        case .packetTooBig(let mtu): "packet too big, mtu \(mtu)"
        case .parameterProblem(let code, let pointer):
            "parameter problem, " + Self.parameterProblem(code, pointer: pointer)
        case .echoRequest(let echo): "echo request, id \(echo.identifier), seq \(echo.sequenceNumber)"
        case .echoReply(let echo): "echo reply, id \(echo.identifier), seq \(echo.sequenceNumber)"
        // No space between the two is tcpdump's own.
        case .multicastListenerQuery(let delay, let group): "multicast listener query" + Self.words(delay, group)
        case .multicastListenerReport(let delay, let group): "multicast listener report" + Self.words(delay, group)
        case .multicastListenerDone(let delay, let group): "multicast listener done" + Self.words(delay, group)
        case .multicastListenerQueryV2(_, let query):
            "multicast listener query v2 [gaddr \(query.group)"
                + (query.sources.isEmpty ? "]" : ", \(query.sources.count) source(s)]")
        case .multicastListenerReportV2(let report):
            "multicast listener report v2, \(report.records.count) group record(s)"
        case .routerSolicitation: "router solicitation"
        case .routerAdvertisement: "router advertisement"
        case .neighborSolicitation(let target, _): "neighbor solicitation, who has \(target)"
        case .neighborAdvertisement(let neighbor): "neighbor advertisement, tgt is \(neighbor.target)"
        case .redirect(let target, let destination, _): "redirect, \(destination) to \(target)"
        case .multicastRouterAdvertisement, .multicastRouterSolicitation, .multicastRouterTermination,
            .extendedEchoRequest, .extendedEchoReply, .other:
            "unknown icmp6 type (\(type))"
        }
    }

    private static func words(_ delay: UInt16, _ group: IPv6Address) -> String {
        "max resp delay: \(delay) addr: \(group)"
    }

    private static func parameterProblem(_ code: ICMPv6ParameterProblemCode, pointer: UInt32) -> String {
        switch code {
        case .headerField: "erroneous - octet \(pointer)"
        case .nextHeader: "next header - octet \(pointer)"
        case .option: "option - octet \(pointer)"
        case .incompleteHeaderChain: "incomplete header chain - octet \(pointer)"
        default: "code-#\(code.rawValue)"
        }
    }
}
