/// The tag of a VLAN in an Ethernet frame (IEEE 802.1Q section 9).
public struct VLANTag: Hashable, Sendable {
    /// Bytes of every tag.
    public static let length = 4

    /// Whose VLAN: ``EtherType/vlan`` for a customer's, ``EtherType/serviceVLAN`` for a provider's.
    public var protocolIdentifier: EtherType
    /// How urgent the frame is, 0 to 7; higher bits are dropped.
    public var priority: UInt8
    /// Whether the frame is among the first to be dropped.
    public var isDropEligible: Bool
    /// The VLAN's number, 0 to 4095, of which 0 is none; higher bits are dropped.
    public var identifier: UInt16

    /// A tag, by default of a customer's VLAN.
    public init(
        identifier: UInt16, priority: UInt8 = 0, isDropEligible: Bool = false, protocolIdentifier: EtherType = .vlan
    ) {
        self.protocolIdentifier = protocolIdentifier
        self.priority = priority
        self.isDropEligible = isDropEligible
        self.identifier = identifier
    }

    init(_ controlInformation: UInt16, protocolIdentifier: EtherType) {
        self.init(
            identifier: controlInformation & 0xFFF, priority: UInt8(controlInformation >> 13),
            isDropEligible: controlInformation & 0x1000 != 0, protocolIdentifier: protocolIdentifier)
    }

    var controlInformation: UInt16 {
        UInt16(priority & 0b111) << 13 | (isDropEligible ? 0x1000 : 0) | identifier & 0xFFF
    }

    /// The tag's fields, the first of which is at `offset`.
    func field(at offset: Int) -> Field {
        let control = offset + 2..<offset + 4
        return .group(
            "Tag", offset..<offset + Self.length,
            [
                .hexadecimal(
                    "Tag protocol identifier", protocolIdentifier.rawValue, offset..<offset + 2,
                    meaning: protocolIdentifier.description),
                .number("Priority code point", priority, control),
                .flag("Drop eligible indicator", isDropEligible, control),
                .number("VLAN identifier", identifier, control),
            ])
    }
}
