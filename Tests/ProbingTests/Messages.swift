import Addresses
import Packets
import Probing

/// ICMP messages of either family as a session sends and sees them: from the type on.
enum Message {
    static func echoReply(
        _ family: IPFamily, _ sequenceNumber: UInt16, identifier: UInt16 = ourIdentifier,
        payload: [UInt8] = PingPayload(count: 56).bytes
    ) -> [UInt8] {
        let echo = ICMPEcho(identifier: identifier, sequenceNumber: sequenceNumber)
        return serialized { output in
            switch family {
            case .v4: ICMPv4Message(.echoReply(echo)).serialize(into: &output, payload: payload.span.bytes)
            case .v6: ICMPv6Message(.echoReply(echo)).serialize(into: &output, payload: payload.span.bytes)
            }
        }
    }

    static func echoRequest(
        _ family: IPFamily, _ sequenceNumber: UInt16, identifier: UInt16 = ourIdentifier,
        payload: [UInt8] = PingPayload(count: 56).bytes
    ) -> [UInt8] {
        let echo = ICMPEcho(identifier: identifier, sequenceNumber: sequenceNumber)
        return serialized { output in
            switch family {
            case .v4: ICMPv4Message(.echoRequest(echo)).serialize(into: &output, payload: payload.span.bytes)
            case .v6: ICMPv6Message(.echoRequest(echo)).serialize(into: &output, payload: payload.span.bytes)
            }
        }
    }

    /// The reply to a request: its identifier, number and payload sent back.
    static func reply(to request: [UInt8], _ family: IPFamily) -> [UInt8] {
        echoReply(
            family, UInt16(request[6]) << 8 | UInt16(request[7]),
            identifier: UInt16(request[4]) << 8 | UInt16(request[5]), payload: Array(request.dropFirst(8)))
    }

    /// An IPv4 packet with this ICMP message, as an error quotes it.
    static func packet(_ message: [UInt8], from source: IPv4Address, to destination: IPv4Address) -> [UInt8] {
        let header = IPv4Header(source: source, destination: destination, protocolNumber: .icmp)
        return serialized { output in
            header.serialize(into: &output, payloadLength: message.count)
            for byte in message { output.append(byte) }
        }
    }
}

/// "host unreachable" of either family (RFC 792, RFC 4443).
func unreachable(_ family: IPFamily) -> ICMPError {
    family == .v4 ? ICMPError(family: .v4, type: 3, code: 1) : ICMPError(family: .v6, type: 1, code: 3)
}

/// Sessions over arrays: `#expect` moves its operands into closures, out of which no span can come.
extension PingSession {
    /// The next request, as bytes.
    func request(timeOfDay: Int64 = 0) -> [UInt8] {
        serialized(capacity: requestLength) { writeRequest(into: &$0, timeOfDay: timeOfDay) }
    }

    mutating func received(_ message: [UInt8], from source: IPAddress, at now: MonotonicTime) -> PingEvent {
        received(message.span.bytes, from: source, hopLimit: 64, at: Arrival(now: now))
    }

    mutating func received(_ message: [UInt8], _ arrival: Arrival) -> PingEvent {
        received(message.span.bytes, from: configuration.destination, hopLimit: 64, at: arrival)
    }

    mutating func receivedError(
        _ error: ICMPError, from source: IPAddress, about destination: IPAddress, quoting quote: [UInt8]
    ) -> PingEvent {
        receivedError(error, from: source, about: destination, quoting: quote.span.bytes)
    }
}

/// What an event holds, if it is that event.
extension PingEvent {
    var reply: PingReply? { if case .reply(let reply) = self { reply } else { nil } }
    var rejection: PingRejection? { if case .rejected(_, let rejection) = self { rejection } else { nil } }
    var pathError: PathError? { if case .pathError(let error) = self { error } else { nil } }
    var notice: PathError? { if case .notice(let error) = self { error } else { nil } }
    var timedOut: UInt64? { if case .timedOut(let sequence) = self { sequence } else { nil } }
    var noAnswerYet: UInt64? { if case .noAnswerYet(let sequence) = self { sequence } else { nil } }
    var sendFailed: UInt64? { if case .sendFailed(let sequence, _) = self { sequence } else { nil } }
    var isIgnored: Bool { if case .ignored = self { true } else { false } }
}

/// What a step asks for, if it is that step.
extension PingSession.Step {
    var isSend: Bool { if case .send = self { true } else { false } }
    var isFinished: Bool { if case .finished = self { true } else { false } }
    var event: PingEvent? { if case .report(let event) = self { event } else { nil } }
    /// Until when to wait, as a time since the origin; `nil` if it is no wait or one without end.
    var wait: Duration? { if case .wait(let until?) = self { until - origin } else { nil } }
    var isEndlessWait: Bool { if case .wait(nil) = self { true } else { false } }
}
