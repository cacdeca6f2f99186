import Addresses
import Packets
import Probing
import Testing

@Suite("The probes of a trace")
struct TraceProbeFormatTests {
    @Test("Every probe is a packet that parses, with every checksum and length right", arguments: allTraceMethods)
    func areRight(method: TraceMethod) throws {
        for family in IPFamily.allCases {
            for length in [nil, 0, 28, 77, 512, 65_535, .max, .min] as [Int?] {
                let format = TraceProbeFormat.probing(method, family)
                let probe = TraceProbe(token: 771, hopLimit: 9, flow: 3, packetLength: length)
                let bytes = format.written(probe)
                #expect(bytes.count == format.length(of: probe))
                let payload: IPPayload
                switch family {
                case .v4:
                    let packet = try IPv4Packet(parsing: bytes.span.bytes)
                    #expect(packet.header.checksum == nil && packet.header.totalLength == nil)
                    #expect(packet.header.timeToLive == 9 && packet.header.identification != 0)
                    payload = packet.payload
                case .v6:
                    let packet = try IPv6Packet(parsing: bytes.span.bytes)
                    #expect(packet.header.payloadLength == nil && packet.header.hopLimit == 9)
                    payload = packet.payload
                }
                #expect(payload.error == nil)
                #expect(payload.protocolNumber == method.protocolNumber(in: family))
                if let (source, destination) = format.ports(of: 3) {
                    #expect(bytes.word(at: family.headerLength) == source)
                    #expect(bytes.word(at: family.headerLength + 2) == destination)
                }
            }
        }
    }

    @Test("Probes of a flow are alike to a balancer, and those of other flows are not", arguments: allTraceMethods)
    func flows(method: TraceMethod) {
        for family in IPFamily.allCases {
            for keepsSourcePort in [false, true] {
                let format = TraceProbeFormat.probing(method, family) { $0.keepsSourcePort = keepsSourcePort }
                let heads = ([0, 1, 700] as [UInt16]).map { flow in Set(self.heads(of: flow, format)) }
                #expect(heads.allSatisfy { $0.count == 1 })
                #expect(Set(heads).count == 3)
            }
        }
    }

    /// What a balancer looks at: flow label, addresses, and the first four bytes behind the header.
    private func heads(of flow: UInt16, _ format: TraceProbeFormat) -> [[UInt8]] {
        let start = format.family.headerLength
        return ([1, 2, 255, 40_000, 65_535] as [UInt16]).map { token in
            let bytes = format.written(TraceProbe(token: token, hopLimit: 1, flow: flow))
            return format.family == .v4 ? Array(bytes[12..<start + 4]) : Array(bytes[..<4] + bytes[8..<start + 4])
        }
    }

    @Test("An identification is never 0, which the kernel would replace")
    func identification() {
        let format = TraceProbeFormat.probing(.udp(port: 33434), .v4, key: 0xFFFF, packetLength: 0)
        let shown = Set((1...UInt16.max).map { format.written(TraceProbe(token: $0, hopLimit: 1)).word(at: 4) })
        #expect(shown.count == 65_535 && !shown.contains(0))
    }

    @Test("A source route begins at the first gateway and ends at the destination", arguments: [1, 2, 8])
    func sourceRoute(count: Int) throws {
        let gateways = (0..<UInt32(count)).map { IPv4Address(rawValue: 0xC612_0200 | $0) }
        let format = TraceProbeFormat.probing(.udp(port: 33434), .v4) { $0.gateways = gateways.map { .v4($0) } }
        let packet = try IPv4Packet(parsing: format.written(TraceProbe(token: 7, hopLimit: 3)).span.bytes)
        #expect(packet.header.destination == gateways[0] && packet.error == nil)
        guard case .v4(let destination) = format.destination else { return }
        #expect(
            packet.header.options.contains(.looseSourceRoute(RouteRecord(slots: gateways.dropFirst() + [destination]))))
    }

    @Test("An IPv6 route is a routing header, of type 2 for one gateway and 0 for more", arguments: [1, 2, 127])
    func routingHeader(count: Int) throws {
        let gateways = (0..<UInt128(count)).map { IPv6Address(rawValue: 0x2001_0db8_0002 << 80 | $0) }
        let format = TraceProbeFormat.probing(.udp(port: 33434), .v6) { $0.gateways = gateways.map { .v6($0) } }
        let packet = try IPv6Packet(parsing: format.written(TraceProbe(token: 7, hopLimit: 3)).span.bytes)
        #expect(packet.header.destination == gateways[0] && packet.payload.error == nil)
        guard case .v6(let destination) = format.destination, case .routing(let header) = packet.extensions.first?.body
        else { throw ParseError(.ipv6, .unsupported("routing header"), at: 40) }
        #expect(header.segmentsLeft == count)
        #expect(header.route == (count == 1 ? .home(destination) : .source(gateways.dropFirst() + [destination])))
    }

    @Test("Gateways that do not fit, or of the other family, are left out")
    func tooManyGateways() throws {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(.icmp, family) {
                $0.gateways =
                    [family == .v4 ? IPFamily.v6.router : IPFamily.v4.router]
                    + Array(repeating: family.router, count: 1000)
            }
            let bytes = format.written(TraceProbe(token: 1, hopLimit: 1))
            #expect(bytes.count == format.length(of: TraceProbe(token: 1, hopLimit: 1)))
            #expect(format.minimumPacketLength == 16 + (family == .v4 ? 20 + 36 : 40 + 8 + 16 * 127))
        }
    }

    @Test(
        "What a datagram socket takes is what is behind the kernel's header",
        arguments: [
            TraceMethod.icmp, .udp(port: 33434), .udpLite(port: 33434, coverage: nil),
        ])
    func payloads(method: TraceMethod) {
        for family in IPFamily.allCases {
            let format = TraceProbeFormat.probing(method, family, packetLength: 100)
            let probe = TraceProbe(token: 5, hopLimit: 1)
            let bytes = serialized(capacity: 100) { format.writePayload(of: probe, into: &$0) }
            var behind = Array(format.written(probe)[(family.headerLength + (method == .icmp ? 0 : 8))...])
            // Only with a checksum of our own there is something to be balanced.
            if method != .icmp { behind.set(0, at: 6) }
            #expect(bytes == behind)
        }
    }
}
