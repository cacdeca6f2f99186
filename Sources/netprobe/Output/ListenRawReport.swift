import Packets
import ProbingIO
import Sockets

/// What `netprobe listen --raw` says, and writes to files.
struct ListenRawReport: CaptureObserver {
    private var printer: PacketPrinter?
    private var files: CaptureFiles?
    private let request: ListenRawRequest

    init(_ request: ListenRawRequest, _ files: CaptureFiles?) {
        self.request = request
        self.files = files
        printer = request.format.map { PacketPrinter($0, schema: "netprobe.listen/1") }
    }

    /// Says what is heard, when it is.
    mutating func begin(_ linkType: LinkType) throws(OutputError) {
        try files?.begin()
        try files?.flush()
        StandardError.write("netprobe listen: listening to \(request.subject), link type \(linkType)\n")
    }

    mutating func captured(
        _ packet: CapturedPacket, for destination: PacketAddress.Destination?
    ) throws(OutputError) {
        try printer?.print(packet, direction: destination.map(\.word))
        try files?.append(packet)
    }

    mutating func statusRequested(_ statistics: CaptureStatistics) throws(OutputError) {
        try flush()
        StandardError.write(Self.summary(statistics))
    }

    mutating func willWait() throws(OutputError) { try flush() }

    mutating func end(_ statistics: CaptureStatistics) throws(OutputError) {
        if request.format == .json {
            var object = JSONObject()
            object.add("schema", "netprobe.listen/1")
            object.add("type", "summary")
            object.add("captured", statistics.captured)
            object.add("received", statistics.received)
            object.add("dropped", statistics.dropped)
            try printer?.add(object)
        }
        try flush()
        StandardError.write(Self.summary(statistics))
    }

    private mutating func flush() throws(OutputError) {
        try printer?.flush()
        try files?.flush()
    }

    /// The words of tcpdump(8).
    private static func summary(_ statistics: CaptureStatistics) -> String {
        let packets = { (count: UInt64) in "\(count) packet\(count == 1 ? "" : "s")" }
        return """
            \(packets(statistics.captured)) captured
            \(packets(statistics.received)) received by filter
            \(packets(statistics.dropped)) dropped by kernel

            """
    }
}

extension PacketAddress.Destination {
    /// Whom a packet was for, or that it left.
    fileprivate var word: String {
        switch self {
        case .host: "in"
        case .broadcast: "broadcast"
        case .multicast: "multicast"
        case .otherHost: "other host"
        case .outgoing: "out"
        default: "type \(rawValue)"
        }
    }
}
