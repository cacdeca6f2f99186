/// An address of a network interface on an Ethernet (IEEE 802: EUI-48): six bytes and nothing else.
public struct MACAddress: Hashable, Sendable, Comparable {
    /// The address as a number in host byte order, 48 bits: 02:00:00:00:00:01 is 0x0200_0000_0001.
    public let rawValue: UInt64

    /// Makes the address with this number, in host byte order. Bits that don't fit are dropped.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue & 0xffff_ffff_ffff
    }

    /// ff:ff:ff:ff:ff:ff: every interface of this link.
    public static let broadcast = Self(rawValue: .max)

    /// Whether this is the address of a group of interfaces, of which the broadcast address is one.
    public var isMulticast: Bool { rawValue >> 40 & 1 == 1 }

    /// Whether this address was chosen by hand or at random, not by a manufacturer.
    public var isLocallyAdministered: Bool { rawValue >> 40 & 2 == 2 }

    /// Compares addresses as numbers, which is also the order of their bytes on the wire.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension MACAddress: LosslessStringConvertible {
    /// Reads six hexadecimal numbers of one or two digits, with colons or with hyphens between them; `nil` if the text
    /// is anything else.
    public init?(_ description: String) {
        let separator: Character = description.contains("-") ? "-" : ":"
        let parts = description.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var value: UInt64 = 0
        for part in parts {
            guard (1...2).contains(part.utf8.count) else { return nil }
            var octet: UInt64 = 0
            for character in part.utf8 {
                guard let digit = character.hexadecimalDigit else { return nil }
                octet = octet << 4 | UInt64(digit)
            }
            value = value << 8 | octet
        }
        self.init(rawValue: value)
    }

    /// Six pairs of lower-case hexadecimal digits with colons between them.
    public var description: String {
        var text = ""
        for shift in stride(from: 40, through: 0, by: -8) {
            let octet = rawValue >> UInt64(shift) & 0xff
            if !text.isEmpty { text += ":" }
            text += (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }
        return text
    }
}
