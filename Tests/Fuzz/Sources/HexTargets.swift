import Packets

extension Target {
    /// The text that `netprobe decode` takes; the reader is the program's own.
    static let text = [
        Target("hex-text") { bytes in
            var reader = HexText()
            let text = array(bytes)
            do throws(HexText.Flaw) {
                // A line with `*` stands for many bytes.
                let limit = text.contains(UInt8(ascii: "*")) ? CapturedPacket.maximumLength : text.count / 2
                let check = { (packet: [UInt8]?) in precondition(packet?.count ?? 0 <= limit, "bytes out of nothing") }
                for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                    check(try reader.read(line))
                }
                check(try reader.end())
            } catch {
                precondition(error.line > 0 && error.column > 0 && !error.description.isEmpty)
            }
        },
        Target("hex-text-round-trip") { bytes in
            guard bytes.byteCount > 0 else { return }
            let packet = array(bytes)
            let digits = packet.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            var reader = HexText()
            var packets: [[UInt8]] = []
            for start in stride(from: 0, to: digits.count, by: 16) {
                let offset = String(start, radix: 16)
                let line =
                    String(repeating: "0", count: 8 - offset.count) + offset + "  "
                    + digits[start..<min(start + 16, digits.count)].joined(separator: " ")
                if let packet = try? reader.read(ArraySlice(Array(line.utf8))) { packets.append(packet) }
            }
            if let last = try? reader.end() { packets.append(last) }
            precondition(packets == [packet], "a dump is read otherwise")
        },
    ]
}
