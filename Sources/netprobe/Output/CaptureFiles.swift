import Packets
import Privileges
import ProbingIO
import Probing

/// Captures that packets go to: one, or several in turn.
///
/// All are opened before any privilege is given away, because none can be afterwards; each is a whole capture, with or
/// without packets, from then on.
struct CaptureFiles {
    private let files: [OutputFile]
    private let rotation: CaptureFilesRequest.Rotation?
    private let interface: CaptureInterface
    private var encoder: CaptureEncoder
    private var current = 0
    /// Bytes that the current file has, those of `gathered` included.
    private var size: UInt64 = 0
    private var gathered: [UInt8] = []
    /// When packets began to go to the current file.
    private var start: MonotonicTime?

    /// So much is written at once.
    private static let limit = 1 << 16

    /// Opens the files, as the user of the program may.
    init(
        _ request: CaptureFilesRequest, _ interface: CaptureInterface, _ privileges: borrowing ParkedPrivileges
    ) throws {
        if request.name == "-" {
            if StandardOutput.isTerminal {
                throw UsageError("--pcap - writes a capture, which is no text, to the terminal: have it go to a program or a file")
            }
            files = [.standardOutput]
        } else {
            files = try privileges.raising(.writeFiles) { () throws(OutputError) in
                var files: [OutputFile] = []
                for name in request.names { files.append(try OutputFile(name)) }
                return files
            }
        }
        rotation = request.rotation
        self.interface = interface
        encoder = Self.encoder(interface)
    }

    /// Whether files are emptied and written anew.
    var rotates: Bool { rotation != nil }

    /// Makes all files captures, though nothing is in them yet.
    mutating func begin() throws(OutputError) {
        for file in files { try file.append(encoder.header[...]) }
        size = UInt64(encoder.header.count)
    }

    mutating func append(_ packet: CapturedPacket) throws(OutputError) {
        // libpcap takes no second interface without a link layer for one of the same kind. Where packets differ, they
        // say themselves which one it was.
        var packet = packet
        packet.interface = interface
        let now = rotation?.time == nil ? nil : Clock.now
        var file = encoder
        var bytes: [UInt8] = []
        // A file in this format takes packets of all link types.
        guard (try? file.append(packet, to: &bytes)) != nil else { return }
        if isFull(with: bytes.count, at: now) {
            try next()
            file = encoder
            bytes = []
            guard (try? file.append(packet, to: &bytes)) != nil else { return }
        }
        if start == nil { start = now }
        encoder = file
        gathered += bytes
        size += UInt64(bytes.count)
        if gathered.count >= Self.limit { try flush() }
    }

    /// Writes what was gathered.
    mutating func flush() throws(OutputError) {
        guard !gathered.isEmpty else { return }
        defer { gathered.removeAll(keepingCapacity: true) }
        try files[current].append(gathered[...])
    }

    private func isFull(with count: Int, at now: MonotonicTime?) -> Bool {
        guard let rotation, size > UInt64(encoder.header.count) else { return false }
        if let limit = rotation.size, size + UInt64(count) > limit { return true }
        if let limit = rotation.time, let start, let now { return now - start >= limit }
        return false
    }

    /// Goes on to the next file, and after the last to the first.
    private mutating func next() throws(OutputError) {
        try flush()
        current = (current + 1) % files.count
        try files[current].empty()
        encoder = Self.encoder(interface)
        gathered = encoder.header
        size = UInt64(gathered.count)
        start = nil
    }

    private static func encoder(_ interface: CaptureInterface) -> CaptureEncoder {
        CaptureEncoder(.pcapng, interface: interface, application: "netprobe \(Netprobe.version)")
    }
}

extension CaptureFilesRequest {
    /// The files' names: where there are several, with numbers of as many digits as it takes to keep them in order.
    fileprivate var names: [String] {
        guard let rotation else { return [name] }
        let digits = "\(rotation.files - 1)".utf8.count
        return (0..<rotation.files).map { number in
            name + String(repeating: "0", count: digits - "\(number)".utf8.count) + "\(number)"
        }
    }
}
