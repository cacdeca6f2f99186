extension IPv6Address {
    /// Reads any text form of RFC 4291 §2.2: eight groups of one to four hexadecimal digits, where one `::` may stand
    /// for one or more groups of zeros and the last two groups may be written as an IPv4 address.
    ///
    /// A zone is not part of an address: ``ZonedAddress`` reads `fe80::1%eth0`.
    ///
    /// The corresponding C function is `inet_pton`.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    public init(parsingUTF8 text: Span<UInt8>) throws(AddressError) {
        guard !text.isEmpty else { throw AddressError(.empty, in: text, at: 0) }
        var groups = Groups()
        var position = 0
        if text.count > 1, text[0] == .colon, text[1] == .colon {
            groups.compress(at: 0)
            position = 2
        }
        while position < text.count {
            position = try groups.readGroup(of: text, at: position)
            guard position < text.count else { break }
            position = try groups.readSeparator(of: text, at: position)
        }
        self.init(rawValue: try groups.value(readFrom: text))
    }

    /// What has been read so far of an address.
    private struct Groups {
        private var number: UInt128 = 0
        private var count = 0
        private var compression: (groupsBefore: Int, offset: Int)?

        mutating func compress(at offset: Int) {
            compression = (count, offset)
        }

        /// Reads up to four digits, or an IPv4 address, and returns the position behind it.
        mutating func readGroup(of text: Span<UInt8>, at start: Int) throws(AddressError) -> Int {
            var position = start
            var group: UInt32 = 0
            while position < text.count, let digit = text[position].hexadecimalDigit {
                group = group << 4 | digit
                position += 1
            }
            guard position > start else {
                throw AddressError(misfit(text[position]), in: text, at: position)
            }
            if position < text.count, text[position] == .dot {
                guard count <= 6 else { throw AddressError(.tooManyGroups, in: text, at: start) }
                number = number << 32 | UInt128(try IPv4Address(parsing: start..<text.count, of: text).rawValue)
                count += 2
                return text.count
            }
            guard position - start <= 4 else { throw AddressError(.groupTooLong, in: text, at: start) }
            guard count < 8 else { throw AddressError(.tooManyGroups, in: text, at: start) }
            number = number << 16 | UInt128(group)
            count += 1
            return position
        }

        /// Reads the `:` or `::` behind a group and returns the position behind it.
        mutating func readSeparator(of text: Span<UInt8>, at start: Int) throws(AddressError) -> Int {
            guard text[start] == .colon else {
                throw AddressError(misfit(text[start]), in: text, at: start)
            }
            guard start + 1 < text.count else { throw AddressError(.looseColon, in: text, at: start) }
            guard text[start + 1] == .colon else { return start + 1 }
            guard compression == nil else { throw AddressError(.secondCompression, in: text, at: start) }
            compress(at: start)
            return start + 2
        }

        private func misfit(_ byte: UInt8) -> AddressError.Reason {
            switch byte {
            case .colon: .looseColon
            case .percent: .misplacedZone
            default: .notHexadecimal
            }
        }

        func value(readFrom text: Span<UInt8>) throws(AddressError) -> UInt128 {
            guard let compression else {
                guard count == 8 else { throw AddressError(.tooFewGroups(found: count), in: text, at: text.count) }
                return number
            }
            guard count < 8 else { throw AddressError(.tooManyGroups, in: text, at: compression.offset) }
            let bitsAfter = 16 * (count - compression.groupsBefore)
            let before = number >> bitsAfter
            let after = number & ~(UInt128.max << bitsAfter)
            return before << (16 * (8 - compression.groupsBefore)) | after
        }
    }
}

extension IPv6Address {
    /// The canonical text of RFC 5952 §4: lower case, no leading zeros, `::` for the longest run of two or more groups
    /// of zeros and for the first of two equally long ones. An IPv4-mapped address ends in dotted decimal (§5).
    ///
    /// The corresponding C function is `inet_ntop`, whose text differs for the addresses of the deprecated form
    /// ::a.b.c.d only: they have no dots here.
    public var description: String { asciiText.string }

    /// Appends ``description`` to UTF-8, without a string in between.
    public func append(to text: inout [UInt8]) { asciiText.append(to: &text) }

    private var asciiText: ASCIIBuffer {
        var text = ASCIIBuffer()
        if let ipv4Mapped {
            for byte in "::ffff:".utf8 { text.append(byte) }
            text.append(ipv4Mapped)
            return text
        }
        let zeros = longestRunOfZeros
        var index = 0
        while index < 8 {
            if index == zeros.lowerBound, !zeros.isEmpty {
                text.append(.colon)
                text.append(.colon)
                index = zeros.upperBound
                continue
            }
            if index > 0, index != zeros.upperBound || zeros.isEmpty { text.append(.colon) }
            text.append(hexadecimal: group(index))
            index += 1
        }
        return text
    }

    /// One of the eight groups, counted from the left.
    private func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: rawValue &>> UInt128(112 - 16 * index))
    }

    /// The groups that `::` stands for; empty if it stands for none.
    private var longestRunOfZeros: Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0..<8 {
            if group(index) != 0 {
                start = index + 1
            } else if index + 1 - start > max(longest.count, 1) {
                longest = start..<index + 1
            }
        }
        return longest
    }
}
