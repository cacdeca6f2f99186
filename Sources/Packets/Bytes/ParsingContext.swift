/// What a parser of nested packets hands down to the parsers of what is in them.
struct ParsingContext {
    /// Whether a wrong checksum is an error; if not, it is kept.
    var verifyingChecksums: Bool
    /// Where the parser's bytes begin in those that the outermost parser was given: offsets of errors that are kept are
    /// counted from there.
    var origin = 0
    /// How many packets there are around this one.
    private var depth = 0

    /// Packets in packets deeper than any tunnel needs: what is inside is left as bytes, so that no packet, however long,
    /// makes the parsers call each other until the stack overflows.
    static let maximumDepth = 8

    init(verifyingChecksums: Bool) {
        self.verifyingChecksums = verifyingChecksums
    }

    /// Whether another packet may be opened.
    var allowsNesting: Bool { depth < Self.maximumDepth }

    /// The same for bytes that begin `distance` later, in the same packet.
    func moved(by distance: Int) -> ParsingContext {
        var context = self
        context.origin += distance
        return context
    }

    /// The same for a packet in the packet, which begins at the same place.
    var nested: ParsingContext {
        var context = self
        context.depth += 1
        return context
    }
}
