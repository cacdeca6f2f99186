public import Addresses

/// The addresses that scans leave out unless they are asked for.
///
/// What can never be one host is always left out: "this network", multicast, and what is reserved for the future. The
/// other blocks that are not of the public Internet (RFC 6890 and the IANA registries that keep it up: private,
/// documentation, benchmarking, link-local…) are left out of ranges that hold more than them: who asks for 10.0.0.0/8
/// means it, who asks for 0.0.0.0/0 does not mean that.
public enum ReservedAddresses {
    /// What is to be left out of a range of IPv4 addresses.
    public static func within(_ range: AddressRange<IPv4Address>) -> AddressSet<IPv4Address> {
        excluded(
            range, never: ["0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4"],
            others: [
                "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
                "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
                "203.0.113.0/24",
            ])
    }

    /// What is to be left out of a range of IPv6 addresses.
    public static func within(_ range: AddressRange<IPv6Address>) -> AddressSet<IPv6Address> {
        excluded(
            range, never: ["::/128", "ff00::/8"],
            others: [
                "::1/128", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
                "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
            ])
    }

    private static func excluded<Address>(
        _ range: AddressRange<Address>, never: [String], others: [String]
    ) -> AddressSet<Address> {
        let isMeant = { (block: AddressRange<Address>) in block.contains(range.first) && block.contains(range.last) }
        let blocks =
            never.compactMap { AddressRange<Address>($0) }
            + others.compactMap { AddressRange<Address>($0) }.filter { !isMeant($0) }
        return AddressSet(blocks)
    }
}
