/// Whether an interface is up, of this node or of one that it knows: what a PROBE asks, in ICMP and in ICMPv6 (RFC 8335
/// section 2). Which interface, the extension structure behind it says.
public struct ICMPExtendedEchoRequest: Hashable, Sendable {
    /// Whose request it is.
    public var identifier: UInt16
    /// Which of the requests with this identifier it is.
    public var sequenceNumber: UInt8
    /// L: the interface is one of the node that is asked, not of its neighbour.
    public var isLocal: Bool

    /// A request, by default for an interface of the node itself.
    public init(identifier: UInt16, sequenceNumber: UInt8, isLocal: Bool = true) {
        self.identifier = identifier
        self.sequenceNumber = sequenceNumber
        self.isLocal = isLocal
    }
}

/// What a node says of an interface that it was asked for, in ICMP and in ICMPv6 (RFC 8335 section 3).
public struct ICMPExtendedEchoReply: Hashable, Sendable {
    /// Why a request could not be answered.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code as on the wire.
        public let rawValue: UInt8

        /// Takes any code, assigned or not.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// It could.
        public static let noError = Self(rawValue: 0)
        /// The request can't be understood.
        public static let malformedQuery = Self(rawValue: 1)
        /// There is no such interface.
        public static let noSuchInterface = Self(rawValue: 2)
        /// Nothing is known of such a neighbour.
        public static let noSuchTableEntry = Self(rawValue: 3)
        /// More than one interface is meant.
        public static let multipleInterfaces = Self(rawValue: 4)

        /// The code in words.
        public var description: String {
            switch self {
            case .noError: "no error"
            case .malformedQuery: "malformed query"
            case .noSuchInterface: "no such interface"
            case .noSuchTableEntry: "no such table entry"
            case .multipleInterfaces: "multiple interfaces satisfy query"
            default: "code \(rawValue)"
            }
        }
    }

    /// How reachable a neighbour's interface is (RFC 4861 section 7.3.2).
    public struct State: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The state's three bits as a number; higher ones are dropped on the wire.
        public let rawValue: UInt8

        /// Takes any state, assigned or not.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The interface is the node's own.
        public static let none = Self(rawValue: 0)
        /// It is being looked for.
        public static let incomplete = Self(rawValue: 1)
        /// It has answered not long ago.
        public static let reachable = Self(rawValue: 2)
        /// It has answered long ago.
        public static let stale = Self(rawValue: 3)
        /// It will soon be asked again.
        public static let delay = Self(rawValue: 4)
        /// It is being asked again.
        public static let probe = Self(rawValue: 5)
        /// It does not answer.
        public static let failed = Self(rawValue: 6)

        /// The state as a word.
        public var description: String {
            switch self {
            case .none: "none"
            case .incomplete: "incomplete"
            case .reachable: "reachable"
            case .stale: "stale"
            case .delay: "delay"
            case .probe: "probe"
            case .failed: "failed"
            default: "state \(rawValue)"
            }
        }
    }

    /// Why the request could not be answered.
    public var code: Code
    /// Whose request it was.
    public var identifier: UInt16
    /// Which of the requests with this identifier it was.
    public var sequenceNumber: UInt8
    /// How reachable a neighbour's interface is.
    public var state: State
    /// A: the node's own interface is active.
    public var isActive: Bool
    /// 4: IPv4 runs on the node's own interface.
    public var runsIPv4: Bool
    /// 6: IPv6 runs on the node's own interface.
    public var runsIPv6: Bool

    /// A reply, by default of no interface.
    public init(
        code: Code = .noError, identifier: UInt16, sequenceNumber: UInt8, state: State = .none, isActive: Bool = false,
        runsIPv4: Bool = false, runsIPv6: Bool = false
    ) {
        self.code = code
        self.identifier = identifier
        self.sequenceNumber = sequenceNumber
        self.state = state
        self.isActive = isActive
        self.runsIPv4 = runsIPv4
        self.runsIPv6 = runsIPv6
    }
}

extension ICMPExtendedEchoRequest {
    init(restOfHeader: UInt32) {
        identifier = UInt16(restOfHeader >> 16)
        sequenceNumber = UInt8(truncatingIfNeeded: restOfHeader >> 8)
        isLocal = restOfHeader & 1 != 0
    }

    var restOfHeader: UInt32 { UInt32(identifier) << 16 | UInt32(sequenceNumber) << 8 | (isLocal ? 1 : 0) }

    func fields(of message: RawSpan) -> [Field] {
        [
            .number("Identifier", identifier, 4..<6),
            .number("Sequence number", sequenceNumber, 6..<7),
            .number("Reserved", message.uint8(at: 7) >> 1, 7..<8),
            .flag("L", isLocal, 7..<8),
        ]
    }
}

extension ICMPExtendedEchoReply {
    init(code: UInt8, restOfHeader: UInt32) {
        let bits = UInt8(truncatingIfNeeded: restOfHeader)
        self.init(
            code: Code(rawValue: code), identifier: UInt16(restOfHeader >> 16),
            sequenceNumber: UInt8(truncatingIfNeeded: restOfHeader >> 8), state: State(rawValue: bits >> 5),
            isActive: bits & 4 != 0, runsIPv4: bits & 2 != 0, runsIPv6: bits & 1 != 0)
    }

    var restOfHeader: UInt32 {
        let flags = (isActive ? 4 : 0) | (runsIPv4 ? 2 : 0) | (runsIPv6 ? 1 : 0) as UInt8
        return UInt32(identifier) << 16 | UInt32(sequenceNumber) << 8 | UInt32(state.rawValue << 5 | flags)
    }

    func fields(of message: RawSpan) -> [Field] {
        [
            .number("Identifier", identifier, 4..<6),
            .number("Sequence number", sequenceNumber, 6..<7),
            .number("State", state.rawValue, 7..<8, meaning: state.description),
            .number("Reserved", message.uint8(at: 7) >> 3 & 3, 7..<8),
            .flag("A", isActive, 7..<8),
            .flag("4", runsIPv4, 7..<8),
            .flag("6", runsIPv6, 7..<8),
        ]
    }
}
