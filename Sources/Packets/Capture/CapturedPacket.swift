/// A packet as it stands in a capture file, or shall stand there.
public struct CapturedPacket: Hashable, Sendable {
    /// The longest packet that capture files hold here, 256 KiB, as in libpcap and Wireshark.
    public static let maximumLength = 262_144

    /// Where it was captured, and what its bytes begin with.
    public var interface: CaptureInterface
    /// When it was captured; `nil` if the file doesn't say, as in pcapng's simple packet block.
    public var timestamp: CaptureTime?
    /// The bytes that were captured: the packet, or its beginning.
    public var bytes: [UInt8]
    /// Bytes that the packet had on the network.
    public var originalLength: Int
    /// What people or programs noted about it (pcapng only).
    public var comments: [String]

    /// A packet.
    ///
    /// - Parameters:
    ///   - bytes: what was captured, beginning with what the interface's link type says.
    ///   - timestamp: when it was captured.
    ///   - interface: where it was captured.
    ///   - originalLength: bytes that it had on the network; by default those that are here.
    ///   - comments: what there is to note about it.
    public init(
        _ bytes: [UInt8], at timestamp: CaptureTime?, on interface: CaptureInterface, originalLength: Int? = nil,
        comments: [String] = []
    ) {
        self.interface = interface
        self.timestamp = timestamp
        self.bytes = bytes
        self.originalLength = originalLength ?? bytes.count
        self.comments = comments
    }
}

/// Where packets of a capture come from.
public struct CaptureInterface: Hashable, Sendable {
    /// What its packets begin with.
    public var linkType: LinkType
    /// The device's name, such as `eth0`; `nil` if unknown, as always in pcap.
    public var name: String?
    /// Its place among the interfaces of its section of the file, from 0: it tells apart those that are alike
    /// otherwise. The encoder counts anew, in the order in which interfaces come.
    public var index: Int

    /// An interface.
    public init(_ linkType: LinkType, name: String? = nil, index: Int = 0) {
        self.linkType = linkType
        self.name = name
        self.index = index
    }
}
