/// Why a packet can't be cut.
public enum FragmentationError: Error, Hashable, Sendable {
    /// The packet says that it must not be.
    case forbidden
    /// It has no IP header that can be read.
    case notAPacket
    /// It is a fragment already, and this is IPv6, where only the sender cuts.
    case isFragment
    /// Not even headers and eight bytes fit: it takes `minimum` bytes.
    case maximumTransmissionUnitTooSmall(minimum: Int)
    /// The packet is longer than offsets and lengths can say.
    case tooLong
}

extension FragmentationError: CustomStringConvertible {
    /// The reason in words.
    public var description: String {
        switch self {
        case .notAPacket: "what is to be cut has no IP header that can be read"
        case .forbidden: "the packet must not be cut"
        case .isFragment: "the packet is a fragment already"
        case .maximumTransmissionUnitTooSmall(let minimum): "a fragment takes at least \(minimum) bytes"
        case .tooLong: "the packet is longer than fragments can be together"
        }
    }
}
