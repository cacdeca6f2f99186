import Addresses

extension ICMPv4Message {
    /// What the message says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        let quote = try? QuotedPacket(parsing: payload)
        return "ICMP \(words(payload, quote)), length \(length + payload.byteCount)"
    }

    private func words(_ payload: RawSpan, _ quote: QuotedPacket?) -> String {
        switch body {
        case .echoRequest(let echo): echo.words("request")
        case .echoReply(let echo): echo.words("reply")
        case .destinationUnreachable(let code, let mtu, _): Self.unreachable(code, mtu, quote)
        case .sourceQuench: "source quench"
        case .redirect(let code, let gateway): Self.redirect(code, gateway, quote)
        case .routerAdvertisement(let head): head.words(payload)
        case .routerSolicitation: "router solicitation"
        case .timeExceeded(.inTransit, _): "time exceeded in-transit"
        case .timeExceeded(.reassembly, _): "ip reassembly time exceeded"
        case .timeExceeded(let code, _): "time exceeded-#\(code.rawValue)"
        case .parameterProblem(.pointer, let pointer, _): "parameter problem - octet \(pointer)"
        case .parameterProblem(let code, _, _): "parameter problem - code \(code.rawValue)"
        case .timestampRequest(let times): "time stamp query id \(times.echo.identifier) seq \(times.echo.sequenceNumber)"
        case .timestampReply(let times): times.words
        case .informationRequest: "information request"
        case .informationReply: "information reply"
        case .addressMaskRequest: "address mask request"
        case .addressMaskReply(_, let mask): "address mask is 0x\(Self.hexadecimal(mask.rawValue))"
        case .other(0, _, let rest): ICMPEcho(restOfHeader: rest).words("reply")
        case .other(8, _, let rest): ICMPEcho(restOfHeader: rest).words("request")
        default: "type-#\(type)"
        }
    }

    private static func unreachable(
        _ code: ICMPv4UnreachableCode, _ mtu: UInt16, _ quote: QuotedPacket?
    ) -> String {
        let destination = quote.map { "\($0.destination)" } ?? "?"
        switch code {
        case .network: return "net \(destination) unreachable"
        case .host: return "host \(destination) unreachable"
        case .protocolNumber:
            return "\(destination) protocol \(quote.map { "\($0.protocolNumber.rawValue)" } ?? "?") unreachable"
        case .port: return "\(destination) \(port(of: quote)) unreachable"
        case .fragmentationNeeded: return "\(destination) unreachable - need to frag" + (mtu == 0 ? "" : " (mtu \(mtu))")
        case .sourceRouteFailed: return "\(destination) unreachable - source route failed"
        case .networkUnknown: return "net \(destination) unreachable - unknown"
        case .hostUnknown: return "host \(destination) unreachable - unknown"
        case .sourceHostIsolated: return "\(destination) unreachable - source host isolated"
        case .networkProhibited: return "net \(destination) unreachable - admin prohibited"
        case .hostProhibited: return "host \(destination) unreachable - admin prohibited"
        case .networkTypeOfService: return "net \(destination) unreachable - tos prohibited"
        case .hostTypeOfService: return "host \(destination) unreachable - tos prohibited"
        case .prohibited: return "host \(destination) unreachable - admin prohibited filter"
        case .precedenceViolation: return "host \(destination) unreachable - host precedence violation"
        case .precedenceCutoff: return "host \(destination) unreachable - precedence cutoff"
        default: return "\(destination) unreachable - #\(code.rawValue)"
        }
    }

    /// The port that nobody listens at; of protocols without ports tcpdump shows the two bytes that would be it.
    private static func port(of quote: QuotedPacket?) -> String {
        guard let quote else { return "port ?" }
        let port = UInt16(truncatingIfNeeded: quote.transportBytes >> 32)
        switch quote.protocolNumber {
        case .tcp: return "tcp port \(port)"
        case .udp: return "udp port \(port)"
        default: return "protocol \(quote.protocolNumber.rawValue) port \(port)"
        }
    }

    private static func redirect(
        _ code: ICMPv4RedirectCode, _ gateway: IPv4Address, _ quote: QuotedPacket?
    ) -> String {
        let destination = quote.map { "\($0.destination)" } ?? "?"
        switch code {
        case .network: return "redirect \(destination) to net \(gateway)"
        case .host: return "redirect \(destination) to host \(gateway)"
        case .networkTypeOfService: return "redirect-tos \(destination) to net \(gateway)"
        case .hostTypeOfService: return "redirect-tos \(destination) to host \(gateway)"
        default: return "redirect-#\(code.rawValue) \(destination) to net \(gateway)"
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension ICMPEcho {
    fileprivate func words(_ direction: String) -> String { "echo \(direction), id \(identifier), seq \(sequenceNumber)" }
}

extension ICMPTimestamp {
    fileprivate var words: String {
        "time stamp reply id \(echo.identifier) seq \(echo.sequenceNumber): "
            + "org \(originate.text), recv \(receive.text), xmit \(transmit.text)"
    }
}

extension ICMPRouterAdvertisement {
    fileprivate func words(_ payload: RawSpan) -> String {
        let entries = entries(of: payload)
        let list = entries.map { " {\($0.address) \(UInt32(bitPattern: $0.preference))}" }.joined()
        return "router advertisement lifetime \(lifetimeText) \(addressCount.map(Int.init) ?? entries.count):\(list)"
    }

    /// Seconds below a minute, then minutes and seconds, then hours too.
    private var lifetimeText: String {
        func two(_ number: UInt16) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if lifetime < 60 { return "\(lifetime)" }
        if lifetime < 3600 { return "\(lifetime / 60):\(two(lifetime % 60))" }
        return "\(lifetime / 3600):\(two(lifetime / 60 % 60)):\(two(lifetime % 60))"
    }
}
