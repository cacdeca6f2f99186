/// Where a message has its extension structure.
enum ICMPExtensionPlacement {
    /// Nowhere.
    case none
    /// Behind the quoted packet (RFC 4884 section 5), whose length the message counts in words of `wordLength` bytes;
    /// `words` is `nil` for the right number.
    case behindQuote(words: UInt8?, wordLength: Int)
    /// Directly behind the first eight bytes (RFC 8335 section 2).
    case behindHeader
}

/// What ICMP and ICMPv6 messages have in common.
protocol ICMPMessage: PayloadHeader {
    /// Whether the payload is a packet that the message is about.
    var quotesPacket: Bool { get }
    var extensionPlacement: ICMPExtensionPlacement { get }
    /// The same message, its count of the quoted packet's words set.
    func counting(originalDatagramWords: UInt8?) -> Self
    /// The layers of a payload that is no quoted packet; places are counted from the start of the message.
    func payloadLayers(_ payload: [UInt8]) -> [Field]
}

extension ICMPMessage {
    func payloadLayers(_ payload: [UInt8]) -> [Field] { Field.payload(payload, at: length) }
}

/// Where the extension structure is in what follows a message, and where the quoted packet.
extension ICMPExtensions {
    /// Where in an error's payload the extension structure begins; `nil` if there is none. Nothing is allocated.
    ///
    /// Where the message doesn't count the quoted packet, as before RFC 4884, it is 128 bytes long if a structure with
    /// the right checksum follows it (section 5.5).
    /// - Parameters:
    ///   - payload: what follows the message.
    ///   - originalDatagramLength: what the message says of it.
    public static func offset(in payload: RawSpan, originalDatagramLength: Int?) -> Int? {
        let offset = originalDatagramLength ?? minimumQuoteLength
        guard payload.byteCount >= offset + headerLength, payload.uint8(at: offset) >> 4 == 2 else { return nil }
        guard originalDatagramLength == nil else { return offset }
        let structure = payload.extracting(droppingFirst: offset)
        return structure.uint16(at: checksumOffset) != 0 && InternetChecksum.of(structure) == 0 ? offset : nil
    }

    /// A quoted packet in front of extensions is padded with zeros up to so many bytes (RFC 4884 section 5.1).
    static let minimumQuoteLength = 128
}

extension ICMPMessage {
    /// Parts the payload of this message from the extensions behind it.
    ///
    /// - Returns: the message, which counts the quoted packet itself only if its count is not the one that follows; the
    ///   quoted packet without its padding; and the extensions, if they are there and can be read.
    func splitting(_ payload: RawSpan) -> (Self, [UInt8], ICMPExtensions?) {
        switch extensionPlacement {
        case .none: break
        case .behindHeader:
            if let extensions = try? ICMPExtensions(parsing: payload, verifyingChecksum: false) {
                return (self, [], extensions)
            }
        case .behindQuote(let words, let wordLength):
            let claimed = words.flatMap { $0 == 0 ? nil : Int($0) * wordLength }
            guard let offset = ICMPExtensions.offset(in: payload, originalDatagramLength: claimed),
                let extensions = try? ICMPExtensions(
                    parsing: payload.extracting(droppingFirst: offset), verifyingChecksum: false)
            else { break }
            let quote = Self.withoutPadding(payload.extracting(first: offset))
            let canonical = Self.quoteLength(quote.count, wordLength) == offset
            let isCounted = claimed != nil && canonical
            return (counting(originalDatagramWords: isCounted ? nil : words ?? 0), quote, extensions)
        }
        return (self, payload.array, nil)
    }

    /// Puts the extensions behind the payload of this message, and the count into it.
    func joining(_ payload: [UInt8], _ extensions: ICMPExtensions?) -> (Self, [UInt8]) {
        guard let extensions else { return (self, payload) }
        var message = self
        var joined = payload
        if case .behindQuote(let words, let wordLength) = extensionPlacement {
            let length = Self.quoteLength(payload.count, wordLength)
            let claimed = words.flatMap { $0 == 0 ? nil : Int($0) * wordLength } ?? length
            if words == nil { message = counting(originalDatagramWords: UInt8(clamping: length / wordLength)) }
            joined += [UInt8](repeating: 0, count: max(0, claimed - payload.count))
        }
        joined += serialized(capacity: extensions.length) { extensions.serialize(into: &$0) }
        return (message, joined)
    }

    /// Bytes of a quoted packet, padded.
    private static func quoteLength(_ length: Int, _ wordLength: Int) -> Int {
        max(ICMPExtensions.minimumQuoteLength, (length + wordLength - 1) / wordLength * wordLength)
    }

    /// The zeros behind the end of the quoted packet, as its own header tells it, are padding.
    private static func withoutPadding(_ quote: RawSpan) -> [UInt8] {
        guard let length = (try? QuotedPacket(parsing: quote))?.totalLength, length < quote.byteCount else {
            return quote.array
        }
        let bytes = quote.array
        return bytes[length...].allSatisfy { $0 == 0 } ? Array(bytes[..<length]) : bytes
    }
}
