import Addresses

/// A parameter of an INIT, an INIT ACK or a heartbeat (RFC 9260 section 3.2.1).
public enum SCTPParameter: Hashable, Sendable {
    /// Type 1: what comes back in the acknowledgment of a heartbeat; only its sender understands it.
    case heartbeatInformation([UInt8])
    /// Type 5: an address of the sender.
    case ipv4Address(IPv4Address)
    /// Type 6: an address of the sender.
    case ipv6Address(IPv6Address)
    /// Type 7: all that the other needs to know of the association, to be sent back.
    case stateCookie([UInt8])
    /// Type 9: how much longer the cookie should live, in milliseconds.
    case cookiePreservative(UInt32)
    /// Type 12: parameter types of the addresses that the sender can use, 5 for IPv4 and 6 for IPv6.
    case supportedAddressTypes([UInt16])
    /// Type 0x8000: the sender understands explicit congestion notification.
    case ecnCapable
    /// Type 0xC000: the sender understands FORWARD-TSN (RFC 3758).
    case forwardTSNSupported
    /// Any other parameter, also those above with a length that they can't have: what follows its length.
    case unknown(type: UInt16, value: [UInt8])
    /// The rest of the chunk, where the next parameter is cut short or has a length that is impossible.
    case malformed([UInt8])

    /// The parameter's type number; `nil` for what is no parameter.
    public var type: UInt16? {
        switch self {
        case .heartbeatInformation: 1
        case .ipv4Address: 5
        case .ipv6Address: 6
        case .stateCookie: 7
        case .cookiePreservative: 9
        case .supportedAddressTypes: 12
        case .ecnCapable: 0x8000
        case .forwardTSNSupported: 0xC000
        case .unknown(let type, _): type
        case .malformed: nil
        }
    }

    /// Bytes of the parameter without its padding, as its length field says.
    public var length: Int {
        switch self {
        case .ipv4Address, .cookiePreservative: 8
        case .ipv6Address: 20
        case .supportedAddressTypes(let types): 4 + types.count * 2
        case .ecnCapable, .forwardTSNSupported: 4
        case .heartbeatInformation(let bytes), .stateCookie(let bytes), .unknown(_, let bytes): 4 + bytes.count
        case .malformed(let bytes): bytes.count
        }
    }
}

extension SCTPParameter {
    /// Bytes of parameters in a chunk: the last one's padding is the chunk's.
    static func length(of parameters: [SCTPParameter]) -> Int {
        guard let last = parameters.last else { return 0 }
        return parameters.dropLast().reduce(last.length) { $0 + $1.length.paddedToWord }
    }

    /// Reads parameters up to the end of the bytes.
    static func parseList(_ bytes: RawSpan) -> [SCTPParameter] {
        var parameters: [SCTPParameter] = []
        var offset = 0
        while offset < bytes.byteCount {
            guard let length = bytes.sctpElementLength(at: offset) else {
                return parameters + [.malformed(bytes.extracting(droppingFirst: offset).array)]
            }
            parameters.append(SCTPParameter(parsing: bytes.extracting(offset..<offset + length)))
            offset += length.paddedToWord
        }
        return parameters
    }

    /// Reads one parameter that fills `bytes`.
    private init(parsing bytes: RawSpan) {
        let type = bytes.uint16(at: 0)
        let value = bytes.extracting(droppingFirst: 4)
        self =
            switch (type, value.byteCount) {
            case (1, _): .heartbeatInformation(value.array)
            case (5, 4): .ipv4Address(value.ipv4Address(at: 0))
            case (6, 16): .ipv6Address(value.ipv6Address(at: 0))
            case (7, _): .stateCookie(value.array)
            case (9, 4): .cookiePreservative(value.uint32(at: 0))
            case (12, let count) where count.isMultiple(of: 2): .supportedAddressTypes(value.uint16s)
            case (0x8000, 0): .ecnCapable
            case (0xC000, 0): .forwardTSNSupported
            default: .unknown(type: type, value: value.array)
            }
    }

    /// Appends parameters, all but the last with their padding.
    static func serializeList(_ parameters: [SCTPParameter], into output: inout OutputRawSpan) {
        for (index, parameter) in parameters.enumerated() {
            parameter.serialize(into: &output)
            let padding = index == parameters.count - 1 ? 0 : parameter.length.paddedToWord - parameter.length
            output.append(repeating: 0, count: padding, as: UInt8.self)
        }
    }

    /// Appends one parameter. A length that sixteen bits can't hold is written as 65,535.
    private func serialize(into output: inout OutputRawSpan) {
        if let type { output.append(bigEndian: row(type, UInt16(clamping: length))) }
        switch self {
        case .ipv4Address(let address): output.append(address)
        case .ipv6Address(let address): output.append(address)
        case .cookiePreservative(let milliseconds): output.append(bigEndian: milliseconds)
        case .supportedAddressTypes(let types): for type in types { output.append(bigEndian: type) }
        case .ecnCapable, .forwardTSNSupported: break
        case .heartbeatInformation(let bytes), .stateCookie(let bytes), .unknown(_, let bytes), .malformed(let bytes):
            output.append(contentsOf: bytes.span.bytes)
        }
    }
}

extension RawSpan {
    fileprivate var uint16s: [UInt16] {
        var values: [UInt16] = []
        for offset in stride(from: 0, to: byteCount - 1, by: 2) { values.append(uint16(at: offset)) }
        return values
    }
}
