public import Addresses
public import Probing
public import Sockets
import SystemPackage

/// How the probes of a sweep travel. `nil` leaves a choice to the kernel.
public struct SweepSocketOptions: Sendable {
    /// Our address in IPv4 probes.
    public var ipv4Source: IPv4Address?
    /// Our address in IPv6 probes.
    public var ipv6Source: IPv6Address?
    /// The interface or VRF, by name.
    public var device: String?
    /// The mark for policy routing.
    public var mark: UInt32?
    /// Probes a second at most, for which receive buffers are sized; `nil` for as many as go.
    public var rate: Double?

    public init() {}

    func source(in family: IPFamily) -> IPAddress? {
        switch family {
        case .v4: ipv4Source.map { .v4($0) }
        case .v6: ipv6Source.map { .v6($0) }
        }
    }

    /// Bytes for the replies of a tenth of a second, as the kernel accounts for them: nearly a kilobyte each.
    var receiveBufferSize: Int32 {
        let fastest = 200_000.0
        let rate = self.rate.map { $0.isFinite ? min(max(0, $0), fastest) : fastest } ?? fastest
        return max(1 << 20, Int32(rate / 10 * 1024))
    }
}

/// The sockets of a sweep, of whichever kind could be had.
public struct SweepSockets: ~Copyable {
    /// The kind that could be had. Datagram sockets send echo requests only.
    public let kind: EchoSocket.Kind
    let all: [SweepSocket]

    /// Opens sockets for these families: raw ones where that is allowed, else of the kind that echo requests can do
    /// with, without privilege. A family that the kernel doesn't have is left out if there is another.
    /// - Throws: the refusal of the last kind tried.
    public init(
        families: [IPFamily], format: SweepProbeFormat, options: SweepSocketOptions = SweepSocketOptions()
    ) throws(SocketError) {
        do throws(SocketError) {
            all = try Self.open(families, format, options, kind: .raw)
            kind = .raw
        } catch {
            let isRefused = error.errno == .notPermitted || error.errno == .permissionDenied
            guard isRefused, format.method == .echo else { throw error }
            all = try Self.open(families, format, options, kind: .datagram)
            kind = .datagram
        }
    }

    private static func open(
        _ families: [IPFamily], _ format: SweepProbeFormat, _ options: SweepSocketOptions, kind: EchoSocket.Kind
    ) throws(SocketError) -> [SweepSocket] {
        var sockets: [SweepSocket] = []
        for family in families where family == .v4 || format.method != .timestamp {
            do throws(SocketError) {
                sockets.append(try SweepSocket(family, format, options, kind: kind))
            } catch {
                guard error.errno == .addressFamilyNotSupported, families.count > 1 else { throw error }
            }
        }
        return sockets
    }

    func socket(for family: IPFamily) -> SweepSocket? {
        for socket in all where socket.family == family { return socket }
        return nil
    }
}
