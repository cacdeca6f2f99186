/// What a router says of a packet that had the traceroute option (RFC 1393 section 2.2).
public struct ICMPTraceroute: Hashable, Sendable {
    /// What became of the packet.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code as on the wire.
        public let rawValue: UInt8

        /// Takes any code, assigned or not.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// It was forwarded.
        public static let forwarded = Self(rawValue: 0)
        /// There was no route for it.
        public static let discarded = Self(rawValue: 1)

        /// The code in words.
        public var description: String {
            switch self {
            case .forwarded: "packet forwarded"
            case .discarded: "no route, packet discarded"
            default: "code \(rawValue)"
            }
        }
    }

    /// What became of the packet.
    public var code: Code
    /// The number from the packet's traceroute option.
    public var identifier: UInt16
    /// Routers that the packet has passed on its way out.
    public var outboundHopCount: UInt16
    /// Routers that it has passed on its way back; 0xFFFF on the way out.
    public var returnHopCount: UInt16
    /// The speed of the link that the packet goes out on, in bytes a second.
    public var outputLinkSpeed: UInt32
    /// The longest packet that the link takes, in bytes.
    public var outputLinkMTU: UInt32

    /// A report with all its fields.
    public init(
        code: Code = .forwarded, identifier: UInt16, outboundHopCount: UInt16, returnHopCount: UInt16 = 0xFFFF,
        outputLinkSpeed: UInt32 = 0, outputLinkMTU: UInt32 = 0
    ) {
        self.code = code
        self.identifier = identifier
        self.outboundHopCount = outboundHopCount
        self.returnHopCount = returnHopCount
        self.outputLinkSpeed = outputLinkSpeed
        self.outputLinkMTU = outputLinkMTU
    }

    /// Bytes of the message.
    static let messageLength = 20

    /// `bytes` are a whole message: the caller has counted them.
    init(parsing bytes: RawSpan) {
        code = Code(rawValue: bytes.uint8(at: 1))
        identifier = bytes.uint16(at: 4)
        outboundHopCount = bytes.uint16(at: 8)
        returnHopCount = bytes.uint16(at: 10)
        outputLinkSpeed = bytes.uint32(at: 12)
        outputLinkMTU = bytes.uint32(at: 16)
    }

    /// Appends what follows the identifier.
    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: row(outboundHopCount, returnHopCount))
        output.append(bigEndian: outputLinkSpeed)
        output.append(bigEndian: outputLinkMTU)
    }
}
