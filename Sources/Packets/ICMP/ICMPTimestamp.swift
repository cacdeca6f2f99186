/// What an ICMP timestamp request and its reply have in common (RFC 792).
public struct ICMPTimestamp: Hashable, Sendable {
    /// Whose request it is, and which.
    public var echo: ICMPEcho
    /// When the sender last touched the request.
    public var originate: InternetTimestamp
    /// When the echoer first touched it.
    public var receive: InternetTimestamp
    /// When the echoer last touched the reply.
    public var transmit: InternetTimestamp

    /// A timestamp message's fields; those that the other side fills in are zero unless given.
    public init(
        echo: ICMPEcho, originate: InternetTimestamp, receive: InternetTimestamp = InternetTimestamp(rawValue: 0),
        transmit: InternetTimestamp = InternetTimestamp(rawValue: 0)
    ) {
        self.echo = echo
        self.originate = originate
        self.receive = receive
        self.transmit = transmit
    }

    /// Bytes of header and timestamps.
    static let messageLength = 20

    /// `bytes` are a whole message: the caller has counted them.
    init(parsing bytes: RawSpan) {
        echo = ICMPEcho(restOfHeader: bytes.uint32(at: 4))
        originate = InternetTimestamp(rawValue: bytes.uint32(at: 8))
        receive = InternetTimestamp(rawValue: bytes.uint32(at: 12))
        transmit = InternetTimestamp(rawValue: bytes.uint32(at: 16))
    }

    /// Appends what follows the echo fields.
    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: originate.rawValue)
        output.append(bigEndian: receive.rawValue)
        output.append(bigEndian: transmit.rawValue)
    }
}
