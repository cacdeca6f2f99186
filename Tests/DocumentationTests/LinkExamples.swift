import Addresses
import Packets
import Testing

/// The examples of the pages on IP, links and tunnels, as they stand there.
@Suite struct LinkExamples {
    private let source = IPv4Address(rawValue: 0xC612_0001)
    private let target = IPv4Address(rawValue: 0xC612_0002)
    private let source6 = IPv6Address(rawValue: 0x2001_0db8 << 96 | 1)
    private let target6 = IPv6Address(rawValue: 0x2001_0db8 << 96 | 2)

    @Test("the example of IPv4 has room for three routers and met none")
    func ipv4() throws {
        func probe(_ target: IPv4Address, from source: IPv4Address) -> IPv4Packet {
            let request = ICMPv4Message(.echoRequest(ICMPEcho(identifier: 7, sequenceNumber: 1)))
            let header = IPv4Header(
                source: source, destination: target,
                options: [.routerAlert(0), .recordRoute(RouteRecord(emptySlots: 3))])
            return IPv4Packet(header, payload: .icmp(request))
        }

        func visitedRouters(in packet: RawSpan) throws(ParseError) -> [IPv4Address] {
            for case .recordRoute(let record) in try IPv4Packet(parsing: packet).header.options {
                return Array(record.recorded)
            }
            return []
        }

        let bytes = serialized { probe(target, from: source).serialize(into: &$0) }
        #expect(bytes.count == 20 + 20 + 8)
        let routers = try visitedRouters(in: bytes.span.bytes)
        #expect(routers == [])
    }

    @Test("the example of IPv6 goes by a router, and its checksum is over the target")
    func ipv6() throws {
        func probe(_ target: IPv6Address, by router: IPv6Address, from source: IPv6Address) -> IPv6Packet {
            let way = IPv6RoutingHeader(.segments(.init(segments: [target, router])), segmentsLeft: 1)
            return IPv6Packet(
                IPv6Header(source: source, destination: router),
                extensions: [
                    IPv6ExtensionHeader(.hopByHopOptions([.routerAlert(0)].aligned)),
                    IPv6ExtensionHeader(.routing(way)),
                ],
                payload: .icmpv6(ICMPv6Message(.echoRequest(ICMPEcho(identifier: 7, sequenceNumber: 1)))))
        }

        let packet = probe(target6, by: IPv6Address(rawValue: 3), from: source6)
        let bytes = serialized { packet.serialize(into: &$0) }
        let read = try IPv6Packet(parsing: bytes.span.bytes)
        #expect(read == packet)
        #expect(read.description.hasPrefix("IP6 2001:db8::1 > ::3: HBH RT6 (len=4, type=4, segleft=1, last-entry=1"))
    }

    @Test("the example of fragmentation gives the packet back")
    func fragmentation() throws {
        func cutAndMend(_ packet: IPv4Packet) throws -> [UInt8]? {
            var reassembly = Reassembly()
            for fragment in try packet.fragments(maximumTransmissionUnit: 576).reversed() {
                let bytes = serialized { fragment.serialize(into: &$0) }
                if case .whole(let packet) = reassembly.receive(bytes.span.bytes, at: .seconds(1)) { return packet }
            }
            return nil
        }

        let udp = UDPHeader(sourcePort: 40_000, destinationPort: 7)
        let packet = IPv4Packet(
            IPv4Header(source: source, destination: target),
            payload: .udp(udp, payload: [UInt8](repeating: 7, count: 1_500)))
        #expect(try cutAndMend(packet) == serialized { packet.serialize(into: &$0) })
    }

    @Test("the example of ARP asks, and knows an answer")
    func arp() throws {
        func question(_ target: IPv4Address, by sender: ARPPacket.Host, vlan: UInt16) -> LinkPacket {
            let packet = ARPPacket(
                .request, sender: sender, target: .init(MACAddress(rawValue: 0), target))
            return .ethernet(
                EthernetFrame(
                    destination: .broadcast, source: sender.macAddress ?? MACAddress(rawValue: 0),
                    tags: [VLANTag(identifier: vlan)], payload: .arp(packet)))
        }

        func owner(of address: IPv4Address, in frame: RawSpan) throws(ParseError) -> MACAddress? {
            guard case .arp(let packet) = try EthernetFrame(parsing: frame).payload, packet.operation == .reply,
                packet.sender.ipv4Address == address
            else { return nil }
            return packet.sender.macAddress
        }

        let here = ARPPacket.Host(MACAddress(rawValue: 0x0200_0000_0001), source)
        let there = ARPPacket.Host(MACAddress(rawValue: 0x0200_0000_0002), target)
        #expect(
            question(target, by: here, vlan: 100).description
                == "ARP, Request who-has 198.18.0.2 tell 198.18.0.1, length 28")
        let answer = EthernetFrame(
            destination: .broadcast, source: .broadcast, payload: .arp(ARPPacket(.reply, sender: there, target: here)))
        let bytes = serialized { answer.serialize(into: &$0) }
        let found = try owner(of: target, in: bytes.span.bytes)
        #expect(found == there.macAddress)
    }

    @Test("the example of tunnels takes out what it put in")
    func tunnels() throws {
        func tunnel(_ inner: IPv6Packet, key: UInt32, from source: IPv4Address, to end: IPv4Address) -> IPv4Packet {
            IPv4Packet(
                IPv4Header(source: source, destination: end),
                payload: .gre(GREPacket(GREHeader(hasChecksum: true, key: key), payload: .ipv6(inner))))
        }

        func outOfTunnel(_ packet: RawSpan) throws(ParseError) -> IPv6Packet? {
            guard case .gre(let tunnel) = try IPv4Packet(parsing: packet).payload,
                case .ipv6(let inner) = tunnel.payload
            else { return nil }
            return inner
        }

        let inner = IPv6Packet(
            IPv6Header(source: source6, destination: target6), payload: .other(IPProtocol(rawValue: 253), [1]))
        let bytes = serialized { tunnel(inner, key: 1, from: source, to: target).serialize(into: &$0) }
        let taken = try outOfTunnel(bytes.span.bytes)
        #expect(taken == inner)
    }
}
