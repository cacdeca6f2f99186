import Addresses
import Packets

extension TraceProbeFormat {
    /// Bytes of the whole packet of a probe, IP header included: as many as wanted, but what its headers need.
    public func length(of probe: TraceProbe) -> Int {
        let wanted = min(max(0, probe.packetLength ?? packetLength), Int(UInt16.max)) - headLength
        return headLength + max(minimumSegmentLength, min(wanted, maximumSegmentLength))
    }

    /// Writes a probe as a whole IP packet, for a socket that takes headers.
    /// - Parameters:
    ///   - output: where to; room for less than ``length(of:)`` is the caller's bug, and stops the program.
    public func write(_ probe: TraceProbe, into output: inout OutputRawSpan) {
        let route = self.route
        let segmentLength = length(of: probe) - headLength
        let number = method.protocolNumber(in: destination.family)
        switch (source, route.first ?? destination) {
        case (.v4(let source), .v4(let firstHop)):
            IPv4Header(
                source: source, destination: firstHop, protocolNumber: number, timeToLive: probe.hopLimit,
                differentiatedServices: differentiatedServices, identification: shown(probe.token),
                flags: dontFragment ? .dontFragment : [], options: ipv4Options
            ).serialize(into: &output, payloadLength: segmentLength)
        case (.v6(let source), .v6(let firstHop)):
            let header = IPv6Header(
                source: source, destination: firstHop, nextHeader: route.isEmpty ? number : nil,
                hopLimit: probe.hopLimit, trafficClass: differentiatedServices, flowLabel: flowLabel(of: probe.flow))
            guard route.isEmpty else {
                let segment = serialized(capacity: segmentLength) {
                    writeSegment(of: probe, length: segmentLength, into: &$0)
                }
                return IPv6Packet(header, extensions: ipv6Extensions, payload: .other(number, segment))
                    .serialize(into: &output)
            }
            header.serialize(into: &output, payloadLength: segmentLength)
        default: preconditionFailure("a probe has both ends in one family")
        }
        writeSegment(of: probe, length: segmentLength, into: &output)
    }

    /// Writes what a datagram socket takes of a probe, where the kernel makes the headers: the payload of a UDP or
    /// UDP-Lite datagram, or an ICMP message with ``key`` as its identifier, which must be that of the socket.
    /// - Parameters:
    ///   - output: where to; room for less than ``length(of:)`` is the caller's bug, and stops the program.
    public func writePayload(of probe: TraceProbe, into output: inout OutputRawSpan) {
        let segmentLength = length(of: probe) - headLength
        if case .icmp = method { return writeSegment(of: probe, length: segmentLength, into: &output) }
        writePayload(of: probe, length: segmentLength - 8, into: &output)
    }

    // MARK: - Lengths

    /// Bytes in front of the transport header.
    var headLength: Int {
        switch destination.family {
        case .v4: IPv4Header(source: .any, destination: .any, options: ipv4Options).length
        case .v6: IPv6Header.length + ipv6Extensions.reduce(0) { $0 + $1.length }
        }
    }

    static var payloadHeadLength: Int { 8 }
    /// All probes of the format's own length are as long as this one.
    static var anyProbe: TraceProbe { TraceProbe(token: 1, hopLimit: 1) }

    private var minimumSegmentLength: Int {
        switch method {
        case .icmp, .udp, .udpLite: 8 + Self.payloadHeadLength
        case .ip: Self.payloadHeadLength
        case .tcp(let port, let probe): tcpHeader(port, probe, of: Self.anyProbe).length
        case .sctp: sctpPacket(of: Self.anyProbe).length
        case .dccp: 20
        }
    }

    /// INIT is alone in its packet, and has no payload.
    private var maximumSegmentLength: Int {
        if case .sctp = method { minimumSegmentLength } else { .max }
    }

    // MARK: - Source routes

    private var ipv4Options: [IPv4Option] {
        let route = self.route
        guard !route.isEmpty, case .v4(let destination) = destination else { return [] }
        let rest = route.dropFirst().compactMap(\.asIPv4)
        return [.noOperation, .looseSourceRoute(RouteRecord(slots: rest + [destination]))]
    }

    private var ipv6Extensions: [IPv6ExtensionHeader] {
        let route = self.route
        guard !route.isEmpty, case .v6(let destination) = destination else { return [] }
        let rest = route.dropFirst().compactMap(\.asIPv6) + [destination]
        let way: IPv6RoutingHeader.Route = rest.count == 1 ? .home(destination) : .source(rest)
        return [IPv6ExtensionHeader(.routing(IPv6RoutingHeader(way, segmentsLeft: UInt8(clamping: rest.count))))]
    }

    // MARK: - Segments

    private func writeSegment(of probe: TraceProbe, length: Int, into output: inout OutputRawSpan) {
        let start = output.byteCount
        switch method {
        case .icmp:
            let isIPv4 = destination.family == .v4
            output.append(bigEndian: UInt16(isIPv4 ? 0x0800 : 0x8000))
            output.append(bigEndian: flowWord(of: probe.flow))
            output.append(bigEndian: key)
            output.append(bigEndian: shown(probe.token))
            writeRest(of: probe, from: start, length: length, isIPv4 ? nil : pseudoHeader, into: &output)
        case .udp:
            writePorts(of: probe, into: &output)
            output.append(bigEndian: UInt16(clamping: length))
            output.append(bigEndian: shown(probe.token))
            writeRest(of: probe, from: start, length: length, pseudoHeader, into: &output)
        case .udpLite(_, let coverage):
            writeUDPLite(of: probe, length: length, coverage: coverage, into: &output)
        case .tcp(let port, let tcp):
            let header = tcpHeader(port, tcp, of: probe)
            let payload = [UInt8](repeating: 0, count: length - header.length)
            header.serialize(into: &output, payload: payload.span.bytes, in: pseudoHeader)
        case .sctp: sctpPacket(of: probe).serialize(into: &output)
        case .dccp(_, let serviceCode):
            let ports = ports(of: probe.flow) ?? (0, 0)
            let header = DCCPHeader(
                sourcePort: ports.source, destinationPort: ports.destination,
                sequenceNumber: UInt64(number(of: probe.token)), .request(serviceCode: serviceCode))
            let payload = [UInt8](repeating: 0, count: length - header.length)
            header.serialize(into: &output, payload: payload.span.bytes, in: pseudoHeader)
        case .ip: writePayload(of: probe, length: length, into: &output)
        }
    }

    private func writePorts(of probe: TraceProbe, into output: inout OutputRawSpan) {
        let ports = ports(of: probe.flow) ?? (0, 0)
        output.append(bigEndian: ports.source)
        output.append(bigEndian: ports.destination)
    }

    /// Writes a payload, in which two bytes are zero that may make a checksum right.
    private func writePayload(of probe: TraceProbe, length: Int, into output: inout OutputRawSpan) {
        output.append(bigEndian: key)
        output.append(bigEndian: probe.flow)
        output.append(bigEndian: shown(probe.token))
        output.append(bigEndian: UInt16(0))
        var rest = length - Self.payloadHeadLength
        if rest >= 2 {
            output.append(bigEndian: UInt16(clamping: self.length(of: probe)))
            rest -= 2
        }
        output.append(repeating: 0, count: max(0, rest), as: UInt8.self)
    }

    /// Writes the payload behind a header of eight bytes at `start`, and in it what makes the checksum right that
    /// stands in the header already.
    private func writeRest(
        of probe: TraceProbe, from start: Int, length: Int, covered: Int? = nil, _ pseudoHeader: PseudoHeader?,
        into output: inout OutputRawSpan
    ) {
        writePayload(of: probe, length: length - 8, into: &output)
        var sum = InternetChecksum()
        if let pseudoHeader {
            let number = method.protocolNumber(in: destination.family)
            sum = InternetChecksum(pseudoHeader, protocolNumber: number, length: length)
        }
        sum.add(output.bytes.extracting(start..<start + (covered ?? length)))
        var written = output.mutableBytes
        written.storeBytes(of: sum.value.bigEndian, toByteOffset: start + 14, as: UInt16.self)
    }

    /// Where the checksum covers too little for two bytes to be free, it is just the right one.
    private func writeUDPLite(of probe: TraceProbe, length: Int, coverage: UInt16?, into output: inout OutputRawSpan) {
        let start = output.byteCount
        let covered = coverage.map { $0 == 0 ? length : min(max(8, Int($0)), length) } ?? length
        if covered >= 8 + Self.payloadHeadLength {
            writePorts(of: probe, into: &output)
            output.append(bigEndian: UInt16(truncatingIfNeeded: covered == length ? 0 : covered))
            output.append(bigEndian: shown(probe.token))
            return writeRest(
                of: probe, from: start, length: length, covered: covered, pseudoHeader, into: &output)
        }
        let payload = serialized(capacity: length) { writePayload(of: probe, length: length - 8, into: &$0) }
        let ports = ports(of: probe.flow) ?? (0, 0)
        UDPLiteHeader(
            sourcePort: ports.source, destinationPort: ports.destination, checksumCoverage: UInt16(covered)
        ).serialize(into: &output, payload: payload.span.bytes, in: pseudoHeader)
    }

    func tcpHeader(_ port: UInt16, _ tcp: TCPProbe, of probe: TraceProbe) -> TCPHeader {
        let ports = ports(of: probe.flow) ?? (0, port)
        let number = number(of: probe.token)
        return TCPHeader(
            sourcePort: ports.source, destinationPort: ports.destination, sequenceNumber: number,
            acknowledgmentNumber: tcp.flags.contains(.ack) ? number : 0, flags: tcp.flags, window: tcp.window,
            options: tcp.options)
    }

    private func sctpPacket(of probe: TraceProbe) -> SCTPPacket {
        let ports = ports(of: probe.flow) ?? (0, 0)
        let number = number(of: probe.token)
        let initiation = SCTPInitiation(initiateTag: number, initialTSN: number)
        return SCTPPacket(
            sourcePort: ports.source, destinationPort: ports.destination, verificationTag: 0,
            chunks: [SCTPChunk(.initiation(initiation))])
    }
}

extension IPAddress {
    fileprivate var asIPv4: IPv4Address? { if case .v4(let address) = self { address } else { nil } }
    fileprivate var asIPv6: IPv6Address? { if case .v6(let address) = self { address } else { nil } }
}

extension OutputRawSpan {
    mutating func append(bigEndian value: UInt16) { append(value.bigEndian, as: UInt16.self) }
}
