/// What a frame says, to people.
extension EthernetFrame: CustomStringConvertible {
    /// One line, as tcpdump prints it without `-e`: that of the packet in the frame if there is one, for example
    /// `ARP, Request who-has 198.18.0.2 tell 198.18.0.1, length 28`.
    public var description: String {
        if let line = payload.frameDescription(trailerLength: trailer.count) { return line }
        let ends = "\(source) > \(destination)"
        if let error = payload.error { return "\(ends), [\(error)]" }
        let type = payload.etherType
        return type.isLength
            ? "\(ends), 802.3, length \(type.rawValue)"
            : "\(ends), ethertype Unknown (\(hexadecimal(type.rawValue))), length \(length)"
    }

    /// The frame's layers in order, each a group of fields.
    ///
    /// - Parameters:
    ///   - bytes: those that the frame was read from; places are counted from their start.
    public func layers(of bytes: RawSpan) -> [Field] {
        let end = min(bytes.byteCount, headerLength + payload.length)
        let typeField = headerLength - 2..<headerLength
        let type = EtherType(rawValue: bytes.uint16(at: typeField.lowerBound))
        let header =
            [
                Field.text("Destination address", destination, 0..<6),
                .text("Source address", source, 6..<12),
            ] + tags.enumerated().map { index, tag in tag.field(at: 12 + VLANTag.length * index) } + [
                type.isLength
                    ? .number("Length", type.rawValue, typeField)
                    : .hexadecimal("Type", type.rawValue, typeField, meaning: type.description)
            ]
        return [.group("Ethernet", 0..<headerLength, header)]
            + payload.layers(of: bytes.extracting(headerLength..<end)).moved(by: headerLength)
            + (trailer.isEmpty ? [] : [.bytes("Trailer", trailer, at: end)])
    }
}
