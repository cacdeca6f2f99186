import Addresses

/// What an IPv4 packet says, to people.
extension IPv4Packet: CustomStringConvertible {
    /// One line, as tcpdump prints it, for example `IP 198.18.0.1.53 > 198.18.0.2.4711: UDP, length 5`.
    public var description: String {
        guard header.fragmentOffset == 0 else {
            return "IP \(header.source) > \(header.destination): ip-proto-\(payload.protocolNumber.rawValue)"
        }
        return "IP " + payload.line(from: header.source, to: header.destination)
    }

    /// The packet's layers in order, each a group of fields.
    ///
    /// - Parameters:
    ///   - bytes: those that the packet was read from; places are counted from their start.
    public func layers(of bytes: RawSpan) -> [Field] {
        let end = min(bytes.byteCount, length)
        let isVerifiable = header.pseudoHeader(payloadLength: payload.length) != nil
        let inner = payload.layers(of: bytes.extracting(header.length..<end), isVerifiable: isVerifiable)
        return [.group("IPv4", 0..<header.length, header.fields(of: bytes))] + inner.moved(by: header.length)
    }
}

/// What an IPv6 packet says, to people.
extension IPv6Packet: CustomStringConvertible {
    /// One line, as tcpdump prints it, for example `IP6 2001:db8::1 > 2001:db8::2: ICMP6, echo request, …`.
    public var description: String {
        guard !extensions.isEmpty else { return "IP6 " + payload.line(from: header.source, to: header.destination) }
        var parts = ["IP6 \(header.source) > \(header.destination):"]
        var following = extensions.length + payload.length
        for header in extensions {
            following -= header.length
            parts.append(header.summary(following: following))
            if header.isUnknownRoute { return parts.joined(separator: " ") + " (invalid)" }
        }
        if !extensions.isLaterFragment {
            // tcpdump leaves the addresses out where other headers are between them and the ports.
            let ports = payload.ports.map { "\($0.source) > \($0.destination): " }
            parts.append((ports ?? "") + payload.summary)
        }
        return parts.joined(separator: " ")
    }

    /// The packet's layers in order, each a group of fields.
    ///
    /// - Parameters:
    ///   - bytes: those that the packet was read from; places are counted from their start.
    public func layers(of bytes: RawSpan) -> [Field] {
        var layers = [Field.group("IPv6", 0..<IPv6Header.length, header.fields(of: bytes))]
        var offset = IPv6Header.length
        for header in extensions {
            let fields = header.fields(of: bytes.extracting(offset..<offset + header.length))
            layers.append(
                .group("\(header.protocolNumber)", offset..<offset + header.length, fields.moved(by: offset)))
            offset += header.length
        }
        let end = min(bytes.byteCount, length)
        let isVerifiable = pseudoHeader(payloadLength: payload.length) != nil
        let inner = payload.layers(of: bytes.extracting(offset..<end), isVerifiable: isVerifiable)
        return layers + inner.moved(by: offset)
    }
}

extension IPPayload {
    /// Addresses, ports and what the payload says.
    fileprivate func line(from source: some InternetAddress, to destination: some InternetAddress) -> String {
        guard let ports else { return "\(source) > \(destination): \(summary)" }
        return "\(source).\(ports.source) > \(destination).\(ports.destination): \(summary)"
    }
}
