import Addresses
import TestSupport

@testable import Packets

/// The bytes that hexadecimal digits name; white space between them doesn't count. An odd or foreign digit is a bug of
/// the test's author.
func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.filter { !$0.isWhitespace }.map { digit in
        guard let value = digit.hexDigitValue else { preconditionFailure("\(digit) is no hexadecimal digit") }
        return UInt8(value)
    }
    precondition(digits.count.isMultiple(of: 2), "half a byte")
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func v4(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> IPv4Address {
    IPv4Address(rawValue: a << 24 | b << 16 | c << 8 | d)
}

/// 2001:db8:`subnet`::`host`
func v6(_ subnet: UInt128, _ host: UInt128) -> IPv6Address {
    IPv6Address(rawValue: 0x2001_0db8 << 96 | subnet << 80 | host)
}

extension [UInt8] {
    /// What is left after the first `length` bytes.
    func after(_ length: Int) -> [UInt8] { Array(dropFirst(length)) }
}

extension IPv4Header {
    func packet(payload: [UInt8] = []) -> [UInt8] {
        serialized { output in
            serialize(into: &output, payloadLength: payload.count)
            output.append(contentsOf: payload.span.bytes)
        }
    }
}

extension IPv6Header {
    func packet(payload: [UInt8] = []) -> [UInt8] {
        serialized { output in
            serialize(into: &output, payloadLength: payload.count)
            output.append(contentsOf: payload.span.bytes)
        }
    }
}

extension ICMPv4Message {
    func bytes(payload: [UInt8] = []) -> [UInt8] {
        serialized { serialize(into: &$0, payload: payload.span.bytes) }
    }
}

extension ICMPv6Message {
    func bytes(payload: [UInt8] = [], in pseudoHeader: PseudoHeader?) -> [UInt8] {
        serialized { serialize(into: &$0, payload: payload.span.bytes, in: pseudoHeader) }
    }
}

extension IGMPMessage {
    func bytes(payload: [UInt8] = []) -> [UInt8] {
        serialized { serialize(into: &$0, payload: payload.span.bytes) }
    }

    func line() -> String {
        let nothing: [UInt8] = []
        return summary(payload: nothing.span.bytes)
    }
}

extension Mtrace2Message {
    func bytes() -> [UInt8] {
        serialized { serialize(into: &$0) }
    }
}

/// The error that `parse` throws, or `nil`.
func parseError(_ parse: () throws(ParseError) -> Void) -> ParseError? {
    do {
        try parse()
        return nil
    } catch {
        return error
    }
}
