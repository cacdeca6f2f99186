import Addresses

extension ParseError.Layer {
    /// IPv4 options on their own, without a header.
    public static var ipv4Options: Self { Self(rawValue: "IPv4 options") }
}

/// An option of the IPv4 header (RFC 791 section 3.1).
///
/// The end of the list is not an option here: it is padding, and follows from the header's length.
public enum IPv4Option: Hashable, Sendable {
    /// One byte that fills a gap, for alignment.
    case noOperation
    /// Every router writes down its address.
    case recordRoute(RouteRecord)
    /// The packet must visit these addresses, and may visit others between them.
    case looseSourceRoute(RouteRecord)
    /// The packet must visit these addresses and no others.
    case strictSourceRoute(RouteRecord)
    /// Every router writes down the time.
    case timestamp(IPv4TimestampOption)
    /// Routers should look at the packet although it is not for them (RFC 2113); the value is 0 until there is need
    /// for another.
    case routerAlert(UInt16)
    /// How secret the packet is (RFC 791; the successor in RFC 1108 has other contents, and is unknown here).
    case security(IPv4SecurityOption)
    /// Names the stream that the packet belongs to, on the SATNET.
    case streamIdentifier(UInt16)
    /// Any other option: its type with the copied flag and the class, and what follows its length byte.
    case unknown(type: UInt8, data: [UInt8])
    /// The rest of a list from the first option that breaks its format, and what is wrong with it. Only packets that
    /// are read as a whole have one.
    case malformed([UInt8], ParseError)

    /// The option's type byte: copied flag, class and number.
    public var type: UInt8 {
        switch self {
        case .noOperation: Self.noOperationType
        case .recordRoute: Self.recordRouteType
        case .looseSourceRoute: Self.looseSourceRouteType
        case .strictSourceRoute: Self.strictSourceRouteType
        case .timestamp: Self.timestampType
        case .routerAlert: Self.routerAlertType
        case .security: Self.securityType
        case .streamIdentifier: Self.streamIdentifierType
        case .unknown(let type, _): type
        case .malformed(let bytes, _): bytes.first ?? Self.endOfListType
        }
    }

    /// Whether each fragment of a packet that is cut has the option, not just the first.
    public var isCopied: Bool { type & 0x80 != 0 }

    /// Bytes that the option takes.
    public var length: Int {
        switch self {
        case .noOperation: 1
        case .recordRoute(let route), .looseSourceRoute(let route), .strictSourceRoute(let route): route.optionLength
        case .timestamp(let timestamp): timestamp.optionLength
        case .routerAlert, .streamIdentifier: 4
        case .security: IPv4SecurityOption.optionLength
        case .unknown(_, let data): 2 + data.count
        case .malformed(let bytes, _): bytes.count
        }
    }

    static let endOfListType: UInt8 = 0
    static let noOperationType: UInt8 = 1
    static let recordRouteType: UInt8 = 7
    static let timestampType: UInt8 = 68
    static let securityType: UInt8 = 130
    static let looseSourceRouteType: UInt8 = 131
    static let streamIdentifierType: UInt8 = 136
    static let strictSourceRouteType: UInt8 = 137
    static let routerAlertType: UInt8 = 148
}

/// Lists of options, as a header holds them and as a kernel hands them over beside a packet.
extension IPv4Option {
    /// Bytes that options take in a header: a multiple of four.
    public static func paddedLength(of options: [IPv4Option]) -> Int {
        var length = 0
        for option in options { length += option.length }
        return (length + 3) / 4 * 4
    }

    /// Reads options up to the end of the list or of the bytes, whichever comes first.
    ///
    /// - Throws: a `badOption` with the offset of the first option that breaks its format.
    public static func parseList(_ bytes: RawSpan) throws(ParseError) -> [IPv4Option] {
        try parseList(bytes, of: .ipv4Options, at: 0)
    }

    /// Appends options, and zeros until they fill 32-bit words.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public static func serializeList(_ options: [IPv4Option], into output: inout OutputRawSpan) {
        let start = output.byteCount
        for option in options { option.serialize(into: &output) }
        let length = output.byteCount - start
        output.append(repeating: 0, count: (length + 3) / 4 * 4 - length, as: UInt8.self)
    }

    /// - Parameters:
    ///   - origin: the offset of `bytes` in what the caller was given, for errors.
    ///   - keepingMalformed: whether what breaks its format is an option, too, and no error.
    static func parseList(
        _ bytes: RawSpan, of layer: ParseError.Layer, at origin: Int, keepingMalformed: Bool = false
    ) throws(ParseError) -> [IPv4Option] {
        var options: [IPv4Option] = []
        var offset = 0
        while offset < bytes.byteCount {
            let type = bytes.uint8(at: offset)
            if type == endOfListType { break }
            if type == noOperationType {
                options.append(.noOperation)
                offset += 1
                continue
            }
            guard let length = lengthOfOption(at: offset, in: bytes),
                let option = IPv4Option(parsing: bytes.extracting(offset..<offset + length))
            else {
                let error = ParseError(layer, .badOption(type: type), at: origin + offset)
                guard keepingMalformed else { throw error }
                options.append(.malformed(bytes.extracting(droppingFirst: offset).array, error))
                break
            }
            options.append(option)
            offset += length
        }
        return options
    }

    private static func lengthOfOption(at offset: Int, in bytes: RawSpan) -> Int? {
        guard offset + 1 < bytes.byteCount else { return nil }
        let length = Int(bytes.uint8(at: offset + 1))
        return length >= 2 && offset + length <= bytes.byteCount ? length : nil
    }

    /// Reads one option that has a length byte and fills `bytes`, or `nil` if it is malformed.
    private init?(parsing bytes: RawSpan) {
        let type = bytes.uint8(at: 0)
        switch type {
        case Self.recordRouteType, Self.looseSourceRouteType, Self.strictSourceRouteType:
            guard let route = RouteRecord(parsing: bytes) else { return nil }
            self = Self.route(route, type: type)
        case Self.timestampType:
            guard let timestamp = IPv4TimestampOption(parsing: bytes) else { return nil }
            self = .timestamp(timestamp)
        case Self.routerAlertType:
            guard bytes.byteCount == 4 else { return nil }
            self = .routerAlert(bytes.uint16(at: 2))
        case Self.securityType where bytes.byteCount == IPv4SecurityOption.optionLength:
            self = .security(IPv4SecurityOption(parsing: bytes))
        case Self.streamIdentifierType:
            guard bytes.byteCount == 4 else { return nil }
            self = .streamIdentifier(bytes.uint16(at: 2))
        default:
            self = .unknown(type: type, data: (2..<bytes.byteCount).map { bytes.uint8(at: $0) })
        }
    }

    private static func route(_ route: RouteRecord, type: UInt8) -> IPv4Option {
        switch type {
        case looseSourceRouteType: .looseSourceRoute(route)
        case strictSourceRouteType: .strictSourceRoute(route)
        default: .recordRoute(route)
        }
    }

    /// Appends one option. A length that a byte can't hold is written as 255.
    private func serialize(into output: inout OutputRawSpan) {
        if case .malformed(let bytes, _) = self {
            output.append(contentsOf: bytes.span.bytes)
            return
        }
        output.append(type)
        if case .noOperation = self { return }
        output.append(UInt8(clamping: length))
        switch self {
        case .noOperation, .malformed: break
        case .recordRoute(let route), .looseSourceRoute(let route), .strictSourceRoute(let route):
            route.serialize(into: &output)
        case .timestamp(let timestamp): timestamp.serialize(into: &output)
        case .routerAlert(let value), .streamIdentifier(let value): output.append(bigEndian: value)
        case .security(let security): security.serialize(into: &output)
        case .unknown(_, let data): output.append(contentsOf: data.span.bytes)
        }
    }
}
