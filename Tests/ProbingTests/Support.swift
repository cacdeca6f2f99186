import Addresses
import Probing

/// When the sessions of the tests begin: not at zero, so that a moment can't be mistaken for a duration.
let origin = MonotonicTime(nanoseconds: 5_000_000_000)

/// What the wall clock says of a moment in the tests, in nanoseconds since 1970.
func wallClock(at moment: MonotonicTime) -> Int64 { 1_700_000_000_000_000_000 + moment.nanoseconds }

/// The identifier of our requests.
let ourIdentifier: UInt16 = 4711

extension Duration {
    static func ms(_ count: Double) -> Duration { .nanoseconds(Int64((count * 1_000_000).rounded())) }
}

extension IPFamily {
    var target: IPAddress { address(1) }
    var router: IPAddress { address(2) }
    var stranger: IPAddress { address(3) }

    /// 198.18.0.`host` (RFC 2544) or 2001:db8::`host` (RFC 3849).
    private func address(_ host: UInt32) -> IPAddress {
        switch self {
        case .v4: .v4(IPv4Address(rawValue: 0xC612_0000 | host))
        case .v6: .v6(IPv6Address(rawValue: 0x2001_0db8 << 96 | UInt128(host)))
        }
    }
}

extension PingConfiguration {
    /// A ping of the target, changed as the test needs it.
    static func pinging(
        _ family: IPFamily = .v4, _ change: (inout PingConfiguration) -> Void = { _ in }
    ) -> PingConfiguration {
        var configuration = PingConfiguration(destination: family.target, identifier: ourIdentifier)
        change(&configuration)
        return configuration
    }
}

/// What a session has counted, in a form that can be compared.
struct Counts: Equatable {
    var transmitted: UInt64 = 0
    var received: UInt64 = 0
    var duplicates: UInt64 = 0
    var corrupted: UInt64 = 0
    var errors: UInt64 = 0
    var late: UInt64 = 0
    var reordered: UInt64 = 0
}

extension PingSession {
    var counts: Counts {
        Counts(
            transmitted: statistics.transmitted, received: statistics.received, duplicates: statistics.duplicates,
            corrupted: statistics.corrupted, errors: statistics.errors, late: statistics.late,
            reordered: statistics.reordered)
    }
}

/// The bytes that hexadecimal digits name; white space between them doesn't count.
func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue).map { UInt8($0) }
    precondition(digits.count.isMultiple(of: 2), "half a byte")
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
