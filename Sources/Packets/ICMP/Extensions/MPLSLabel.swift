extension ParseError.Layer {
    /// An entry of a label stack.
    public static var mpls: Self { Self(rawValue: "MPLS") }
}

/// An entry of an MPLS label stack (RFC 3032 section 2.1).
public struct MPLSLabel: Hashable, Sendable {
    /// Bytes of every entry.
    public static let length = 4

    /// The label, 20 bits; higher bits are dropped.
    public var label: UInt32
    /// The traffic class, 0 to 7, once called experimental (RFC 5462); higher bits are dropped.
    public var trafficClass: UInt8
    /// S: no further label follows.
    public var isBottomOfStack: Bool
    /// Routers that the packet may still pass.
    public var timeToLive: UInt8

    /// An entry with all its fields.
    public init(label: UInt32, trafficClass: UInt8 = 0, isBottomOfStack: Bool, timeToLive: UInt8) {
        self.label = label
        self.trafficClass = trafficClass
        self.isBottomOfStack = isBottomOfStack
        self.timeToLive = timeToLive
    }
}

extension MPLSLabel {
    /// Reads the entry at the start of `bytes`.
    ///
    /// - Throws: when there are fewer than 4 bytes.
    public init(parsing bytes: RawSpan) throws(ParseError) {
        try bytes.require(Self.length, of: .mpls)
        self.init(rawValue: bytes.uint32(at: 0))
    }

    /// Appends the entry, 4 bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        output.append(
            bigEndian: label << 12 | UInt32(trafficClass & 0b111) << 9 | (isBottomOfStack ? 1 << 8 : 0)
                | UInt32(timeToLive))
    }

    private init(rawValue: UInt32) {
        label = rawValue >> 12
        trafficClass = UInt8(truncatingIfNeeded: rawValue >> 9) & 0b111
        isBottomOfStack = rawValue >> 8 & 1 == 1
        timeToLive = UInt8(truncatingIfNeeded: rawValue)
    }

    /// A whole stack; `nil` unless entries fill the bytes.
    static func stack(of bytes: RawSpan) -> [MPLSLabel]? {
        guard bytes.byteCount.isMultiple(of: length) else { return nil }
        return (0..<bytes.byteCount / length).map { MPLSLabel(rawValue: bytes.uint32(at: $0 * length)) }
    }

    func fields(at offset: Int) -> [Field] {
        [
            .number("Label", label, offset..<offset + 3),
            .number("Traffic class", trafficClass, offset + 2..<offset + 3),
            .flag("Bottom of stack", isBottomOfStack, offset + 2..<offset + 3),
            .number("Time to live", timeToLive, offset + 3..<offset + 4),
        ]
    }
}

extension MPLSLabel: CustomStringConvertible {
    /// The entry as traceroute prints it: `L=16004,E=0,S=1,T=1`.
    public var description: String { "L=\(label),E=\(trafficClass),S=\(isBottomOfStack ? 1 : 0),T=\(timeToLive)" }
}
