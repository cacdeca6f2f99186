import CLinux

/// What the kernel knows of a frame besides its bytes: `struct tpacket_auxdata`, packet(7).
public struct PacketAuxiliaryData: Hashable, Sendable {
    /// The tag of a VLAN that the kernel, or the network device, took out of the frame.
    public struct Tag: Hashable, Sendable {
        /// The tag's protocol, such as 0x8100, in host byte order.
        public let protocolIdentifier: UInt16
        /// Priority, drop eligibility and number of the VLAN, in host byte order.
        public let controlInformation: UInt16
    }

    /// Bytes that the frame had, without its tag.
    public let originalLength: UInt32
    /// The tag that stood behind the addresses; `nil` if there was none, or it is still there.
    public let tag: Tag?

    init(_ data: tpacket_auxdata) {
        originalLength = data.tp_len
        let hasTag = data.tp_status & UInt32(TP_STATUS_VLAN_VALID) != 0
        let hasProtocol = data.tp_status & UInt32(TP_STATUS_VLAN_TPID_VALID) != 0
        tag =
            hasTag
            ? Tag(
                protocolIdentifier: hasProtocol ? data.tp_vlan_tpid : 0x8100, controlInformation: data.tp_vlan_tci)
            : nil
    }
}
