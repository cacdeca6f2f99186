import Addresses
import Packets
import Testing

/// The examples of the pages on ICMP and its extensions, as they stand there.
@Suite struct ICMPExamples {
    private let host = IPv4Address(rawValue: 0xC612_0001)
    private let router = IPv4Address(rawValue: 0xC612_00FE)
    private let target = IPv4Address(rawValue: 0xC612_0202)

    private var probe: IPv4Packet {
        IPv4Packet(
            IPv4Header(source: host, destination: target, timeToLive: 1),
            payload: .udp(UDPHeader(sourcePort: 40_000, destinationPort: 33_434)))
    }

    @Test("an error says what to do with packets like the quoted one")
    func errors() {
        func advice(_ error: IPv4Packet) -> String? {
            guard case .icmp(let message, let payload, _) = error.payload,
                let quote = try? QuotedPacket(parsing: payload.span.bytes)
            else { return nil }
            switch message.body {
            case .destinationUnreachable(.fragmentationNeeded, let mtu, _):
                return "send at most \(mtu) bytes to \(quote.destination)"
            case .destinationUnreachable(let code, _, _):
                return "give up \(quote.destination): \(code)"
            case .redirect(_, let gateway):
                return "send by \(gateway) what is for \(quote.destination)"
            case .timeExceeded(.inTransit, _):
                return "\(error.header.source) is on the way to \(quote.destination)"
            default:
                return nil
            }
        }

        func error(_ body: ICMPv4Message.Body) -> IPv4Packet {
            IPv4Packet(
                IPv4Header(source: router, destination: host),
                payload: .icmp(ICMPv4Message(body), payload: serialized { probe.serialize(into: &$0) }))
        }
        #expect(
            advice(error(.destinationUnreachable(.fragmentationNeeded, nextHopMTU: 1280)))
                == "send at most 1280 bytes to 198.18.2.2")
        #expect(advice(error(.destinationUnreachable(.port))) == "give up 198.18.2.2: port unreachable")
        #expect(advice(error(.redirect(.host, gateway: host))) == "send by 198.18.0.1 what is for 198.18.2.2")
        #expect(advice(error(.timeExceeded(.inTransit))) == "198.18.0.254 is on the way to 198.18.2.2")
        #expect(advice(probe) == nil)
    }

    @Test("a router tells the labels, and the last of them is found")
    func labels() throws {
        func timeExceeded(quoting probe: IPv4Packet, from router: IPv4Address, labels: [UInt32]) -> IPv4Packet {
            let stack = labels.enumerated().map { index, label in
                MPLSLabel(label: label, isBottomOfStack: index == labels.count - 1, timeToLive: 1)
            }
            return IPv4Packet(
                IPv4Header(source: router, destination: probe.header.source),
                payload: .icmp(
                    ICMPv4Message(.timeExceeded(.inTransit)), payload: serialized { probe.serialize(into: &$0) },
                    extensions: [.mplsLabelStack(stack)]))
        }

        func bottomLabel(in icmp: RawSpan) throws(ParseError) -> UInt32? {
            let message = try ICMPv4Message(parsing: icmp)
            let payload = icmp.extracting(droppingFirst: message.length)
            let length = message.originalDatagramLength
            guard let offset = ICMPExtensions.offset(in: payload, originalDatagramLength: length) else { return nil }
            let structure = payload.extracting(droppingFirst: offset)
            var walk = try ICMPExtensionWalk(parsing: structure)
            while let object = try walk.next(in: structure) {
                guard object.classNumber == 1, object.type == 1 else { continue }
                var stack = structure.extracting(object.data)
                while !stack.isEmpty {
                    let entry = try MPLSLabel(parsing: stack)
                    if entry.isBottomOfStack { return entry.label }
                    stack = stack.extracting(droppingFirst: MPLSLabel.length)
                }
            }
            return nil
        }

        let answer = timeExceeded(quoting: probe, from: router, labels: [16_004, 24_001])
        let bytes = serialized { answer.serialize(into: &$0) }
        #expect(answer.description == "IP 198.18.0.254 > 198.18.0.1: ICMP time exceeded in-transit, length 152")
        #expect(try bottomLabel(in: bytes.span.bytes.extracting(droppingFirst: 20)) == 24_001)
        #expect(try IPv4Packet(parsing: bytes.span.bytes) == answer)
    }
}
