/// A name of the DNS, as DNS messages write it: labels with a length byte each (RFC 1035 section 3.1), uncompressed.
///
/// The root, which has no labels, is no such name here: where names follow each other it would be padding.
public struct DomainName: Hashable, Sendable {
    /// The name's parts, the most special first: 1 to 63 bytes each, any bytes.
    public let labels: [[UInt8]]

    /// The name of these labels; `nil` if there are none, one is empty or longer than 63 bytes, or all are longer than
    /// the 255 bytes that a name may take.
    public init?(labels: [[UInt8]]) {
        guard !labels.isEmpty, labels.allSatisfy({ (1...Self.maximumLabel).contains($0.count) }) else { return nil }
        self.labels = labels
        guard length <= Self.maximumLength else { return nil }
    }

    /// The name as people write it, with or without the last dot. A backslash is a backslash.
    public init?(_ text: some StringProtocol) {
        let name = text.hasSuffix(".") ? text.dropLast() : text[...]
        self.init(labels: name.split(separator: ".", omittingEmptySubsequences: false).map { Array($0.utf8) })
    }

    /// Bytes that the name takes, the final zero included.
    public var length: Int { labels.reduce(1) { $0 + 1 + $1.count } }

    private static let maximumLabel = 63
    private static let maximumLength = 255
}

extension DomainName: CustomStringConvertible {
    /// The name without the last dot; what a terminal or a reader could take for something else is `\DDD`, its number
    /// in decimal (RFC 1035 section 5.1).
    public var description: String {
        labels.map { $0.map(Self.text).joined() }.joined(separator: ".")
    }

    private static func text(_ byte: UInt8) -> String {
        let character = Unicode.Scalar(byte)
        guard 0x21...0x7E ~= byte, character != ".", character != "\\" else {
            let digits = String(byte)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return String(character)
    }
}

extension DomainName {
    /// Reads names that follow each other up to the first byte that is zero, or to the end; `nil` if one is cut short
    /// or compressed.
    static func parseList(_ bytes: RawSpan) -> [DomainName]? {
        var names: [DomainName] = []
        var labels: [[UInt8]] = []
        var offset = 0
        while offset < bytes.byteCount {
            let count = Int(bytes.uint8(at: offset))
            offset += 1
            guard count > 0 else {
                if labels.isEmpty { return names }
                guard let name = DomainName(labels: labels) else { return nil }
                names.append(name)
                labels = []
                continue
            }
            guard count <= maximumLabel, offset + count <= bytes.byteCount else { return nil }
            labels.append(bytes.extracting(offset..<offset + count).array)
            offset += count
        }
        return labels.isEmpty ? names : nil
    }

    func serialize(into output: inout OutputRawSpan) {
        for label in labels {
            output.append(UInt8(truncatingIfNeeded: label.count))
            output.append(contentsOf: label.span.bytes)
        }
        output.append(0 as UInt8)
    }
}
