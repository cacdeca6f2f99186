/// What a multicast router says of itself, in IGMP and ICMPv6 alike (RFC 4286 section 3.1).
public struct MulticastRouterAdvertisement: Hashable, Sendable {
    /// Seconds between two unasked advertisements, as a rule 4 to 180.
    public var advertisementInterval: UInt8
    /// The querier's seconds between two general queries; 0 if the router doesn't query.
    public var queryInterval: UInt16
    /// The querier's robustness variable; 0 if the router doesn't query.
    public var robustnessVariable: UInt16

    /// An advertisement, by default of a router that doesn't query.
    public init(advertisementInterval: UInt8 = 20, queryInterval: UInt16 = 0, robustnessVariable: UInt16 = 0) {
        self.advertisementInterval = advertisementInterval
        self.queryInterval = queryInterval
        self.robustnessVariable = robustnessVariable
    }
}
