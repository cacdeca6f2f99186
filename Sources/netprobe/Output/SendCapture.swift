import Packets
import SystemPackage

/// A capture of what was sent and what answered, opened before any privilege is given away.
struct SendCapture {
    private let name: String
    private let descriptor: FileDescriptor
    private let interface = CaptureInterface(.raw, name: nil)
    private var encoder: CaptureEncoder
    private var buffer: [UInt8]

    init(_ name: String) throws(OutputError) {
        self.name = name
        encoder = CaptureEncoder(.pcapng, interface: interface, application: "netprobe \(Netprobe.version)")
        buffer = encoder.header
        do {
            descriptor = try FileDescriptor.open(
                FilePath(name), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw OutputError(errno: error as? Errno ?? .ioError, file: name)
        }
    }

    mutating func append(_ bytes: [UInt8], wallClock: Int64, comment: String) throws(OutputError) {
        let time = CaptureTime(nanosecondsSince1970: Int128(wallClock))
        let packet = CapturedPacket(bytes, at: time, on: interface, comments: [comment])
        // Only a classic capture refuses packets of other links.
        try? encoder.append(packet, to: &buffer)
        if buffer.count > 1 << 16 { try flush() }
    }

    mutating func flush() throws(OutputError) {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        do { _ = try descriptor.writeAll(buffer) } catch {
            throw OutputError(errno: error as? Errno ?? .ioError, file: name)
        }
    }
}
