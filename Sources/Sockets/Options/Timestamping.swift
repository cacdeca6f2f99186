import CLinux
import Glibc

/// Which timestamps the kernel is to take and how to report them: `SO_TIMESTAMPING`,
/// Documentation/networking/timestamping.rst.
public struct Timestamping: OptionSet, SocketOptionValue {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// When a packet is handed to the device driver.
    public static let transmitSoftware = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_TX_SOFTWARE))
    /// When a packet enters the kernel from the driver.
    public static let receiveSoftware = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_RX_SOFTWARE))
    /// When a packet enters the queueing discipline.
    public static let transmitScheduling = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_TX_SCHED))
    /// When all of what was sent on a stream has been acknowledged.
    public static let transmitAcknowledged = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_TX_ACK))
    /// When the device sends a packet, by its own clock.
    public static let transmitHardware = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_TX_HARDWARE))
    /// When the device receives a packet, by its own clock.
    public static let receiveHardware = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_RX_HARDWARE))
    /// Hardware timestamps are reported.
    public static let hardware = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_RAW_HARDWARE))
    /// Software timestamps are reported.
    public static let software = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_SOFTWARE))
    /// Transmit timestamps name their packet by a counter that starts at 0 when this is set.
    public static let packetNumbers = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_OPT_ID))
    /// Transmit timestamps come without a copy of the packet.
    public static let timestampOnly = Timestamping(rawValue: UInt32(SOF_TIMESTAMPING_OPT_TSONLY))
}

extension SocketOption where Value == Timestamping {
    /// `SO_TIMESTAMPING`.
    public static var timestamping: Self { .init(level: SOL_SOCKET, number: SO_TIMESTAMPING, name: "SO_TIMESTAMPING") }
}
