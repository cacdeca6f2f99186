import Addresses
import Packets
import Probing
import Testing

/// The examples of the pages of `Addresses`, `Packets` and `Probing`, as they stand there.
@Suite struct PagesExamples {
    @Test("the example of Addresses prints what its comments say")
    func addresses() throws {
        let output = Output()
        func print(_ value: some CustomStringConvertible) { output.lines.append(value.description) }

        let router = try IPAddress(parsing: "2001:DB8:0:0::1")
        print(router)  // 2001:db8::1

        let network = try IPv4Prefix(parsing: "198.18.5.0/30")
        print(network.netmask)  // 255.255.255.252
        for address in network.range {
            print(address)  // 198.18.5.0, 198.18.5.1, 198.18.5.2, 198.18.5.3
        }

        let everything = try AddressRange<IPv6Address>(parsing: "2001:db8::/32")
        print(everything[1 << 64])  // 2001:db8:0:1::

        do {
            _ = try IPv4Address(parsing: "198.18.0.010")
        } catch {
            print(error)
            // "198.18.0.010", character 10: "010" starts with 0, which some programs read as octal; write it without
        }

        #expect(
            output.lines == [
                "2001:db8::1", "255.255.255.252", "198.18.5.0", "198.18.5.1", "198.18.5.2", "198.18.5.3",
                "2001:db8:0:1::",
                #""198.18.0.010", character 10: "010" starts with 0, which some programs read as octal; write it without"#,
            ])
    }

    @Test("the examples of Packets build a request and read its reply")
    func packets() throws {
        func appendProbe(
            to target: IPv4Address, from source: IPv4Address, timeToLive: UInt8, payload: RawSpan,
            into output: inout OutputRawSpan
        ) {
            let request = ICMPv4Message(.echoRequest(ICMPEcho(identifier: 4711, sequenceNumber: 1)))
            let header = IPv4Header(
                source: source, destination: target, protocolNumber: .icmp, timeToLive: timeToLive,
                options: [.recordRoute(RouteRecord(emptySlots: 9))])
            header.serialize(into: &output, payloadLength: request.length + payload.byteCount)
            request.serialize(into: &output, payload: payload)
        }

        func describe(_ packet: RawSpan) throws(ParseError) -> String {
            let header = try IPv4Header(parsing: packet)
            let datagram = packet.extracting(first: header.length + header.payloadLength(available: packet.byteCount))
            let bytes = datagram.extracting(droppingFirst: header.length)
            let message = try ICMPv4Message(parsing: bytes)
            switch message.body {
            case .echoReply(let echo):
                return "\(header.source) answers request \(echo.sequenceNumber)"
            case .timeExceeded(let code, _):
                let quote = try QuotedPacket(parsing: bytes.extracting(droppingFirst: message.length))
                return "\(header.source) says of the packet to \(quote.destination): \(code)"
            default:
                return "type \(message.type) from \(header.source)"
            }
        }

        let source = IPv4Address(rawValue: 0xC612_0001)
        let payload: [UInt8] = [1, 2, 3]
        let request = serialized {
            appendProbe(to: source, from: .loopback, timeToLive: 3, payload: payload.span.bytes, into: &$0)
        }
        #expect(request.count == 60 + 8 + 3)
        #expect(try describe(request.span.bytes) == "type 8 from 127.0.0.1")
    }

    @Test("the example of Probing loses one of five")
    func probing() throws {
        let output = Output()
        func print(_ value: Any) { output.lines.append("\(value)") }

        func ping(_ target: IPv4Address, count: UInt64, answeredAfter delay: (UInt64) -> Duration?) -> PingStatistics {
            var configuration = PingConfiguration(destination: .v4(target), identifier: 4711)
            configuration.count = count
            var now = MonotonicTime(nanoseconds: 0)
            var session = PingSession(configuration, at: now)
            var answers: [(at: MonotonicTime, sequenceNumber: UInt16)] = []

            while true {
                switch session.next(at: now) {
                case .send:
                    let sequence = session.nextSequence
                    // What goes on the wire: serialized { session.writeRequest(into: &$0, timeOfDay: 0) }
                    if let delay = delay(sequence) {
                        answers.append((now + delay, UInt16(truncatingIfNeeded: sequence)))
                    }
                    session.sent(at: now)
                case .wait(let end):
                    let next = answers.indices.min { answers[$0].at < answers[$1].at }
                    guard let next, end.map({ answers[next].at <= $0 }) ?? true else {
                        guard let end else { return session.statistics }
                        now = end
                        continue
                    }
                    let answer = answers.remove(at: next)
                    now = answer.at
                    let echo = ICMPEcho(identifier: 4711, sequenceNumber: answer.sequenceNumber)
                    let message = serialized {
                        ICMPv4Message(.echoReply(echo)).serialize(into: &$0, payload: configuration.payload.bytes.span.bytes)
                    }
                    _ = session.received(message.span.bytes, from: .v4(target), hopLimit: 64, at: .init(now: now))
                case .report(let event):
                    print(event)  // a request timed out
                case .finished:
                    return session.statistics
                }
            }
        }

        let statistics = ping(IPv4Address(rawValue: 0xC612_0001), count: 5) { $0 == 3 ? nil : .milliseconds(20) }
        print(statistics.loss)  // 0.2

        #expect(output.lines.last == "0.2")
    }
}

/// What an example has printed.
final class Output {
    var lines: [String] = []
}
