public import Addresses
import CAres

/// What became of looking up the addresses of a host.
public enum HostLookUp: Sendable, Equatable {
    /// The addresses, of which there is at least one, in the order in which they should be tried (RFC 6724).
    case found([IPAddress])
    /// There are none, or nobody says so.
    case failed(HostLookUpFailure)
}

/// Why the addresses of a host were not found: as getaddrinfo(3) tells reasons apart, and in its words.
public enum HostLookUpFailure: String, Sendable, CustomStringConvertible {
    /// There is no such name: `EAI_NONAME`.
    case unknownName = "Name or service not known"
    /// The name is there, and has no address of the family: `EAI_NODATA`.
    case noAddress = "No address associated with hostname"
    /// No server has answered as it should: `EAI_AGAIN`.
    case temporary = "Temporary failure in name resolution"

    /// The words of gai_strerror(3).
    public var description: String { rawValue }
}

extension HostLookUpFailure {
    /// What a status of c-ares means.
    init(status: CInt) {
        switch status {
        case ARES_ENOTFOUND, ARES_EBADNAME, ARES_EBADQUERY, ARES_EFORMERR:
            self = .unknownName
        case ARES_ENODATA: self = .noAddress
        default: self = .temporary
        }
    }
}
