import Packets

/// Shows packets as `netprobe decode` is asked to.
struct PacketPrinter {
    /// How many packets have been shown.
    private(set) var count: UInt64 = 0
    private let format: DecodeRequest.Format
    private let namesFiles: Bool
    private var fileName = ""
    private var output = StandardOutput()

    /// - Parameter fileNames: whether to say which file a packet is from.
    init(_ format: DecodeRequest.Format, fileNames: Bool) {
        self.format = format
        namesFiles = fileNames
    }

    /// What comes next is from another file.
    mutating func begin(_ fileName: String) { self.fileName = fileName }

    mutating func print(_ captured: CapturedPacket) throws(OutputError) {
        count += 1
        let packet = DecodedPacket(captured)
        switch format {
        case .line: try output.write(line(captured, packet))
        case .tree: try output.write(line(captured, packet) + FieldTree.text(captured, packet))
        case .json: try output.write(json(captured, packet).line)
        }
    }

    mutating func flush() throws(OutputError) { try output.flush() }

    private func line(_ captured: CapturedPacket, _ packet: DecodedPacket) -> String {
        let file = namesFiles ? "\(fileName.forTerminal): " : ""
        let time = captured.timestamp.map { $0.timeOfDay + " " } ?? ""
        return "\(file)\(time)\(packet.line.forTerminal(atMost: 65_536))\n"
    }

    private func json(_ captured: CapturedPacket, _ packet: DecodedPacket) -> JSONObject {
        var object = JSONObject()
        object.add("schema", "netprobe.decode/1")
        object.add("type", "packet")
        object.add("number", count)
        if namesFiles { object.add("file", fileName) }
        object.add("time", captured.timestamp)
        object.add("interface", captured.interface.name)
        object.addPacket(captured, packet)
        return object
    }
}

extension FieldTree {
    /// All fields of a packet.
    static func text(_ captured: CapturedPacket, _ packet: DecodedPacket) -> String {
        var text = FieldTree()
        for comment in captured.comments { text.add(comment: comment) }
        for layer in packet.layers { text.add(layer) }
        return text.text
    }
}

extension JSONObject {
    /// What is said of every packet.
    mutating func addPacket(_ captured: CapturedPacket, _ packet: DecodedPacket) {
        add("link", "\(captured.interface.linkType)")
        add("length", captured.originalLength)
        add("captured", captured.bytes.count)
        add("line", packet.line)
        add("error", packet.error)
        if !captured.comments.isEmpty { add("comments", captured.comments) }
        add("layers", packet.layers.map(JSONObject.init))
    }

    /// A field with its place and what it holds.
    fileprivate init(_ field: Field) {
        self.init()
        add("name", field.name)
        add("offset", field.bytes.lowerBound)
        add("length", field.bytes.count)
        switch field.value {
        case .group: break
        case .number(let value), .hexadecimal(let value, _): add("value", value)
        case .text(let text): add("value", text)
        case .bytes(let bytes): add("value", FieldTree.hexadecimal(bytes[...]))
        }
        add("meaning", field.meaning)
        if !field.fields.isEmpty { add("fields", field.fields.map(JSONObject.init)) }
    }
}
