public import Addresses
public import Packets

/// Writing probes.
extension SweepProbeFormat {
    /// Bytes of the longest packet, IP header included.
    public var maximumPacketLength: Int { IPv6Header.length + messageLength }

    /// Bytes of a probe behind the IP header.
    public var messageLength: Int {
        switch method {
        case .echo, .udp: 8 + min(max(0, payloadLength), Int(UInt16.max) - IPv4Header.minimumLength - 8)
        case .timestamp: ICMPField.timestampLength
        case .tcp: TCPHeader.minimumLength + Self.tcpOptionLength
        }
    }

    /// What probes are in an IP header.
    public func protocolNumber(in family: IPFamily) -> IPProtocol {
        switch method {
        case .echo, .timestamp: family == .v4 ? .icmp : .icmpv6
        case .tcp: .tcp
        case .udp: .udp
        }
    }

    /// Writes a probe as a whole IPv4 packet, for a socket that takes headers.
    /// - Parameters:
    ///   - source: who sends it. With 0.0.0.0 the kernel fills it in, but only checksums of ICMP are right then.
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func writePacket(
        _ probe: SweepProbe, to destination: IPv4Address, from source: IPv4Address = .any,
        into output: inout OutputRawSpan
    ) {
        let proof = Self.proof(of: probe.destination, key: key)
        // Where the identification is 0 the kernel looks for one, which takes an eighth of the time of sending.
        IPv4Header(
            source: source, destination: destination, protocolNumber: protocolNumber(in: .v4),
            timeToLive: hopLimit, differentiatedServices: differentiatedServices,
            identification: max(1, Self.counted(proof, probe.index)), flags: dontFragment ? .dontFragment : []
        ).serialize(into: &output, payloadLength: messageLength)
        writeMessage(probe, proof, from: .v4(source), into: &output)
    }

    /// Writes what of a probe is behind the IP header.
    /// - Parameters:
    ///   - source: who sends it; `nil` where the kernel makes the checksums, as it does in IPv6.
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func writeMessage(_ probe: SweepProbe, from source: IPAddress?, into output: inout OutputRawSpan) {
        writeMessage(probe, Self.proof(of: probe.destination, key: key), from: source, into: &output)
    }

    private func writeMessage(
        _ probe: SweepProbe, _ proof: UInt64, from source: IPAddress?, into output: inout OutputRawSpan
    ) {
        let start = output.byteCount
        switch method {
        case .echo, .timestamp:
            let type: UInt16 = method == .timestamp ? 13 : probe.destination.family == .v4 ? 8 : 128
            output.append(bigEndian: UInt32(type) << 24)
            output.append(bigEndian: identifier ?? UInt16(truncatingIfNeeded: proof))
            output.append(bigEndian: Self.counted(proof, probe.index))
            if method == .timestamp {
                writeTimes(of: probe, into: &output)
            } else {
                writePayload(probe, proof, &output)
            }
            guard case .v4 = probe.destination else { return }
            let sum = InternetChecksum.of(output.bytes.extracting(start..<output.byteCount))
            output.replace(at: start + 2, with: sum)
        case .tcp(let port):
            let upper = UInt32(truncatingIfNeeded: proof >> 16) & 0xFFFF_0000
            let sequence = upper | UInt32(Self.counted(proof, probe.index))
            let header = TCPHeader(
                sourcePort: Self.sourcePort(proof), destinationPort: port, sequenceNumber: sequence, flags: .syn,
                options: Self.tcpOptions(Self.tcpTime(probe.sent)), checksum: source == nil ? 0 : nil)
            let nothing: [UInt8] = []
            header.serialize(
                into: &output, payload: nothing.span.bytes, in: Self.pseudoHeader(from: source, to: probe.destination))
        case .udp(let port):
            output.append(bigEndian: Self.sourcePort(proof))
            output.append(bigEndian: port)
            output.append(bigEndian: UInt16(clamping: messageLength))
            output.append(bigEndian: UInt16(0))
            writePayload(probe, proof, &output)
            guard source != nil, let ends = Self.pseudoHeader(from: source, to: probe.destination) else { return }
            var sum = InternetChecksum(ends, protocolNumber: .udp, length: messageLength)
            sum.add(output.bytes.extracting(start..<output.byteCount))
            // In UDP no checksum at all is zero (RFC 768).
            output.replace(at: start + 6, with: sum.value == 0 ? 0xFFFF : sum.value)
        }
    }

    // MARK: - Pieces

    /// The part of the proof that the index is added to.
    @inline(__always)
    static func counted(_ proof: UInt64, _ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: proof >> 16) &+ UInt16(truncatingIfNeeded: index)
    }

    static func sourcePort(_ proof: UInt64) -> UInt16 { 0x8000 | UInt16(truncatingIfNeeded: proof) }

    /// The time of a TCP timestamp, which goes around every 73 minutes.
    static func tcpTime(_ time: MonotonicTime) -> UInt32 { UInt32(truncatingIfNeeded: time.nanoseconds >> 10) }

    /// Bytes of the options below: 4, 2 and 10.
    private static var tcpOptionLength: Int { 16 }

    private static func tcpOptions(_ time: UInt32) -> [TCPOption] {
        [.maximumSegmentSize(1460), .selectiveAcknowledgmentPermitted, .timestamps(value: time, echoReply: 0)]
    }

    private static func pseudoHeader(from source: IPAddress?, to destination: IPAddress) -> PseudoHeader? {
        switch (source, destination) {
        case (.v4(let source), .v4(let destination)): .v4(source: source, destination: destination)
        case (.v6(let source), .v6(let destination)): .v6(source: source, destination: destination)
        default: nil
        }
    }

    private func writePayload(_ probe: SweepProbe, _ proof: UInt64, _ output: inout OutputRawSpan) {
        var rest = messageLength - 8
        if rest >= 8 {
            output.append(bigEndian: proof)
            rest -= 8
        }
        if rest >= 16 {
            output.append(bigEndian: UInt32(truncatingIfNeeded: probe.number))
            output.append(bigEndian: UInt32(truncatingIfNeeded: probe.index))
            output.append(bigEndian: UInt64(bitPattern: probe.sent.nanoseconds))
            rest -= 16
        }
        guard hasRandomPayload, rest > 0 else {
            return output.append(repeating: 0, count: rest, as: UInt8.self)
        }
        // What nobody could have known is not asked for: only that links don't compress it.
        var word = proof ^ UInt64(bitPattern: probe.sent.nanoseconds)
        while rest > 0 {
            word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            output.append(UInt8(truncatingIfNeeded: word >> 56), as: UInt8.self)
            rest -= 1
        }
    }

    /// The originate time; receive and transmit times are the target's to fill in (RFC 792).
    private func writeTimes(of probe: SweepProbe, into output: inout OutputRawSpan) {
        let millisecond: Int64 = 1_000_000
        let day: Int64 = 86_400_000
        let time = (probe.sent.nanoseconds &+ wallClockOffset) / millisecond % day
        output.append(bigEndian: UInt32(clamping: time))
        output.append(bigEndian: UInt64(0))
    }
}

/// Lengths of ICMP messages.
enum ICMPField {
    /// Bytes of a timestamp or timestamp reply message (RFC 792).
    static var timestampLength: Int { 20 }
}

extension OutputRawSpan {
    mutating func append(bigEndian value: UInt32) { append(value.bigEndian, as: UInt32.self) }
    mutating func append(bigEndian value: UInt64) { append(value.bigEndian, as: UInt64.self) }

    /// Writes over two bytes that are written already.
    mutating func replace(at offset: Int, with value: UInt16) {
        var written = mutableBytes
        written.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }
}
