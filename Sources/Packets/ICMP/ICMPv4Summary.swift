import Addresses

extension ICMPv4Message {
    /// What the message says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        if case .other(let type, 1..., let rest) = body {
            return Self.summary(type: type, restOfHeader: rest, payload)
        }
        guard let words = words(payload) else { return Self.truncated }
        return "ICMP \(words), length \(length + payload.byteCount)"
    }

    /// tcpdump's mark where bytes are missing.
    private static let truncated = "[|icmp]"

    /// To tcpdump a type that has no codes means the same with any.
    private static func summary(type: UInt8, restOfHeader: UInt32, _ payload: RawSpan) -> String {
        let fields = ICMPFields(type: type, restOfHeader: restOfHeader)
        let bytes = serialized(capacity: ICMPFields.length + payload.byteCount) { output in
            fields.serialize(into: &output, checksum: 0)
            output.append(contentsOf: payload)
        }
        guard let message = try? ICMPv4Message(parsing: bytes.span.bytes, verifyingChecksum: false) else {
            return truncated
        }
        return message.summary(payload: bytes.span.bytes.extracting(droppingFirst: message.length))
    }

    /// `nil` where bytes are missing.
    private func words(_ payload: RawSpan) -> String? {
        switch body {
        case .echoRequest(let echo): "echo request, id \(echo.identifier), seq \(echo.sequenceNumber)"
        case .echoReply(let echo): "echo reply, id \(echo.identifier), seq \(echo.sequenceNumber)"
        case .destinationUnreachable(let code, let mtu, _): Self.unreachable(code, mtu, QuoteInLine(payload))
        case .sourceQuench: "source quench"
        case .redirect(let code, let gateway): Self.redirect(code, gateway, QuoteInLine(payload))
        case .routerAdvertisement(let head): head.words(payload)
        case .routerSolicitation: "router solicitation"
        case .timeExceeded(let code, _): QuoteInLine(payload).map { _ in Self.timeExceeded(code) }
        case .parameterProblem(.pointer, let pointer, _): "parameter problem - octet \(pointer)"
        case .parameterProblem(let code, _, _): "parameter problem - code \(code.rawValue)"
        case .timestampRequest(let times): "time stamp query \(times.words)"
        case .timestampReply(let times):
            "time stamp reply \(times.words): org \(times.originate.text), recv \(times.receive.text), "
                + "xmit \(times.transmit.text)"
        case .informationRequest: "information request"
        case .informationReply: "information reply"
        case .addressMaskRequest: "address mask request"
        case .addressMaskReply(_, let mask): "address mask is 0x\(Self.hexadecimal(mask.rawValue))"
        case .traceroute, .extendedEchoRequest, .extendedEchoReply, .other: "type-#\(type)"
        }
    }

    private static func unreachable(_ code: ICMPv4UnreachableCode, _ mtu: UInt16, _ quote: QuoteInLine?) -> String? {
        guard let quote else { return nil }
        let destination = quote.destination
        switch code {
        case .network: return "net \(destination) unreachable"
        case .host: return "host \(destination) unreachable"
        case .protocolNumber: return "\(destination) protocol \(quote.protocolNumber.rawValue) unreachable"
        case .port: return quote.port.map { "\(destination) \($0) unreachable" }
        case .fragmentationNeeded:
            return "\(destination) unreachable - need to frag" + (mtu == 0 ? "" : " (mtu \(mtu))")
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

    private static func timeExceeded(_ code: ICMPv4TimeExceededCode) -> String {
        switch code {
        case .inTransit: "time exceeded in-transit"
        case .reassembly: "ip reassembly time exceeded"
        default: "time exceeded-#\(code.rawValue)"
        }
    }

    private static func redirect(_ code: ICMPv4RedirectCode, _ gateway: IPv4Address, _ quote: QuoteInLine?) -> String? {
        guard let destination = quote?.destination else { return nil }
        switch code {
        case .network: return "redirect \(destination) to net \(gateway)"
        case .host: return "redirect \(destination) to host \(gateway)"
        case .networkTypeOfService: return "redirect-tos \(destination) to net \(gateway)"
        case .hostTypeOfService: return "redirect-tos \(destination) to host \(gateway)"
        default: return "redirect-#\(code.rawValue) \(destination) to \(gateway)"
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// What tcpdump reads of a quoted packet: whatever stands where an IPv4 header has its destination, and no more.
private struct QuoteInLine {
    let destination: IPv4Address
    let protocolNumber: IPProtocol
    /// The port that nobody listens at; of protocols without ports the two bytes that would be it. `nil` if they are
    /// missing.
    let port: String?

    init?(_ quote: RawSpan) {
        guard quote.byteCount >= IPv4Header.minimumLength else { return nil }
        destination = quote.ipv4Address(at: 16)
        protocolNumber = IPProtocol(rawValue: quote.uint8(at: 9))
        let offset = Int(quote.uint8(at: 0) & 0x0F) * 4 + 2
        guard quote.byteCount >= offset + 2 else {
            port = nil
            return
        }
        let number = quote.uint16(at: offset)
        port =
            switch protocolNumber {
            case .tcp: "tcp port \(number)"
            case .udp: "udp port \(number)"
            default: "protocol \(protocolNumber.rawValue) port \(number)"
            }
    }
}

extension ICMPTimestamp {
    fileprivate var words: String { "id \(echo.identifier) seq \(echo.sequenceNumber)" }
}

extension ICMPRouterAdvertisement {
    /// `nil` where an entry is missing.
    fileprivate func words(_ payload: RawSpan) -> String? {
        let entries = entries(of: payload)
        let count = addressCount.map(Int.init) ?? entries.count
        let head = "router advertisement lifetime \(lifetimeText) \(count):"
        // tcpdump can't read entries of another size.
        guard addressEntrySize == 2 else { return head + " [size \(addressEntrySize)]" }
        guard entries.count == count else { return nil }
        return entries.reduce(head) { $0 + " {\($1.address) \(UInt32(bitPattern: $1.preference))}" }
    }

    /// Seconds below a minute, then minutes and seconds, then hours too.
    private var lifetimeText: String {
        func two(_ number: UInt16) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if lifetime < 60 { return "\(lifetime)" }
        if lifetime < 3600 { return "\(lifetime / 60):\(two(lifetime % 60))" }
        return "\(lifetime / 3600):\(two(lifetime / 60 % 60)):\(two(lifetime % 60))"
    }
}
