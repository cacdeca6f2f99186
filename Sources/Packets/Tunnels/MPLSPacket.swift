/// A packet with labels in front of it (RFC 3032).
public struct MPLSPacket: Hashable, Sendable {
    /// The stack of labels, the top first. Only the last should be the bottom of the stack.
    public var labels: [MPLSLabel]
    /// What the labels are in front of. They don't say what it is: the version in its first byte has to.
    public var payload: LinkPayload

    /// Puts labels in front of a payload.
    public init(labels: [MPLSLabel], payload: LinkPayload) {
        self.labels = labels
        self.payload = payload
    }

    /// Bytes of labels and payload.
    public var length: Int { MPLSLabel.length * labels.count + payload.length }
}

extension MPLSPacket {
    init(parsing bytes: RawSpan, in context: ParsingContext) throws(ParseError) {
        labels = []
        var offset = 0
        repeat {
            try bytes.require(offset + MPLSLabel.length, of: .mpls)
            labels.append(try MPLSLabel(parsing: bytes.extracting(droppingFirst: offset)))
            offset += MPLSLabel.length
        } while labels.last?.isBottomOfStack == false
        let rest = bytes.extracting(droppingFirst: offset)
        let version = rest.isEmpty ? 0 : rest.uint8(at: 0) >> 4
        payload = LinkPayload(
            parsing: rest, etherType: version == 4 ? .ipv4 : version == 6 ? .ipv6 : EtherType(rawValue: 0),
            in: context.moved(by: offset))
    }

    func serialize(into output: inout OutputRawSpan) {
        for label in labels { label.serialize(into: &output) }
        payload.serialize(into: &output)
    }
}

/// What a packet says, to people.
extension MPLSPacket: CustomStringConvertible {
    /// One line, as tcpdump prints it.
    public var description: String {
        let stack = labels.map { label in
            let bottom = label.isBottomOfStack ? ", [S]" : ""
            return "(label \(label.label), tc \(label.trafficClass)\(bottom), ttl \(label.timeToLive))"
        }
        return "MPLS " + stack.joined(separator: " ") + (payload.packetDescription.map { " \($0)" } ?? "")
    }

    func layers(of bytes: RawSpan) -> [Field] {
        let end = MPLSLabel.length * labels.count
        let entries = labels.enumerated().map { index, label in
            let start = index * MPLSLabel.length
            return Field.group("Label stack entry", start..<start + MPLSLabel.length, label.fields(at: start))
        }
        return [.group("MPLS", 0..<end, entries)]
            + payload.layers(of: bytes.extracting(droppingFirst: end)).moved(by: end)
    }
}
