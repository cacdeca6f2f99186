/// What an INIT and an INIT ACK say (RFC 9260 sections 3.3.2 and 3.3.3).
public struct SCTPInitiation: Hashable, Sendable {
    static let minimumLength = 16

    /// What the other shall put into the verification tag of its packets.
    public var initiateTag: UInt32
    /// Bytes that the sender can take.
    public var advertisedReceiverWindowCredit: UInt32
    /// Streams that the sender wants to send.
    public var outboundStreams: UInt16
    /// Streams that the sender can take.
    public var inboundStreams: UInt16
    /// The first transmission sequence number that the sender will use.
    public var initialTSN: UInt32
    /// Addresses, the cookie, what the sender understands.
    public var parameters: [SCTPParameter]

    /// An offer, by default of what Linux offers.
    public init(
        initiateTag: UInt32, advertisedReceiverWindowCredit: UInt32 = 106_496, outboundStreams: UInt16 = 10,
        inboundStreams: UInt16 = 65_535, initialTSN: UInt32, parameters: [SCTPParameter] = []
    ) {
        self.initiateTag = initiateTag
        self.advertisedReceiverWindowCredit = advertisedReceiverWindowCredit
        self.outboundStreams = outboundStreams
        self.inboundStreams = inboundStreams
        self.initialTSN = initialTSN
        self.parameters = parameters
    }

    var length: Int { Self.minimumLength + SCTPParameter.length(of: parameters) }

    /// - Parameters:
    ///   - bytes: what follows the chunk's length, at least 16 bytes.
    init(parsing bytes: RawSpan) {
        initiateTag = bytes.uint32(at: 0)
        advertisedReceiverWindowCredit = bytes.uint32(at: 4)
        outboundStreams = bytes.uint16(at: 8)
        inboundStreams = bytes.uint16(at: 10)
        initialTSN = bytes.uint32(at: 12)
        parameters = SCTPParameter.parseList(bytes.extracting(droppingFirst: Self.minimumLength))
    }

    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: initiateTag)
        output.append(bigEndian: advertisedReceiverWindowCredit)
        output.append(bigEndian: row(outboundStreams, inboundStreams))
        output.append(bigEndian: initialTSN)
        SCTPParameter.serializeList(parameters, into: &output)
    }
}
