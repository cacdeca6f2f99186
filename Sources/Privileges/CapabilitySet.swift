/// A set of capabilities in the kernel's own form: bit n stands for capability n.
struct CapabilitySet: OptionSet, Hashable, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(_ capability: Capability) {
        // A smart shift gives 0, so a number outside 0...63 is in no set.
        self.rawValue = capability.rawValue < 0 ? 0 : 1 << UInt64(capability.rawValue)
    }

    /// What may stay parked between step 1 and step 4: what opens the sockets.
    static var sockets: CapabilitySet {
        [CapabilitySet(.netRaw), CapabilitySet(.netAdmin), CapabilitySet(.netBindService)]
    }
    /// What of root may stay as well: what opens files for reading and writing.
    static var files: CapabilitySet { [CapabilitySet(.readFiles), CapabilitySet(.writeFiles)] }
    /// What step 4 itself needs in order to leave uid 0.
    static var identity: CapabilitySet { [CapabilitySet(.setUserID), CapabilitySet(.setGroupID)] }
    /// What step 4 itself needs in order to empty the bounding set.
    static var bounding: CapabilitySet { CapabilitySet(.setCapabilities) }

    func contains(_ capability: Capability) -> Bool {
        !isDisjoint(with: CapabilitySet(capability))
    }
}
