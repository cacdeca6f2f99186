/// Bytes in hexadecimal, sixteen a line, with their characters: what `netprobe decode` reads back.
enum HexDump {
    static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(start + 16, bytes.count)]
            let digits = row.map { hexadecimal($0, digits: 2) }.joined(separator: " ")
            let characters = row.map { (0x20...0x7E).contains($0) ? String(Character(Unicode.Scalar($0))) : "." }
            let gap = String(repeating: " ", count: 49 - digits.utf8.count)
            text += "\(hexadecimal(start, digits: 4))  \(digits)\(gap)\(characters.joined())\n"
        }
        return text + "\n"
    }
}
