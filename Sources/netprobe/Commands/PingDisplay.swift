/// What a ping shows, and how.
struct PingDisplay {
    /// What errors begin with: the name that the program was called by.
    var programName: String
    var json = false
    var quiet = false
    var flood = false
    var audible = false
    var timestamps = false
    var precise = false
    var verbose = false
    var percentiles = false
    var plot = false
    /// Look addresses up although the destination was given as one, or never; `nil` for what the destination suggests.
    var looksUpNames: Bool?
    /// Of a group, show who answers, and not every reply.
    var listsResponders = false
}

/// What a ping is about, once it is known.
struct PingSubject {
    /// The destination as it was asked for.
    var host: String
    /// The destination's address as text.
    var address: String
    var source: String
    var device: String?
    /// The source or the device was asked for.
    var showsSource: Bool
    var flowLabel: UInt32
    var isIPv4: Bool
    var payloadLength: Int
    /// What fills the payload, where that was asked for.
    var pattern: [UInt8]
    /// The packet with its IPv4 header.
    var packetLength: Int
    /// Anyone may answer.
    var isMulticast: Bool
    var scopeID: UInt32
    var identifier: UInt16
    var socketKind: String
    var paceIsFree: Bool
}
