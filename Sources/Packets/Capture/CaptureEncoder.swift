/// Writes a capture file, of either format, piece by piece.
///
/// ```swift
/// let interface = CaptureInterface(.raw, name: "eth0")
/// var encoder = CaptureEncoder(.pcapng, interface: interface, application: "netprobe")
/// var file = encoder.header
/// let now = CaptureTime(nanosecondsSince1970: 1_732_318_194_000_000_001)
/// try encoder.append(CapturedPacket(bytes, at: now, on: interface, comments: ["sent"]), to: &file)
/// ```
///
/// What goes to a file may be written and dropped after each packet. Numbers are little-endian, timestamps count
/// nanoseconds. A classic capture has no place for comments and names of interfaces: they are left out, and packets of
/// another link type than the first interface's are refused.
public struct CaptureEncoder: Sendable {
    /// The format that it writes.
    public let format: CaptureFormat
    /// What the file begins with, before the first packet.
    public let header: [UInt8]

    private let snapLength: Int
    /// Those that the file describes, with their places in it.
    private var interfaces: [CaptureInterface: Int]

    /// A packet that a classic capture has no place for: it has one link type for all.
    public struct ForeignLinkType: Error, Hashable, CustomStringConvertible {
        /// The packet's link type.
        public let found: LinkType
        /// The file's.
        public let expected: LinkType

        /// One line: `pcap has one link type, RAW, and no place for a packet of ETHERNET`.
        public var description: String { "pcap has one link type, \(expected), and no place for a packet of \(found)" }
    }

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - format: what to write.
    ///   - interface: the first one; pcapng describes others where a packet first comes from them.
    ///   - snapLength: bytes that are kept of a packet, from 1 to ``CapturedPacket/maximumLength``. The rest is cut
    ///     off, and the original length says so.
    ///   - hardware: what the packets are captured with (pcapng only).
    ///   - operatingSystem: the operating system there (pcapng only).
    ///   - application: the program that writes the file (pcapng only).
    public init(
        _ format: CaptureFormat, interface: CaptureInterface, snapLength: Int = CapturedPacket.maximumLength,
        hardware: String? = nil, operatingSystem: String? = nil, application: String? = nil
    ) {
        precondition((1...CapturedPacket.maximumLength).contains(snapLength), "a snap length of \(snapLength) bytes")
        self.format = format
        self.snapLength = snapLength
        interfaces = [interface: 0]
        var header: [UInt8] = []
        switch format {
        case .pcap: header.appendPcapHeader(interface.linkType, snapLength: snapLength)
        case .pcapng:
            header.appendSectionHeader(hardware: hardware, operatingSystem: operatingSystem, application: application)
            header.appendInterface(interface, snapLength: snapLength)
        }
        self.header = header
    }

    /// Appends a packet to the bytes of the file, and a description of its interface where that is new.
    ///
    /// A timestamp that the format has no room for is written as the nearest one that it has: pcap begins in 1970 and
    /// ends in 2106, pcapng ends in 2554. No timestamp is written as that of 1970. Texts are cut to 65,535 bytes of
    /// UTF-8, and at a NUL; a comment that would make the packet's block longer than 1 MiB is left out.
    /// - Throws: when the packet's link type is not the file's, in a classic capture; nothing is appended then.
    public mutating func append(_ packet: CapturedPacket, to file: inout [UInt8]) throws(ForeignLinkType) {
        let index = interfaces[packet.interface]
        switch format {
        case .pcap:
            // All interfaces of a classic capture are one, and `interfaces` holds only the first.
            let expected = interfaces.first?.key.linkType ?? packet.interface.linkType
            guard packet.interface.linkType == expected else {
                throw ForeignLinkType(found: packet.interface.linkType, expected: expected)
            }
            file.appendPcapRecord(packet, snapLength: snapLength)
        case .pcapng:
            if index == nil { file.appendInterface(packet.interface, snapLength: snapLength) }
            let place = index ?? interfaces.count
            interfaces[packet.interface] = place
            file.appendEnhancedPacket(packet, interface: place, snapLength: snapLength)
        }
    }
}
