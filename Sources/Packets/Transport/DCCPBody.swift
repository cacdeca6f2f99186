/// What stands between the generic header and the options, by the packet's type (RFC 4340 sections 5.1 to 5.7).
extension DCCPHeader.Body {
    /// The packet's type number.
    public var type: UInt8 {
        switch self {
        case .request: 0
        case .response: 1
        case .data: 2
        case .acknowledgment: 3
        case .dataAcknowledgment: 4
        case .closeRequest: 5
        case .close: 6
        case .reset: 7
        case .synchronize: 8
        case .synchronizeAcknowledgment: 9
        case .reserved(let type): type
        }
    }

    /// Which packet the sender has seen, as far as this type says so.
    public var acknowledgmentNumber: UInt64? {
        switch self {
        case .request, .data, .reserved: nil
        case .response(let number, _), .acknowledgment(let number), .dataAcknowledgment(let number),
            .closeRequest(let number), .close(let number), .reset(let number, _, _), .synchronize(let number),
            .synchronizeAcknowledgment(let number):
            number
        }
    }

    func length(isExtended: Bool) -> Int { Self.length(ofType: type & 0x0F, isExtended: isExtended) }

    static func length(ofType type: UInt8, isExtended: Bool) -> Int {
        switch type {
        case 0: 4
        case 1, 7: acknowledgmentLength(isExtended: isExtended) + 4
        case 3...9: acknowledgmentLength(isExtended: isExtended)
        default: 0
        }
    }

    static func acknowledgmentLength(isExtended: Bool) -> Int { isExtended ? 8 : 4 }

    /// - Parameters:
    ///   - bytes: as many as the type needs.
    init(type: UInt8, parsing bytes: RawSpan, isExtended: Bool) {
        let rest = Self.acknowledgmentLength(isExtended: isExtended)
        var number: UInt64 { isExtended ? bytes.uint48(at: 2) : bytes.uint24(at: 1) }
        self =
            switch type {
            case 0: .request(serviceCode: bytes.uint32(at: 0))
            case 1: .response(acknowledgmentNumber: number, serviceCode: bytes.uint32(at: rest))
            case 2: .data
            case 3: .acknowledgment(acknowledgmentNumber: number)
            case 4: .dataAcknowledgment(acknowledgmentNumber: number)
            case 5: .closeRequest(acknowledgmentNumber: number)
            case 6: .close(acknowledgmentNumber: number)
            case 7:
                .reset(
                    acknowledgmentNumber: number, DCCPResetCode(rawValue: bytes.uint8(at: rest)),
                    data: bytes.uint32(at: rest) & 0xFF_FFFF)
            case 8: .synchronize(acknowledgmentNumber: number)
            case 9: .synchronizeAcknowledgment(acknowledgmentNumber: number)
            default: .reserved(type: type)
            }
    }

    func serialize(into output: inout OutputRawSpan, isExtended: Bool) {
        if let acknowledgmentNumber {
            output.append(repeating: 0, count: isExtended ? 2 : 1, as: UInt8.self)
            output.append(number: acknowledgmentNumber, isExtended: isExtended)
        }
        switch self {
        case .request(let serviceCode), .response(_, let serviceCode): output.append(bigEndian: serviceCode)
        case .reset(_, let code, let data): output.append(bigEndian: UInt32(code.rawValue) << 24 | data & 0xFF_FFFF)
        default: break
        }
    }
}

/// Why a DCCP connection is gone (RFC 4340 section 5.6).
public struct DCCPResetCode: RawRepresentable, Hashable, Sendable {
    /// The code as on the wire.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// No reason.
    public static let unspecified = Self(rawValue: 0)
    /// As it should, after a Close.
    public static let closed = Self(rawValue: 1)
    /// It was given up.
    public static let aborted = Self(rawValue: 2)
    /// There was none.
    public static let noConnection = Self(rawValue: 3)
    /// A packet of a type that has no place there.
    public static let packetError = Self(rawValue: 4)
    /// An option was wrong.
    public static let optionError = Self(rawValue: 5)
    /// A mandatory option could not be followed.
    public static let mandatoryError = Self(rawValue: 6)
    /// Nobody listens on the port.
    public static let connectionRefused = Self(rawValue: 7)
    /// Nobody listens for the service on the port.
    public static let badServiceCode = Self(rawValue: 8)
    /// The server has no room for another.
    public static let tooBusy = Self(rawValue: 9)
    /// The init cookie that was sent back was not the right one.
    public static let badInitCookie = Self(rawValue: 10)
    /// The sender saw its congestion control cheated.
    public static let aggressionPenalty = Self(rawValue: 11)
}

extension DCCPResetCode: CustomStringConvertible {
    /// The code's name as tcpdump prints it.
    public var description: String {
        let names = [
            "unspecified", "closed", "aborted", "no_connection", "packet_error", "option_error", "mandatory_error",
            "connection_refused", "bad_service_code", "too_busy", "bad_init_cookie", "aggression_penalty",
        ]
        return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "invalid"
    }
}

extension RawSpan {
    /// What three bytes say.
    func uint24(at offset: Int) -> UInt64 { UInt64(uint16(at: offset)) << 8 | UInt64(uint8(at: offset + 2)) }

    /// What six bytes say.
    func uint48(at offset: Int) -> UInt64 { UInt64(uint16(at: offset)) << 32 | UInt64(uint32(at: offset + 2)) }
}

extension OutputRawSpan {
    /// Appends the low 48 bits, or the low 24.
    mutating func append(number: UInt64, isExtended: Bool) {
        for shift in stride(from: isExtended ? 40 : 16, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }
}
