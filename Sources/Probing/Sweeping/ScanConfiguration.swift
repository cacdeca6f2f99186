public import Addresses

/// What a scan asks, and how fast: a sweep without a record of anything.
public struct ScanConfiguration: Sendable {
    /// The IPv4 addresses to be asked.
    public var ipv4: AddressSet<IPv4Address>
    /// The IPv6 addresses to be asked.
    public var ipv6: AddressSet<IPv6Address>
    /// What the order of the addresses follows from.
    public var seed: UInt64
    /// Where to begin: what ``ScanSession/resumption`` of an interrupted scan says.
    public var position: UInt64 = 0
    /// Which part of the addresses is asked, from 0: every ``shards``th of the order, from this one on.
    public var shard: UInt64 = 0
    /// Into how many parts the addresses are divided.
    public var shards: UInt64 = 1
    /// Probes a second at most; `nil` for as many as go.
    public var rate: Double?
    /// Probes to each address. Some thousands of others are asked before it is asked again.
    public var attempts: UInt64 = 1
    /// How long to wait after the last probe.
    public var timeout: Duration = .seconds(1)

    /// All of these addresses, by default in an order that nobody can foretell.
    public init(
        ipv4: AddressSet<IPv4Address> = .init(), ipv6: AddressSet<IPv6Address> = .init(),
        seed: UInt64 = .random(in: 0 ... .max)
    ) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.seed = seed
    }

    /// How many addresses there are in all shards; `nil` if that, times the attempts, is more than 2^63.
    public var addressCount: UInt64? {
        guard let ipv4 = ipv4.count, let ipv6 = ipv6.count else { return nil }
        let (sum, isTooLarge) = ipv4.addingReportingOverflow(ipv6)
        let (product, overflow) = sum.multipliedReportingOverflow(by: UInt128(max(1, attempts)))
        return isTooLarge || overflow || product > 1 << 63 ? nil : UInt64(sum)
    }
}
