/// A simulated network in real time, behind an interface: for delays, losses and odd routers that the kernel's own do
/// not have, and for programs that know no virtual time.
///
///     SimulatedRouter INTERFACE NETWORK
///
/// NETWORK is a file of Tests/SimulatedNetworks/Networks, without `.net`. What is sent out to this interface's host and is
/// not for it goes into the network; what comes out of the network goes back to whoever sent last. It prints `ready`
/// when it is. The kernel beside it does not forward, so it drops these packets.
import Packets
import Probing
import SimulatedNetworks
import Sockets
import SystemPackage

private func now() -> MonotonicTime {
    let time = ContinuousClock.now - ContinuousClock().systemEpoch
    return MonotonicTime(nanoseconds: time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
}

/// A packet that left a kernel which leaves checksums to the device has none yet.
private func completed(_ bytes: RawSpan) -> [UInt8] {
    let copy = bytes.withUnsafeBytes { Array($0) }
    if var packet = try? IPv4Packet(parsing: bytes, verifyingChecksums: false) {
        guard (try? IPv4Packet(parsing: bytes).error) != .some(nil), packet.payload.completeChecksum() else { return copy }
        return serialized(capacity: packet.length) { packet.serialize(into: &$0) }
    }
    if var packet = try? IPv6Packet(parsing: bytes, verifyingChecksums: false) {
        guard (try? IPv6Packet(parsing: bytes).error) != .some(nil), packet.payload.completeChecksum() else { return copy }
        return serialized(capacity: packet.length) { packet.serialize(into: &$0) }
    }
    return copy
}

extension IPPayload {
    /// Whether there is a checksum to complete.
    fileprivate mutating func completeChecksum() -> Bool {
        switch self {
        case .udp(var header, let payload):
            header.checksum = nil
            self = .udp(header, payload: payload)
        case .tcp(var header, let payload):
            header.checksum = nil
            self = .tcp(header, payload: payload)
        default: return false
        }
        return true
    }
}

private func run(interface: String, network name: String) throws {
    var network = try SimulatedNetwork(named: name)
    let index = NetworkInterface.index(name: interface) ?? 0
    let anything: UInt16 = 3
    let socket = try Socket(.packet, .datagram)
    try socket.bind(to: .packet(try PacketAddress(interfaceIndex: index, etherType: anything)))
    var polls = PollSet()
    _ = polls.add(socket.fileDescriptor, for: .readable)
    var batch = ReceiveBatch(capacity: 64, messageSize: 65536)
    var prober: PacketAddress?
    _ = try FileDescriptor.standardOutput.writeAll("ready\n".utf8)
    try FileDescriptor.standardOutput.close()
    while true {
        _ = try polls.wait(timeout: network.nextArrival.map { max($0 - now(), .zero) })
        if polls.ready(at: 0).contains(.readable), let count = try? socket.receive(into: &batch, flags: .dontWait) {
            for index in 0..<count {
                guard case .packet(let sender)? = batch[index].source, sender.destination == .host,
                    sender.etherType == 0x0800 || sender.etherType == 0x86DD
                else { continue }
                prober = sender
                network.send(completed(batch[index].bytes), at: now())
            }
        }
        for (_, packet) in network.receive(until: now()) {
            guard let prober else { continue }
            let etherType: UInt16 = packet[0] >> 4 == 4 ? 0x0800 : 0x86DD
            let address = try PacketAddress(
                interfaceIndex: index, etherType: etherType, hardwareAddress: prober.hardwareAddress)
            _ = try? socket.send(packet.span.bytes, to: .packet(address))
        }
    }
}

guard CommandLine.arguments.count == 3 else { fatalError("usage: SimulatedRouter INTERFACE NETWORK") }
try run(interface: CommandLine.arguments[1], network: CommandLine.arguments[2])
