/// The security option of RFC 791 section 3.1: how secret the packet is, and who may have it.
public struct IPv4SecurityOption: Hashable, Sendable {
    /// Of sixteen levels, eight have names: 0 is unclassified.
    public var security: UInt16
    /// For what is not a matter of the military, 0.
    public var compartments: UInt16
    /// Two letters of a manual of the Defense Intelligence Agency.
    public var handlingRestrictions: UInt16
    /// Three letters that name a group of hosts; 24 bits, higher ones are dropped.
    public var transmissionControlCode: UInt32

    /// An option with all its fields.
    public init(
        security: UInt16, compartments: UInt16 = 0, handlingRestrictions: UInt16 = 0,
        transmissionControlCode: UInt32 = 0
    ) {
        self.security = security
        self.compartments = compartments
        self.handlingRestrictions = handlingRestrictions
        self.transmissionControlCode = transmissionControlCode
    }

    /// Reads an option that fills `bytes`.
    init(parsing bytes: RawSpan) {
        security = bytes.uint16(at: 2)
        compartments = bytes.uint16(at: 4)
        handlingRestrictions = bytes.uint16(at: 6)
        transmissionControlCode = bytes.uint32(at: 7) & 0xFF_FFFF
    }

    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: security)
        output.append(bigEndian: compartments)
        output.append(bigEndian: handlingRestrictions)
        output.append(UInt8(truncatingIfNeeded: transmissionControlCode >> 16))
        output.append(bigEndian: UInt16(truncatingIfNeeded: transmissionControlCode))
    }

    static let optionLength = 11
}
