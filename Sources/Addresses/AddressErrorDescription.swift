extension AddressError: CustomStringConvertible {
    /// The text, the offending piece of it and what would be right, in one line of printable characters.
    public var description: String {
        if text.isEmpty { return "an empty text is not an address: write one like 198.18.0.1 or 2001:db8::1" }
        let place = offset < text.unicodeScalars.prefix(offset + 1).count ? "character \(offset + 1)" : "at the end"
        return "\"\(text.unicodeScalars.escaped(limit: 64))\", \(place): \(message)"
    }

    /// The word that the error is about, or the one character if it is not part of a word.
    private var offender: String {
        let rest = text.unicodeScalars.dropFirst(offset)
        let word = rest.prefix { $0.properties.isASCIIHexDigit || $0.properties.isAlphabetic }
        return "\"\((word.isEmpty ? rest.prefix(1) : word).escaped(limit: 24))\""
    }

    private var message: String {
        switch reason {
        case .empty: "an address is missing"
        case .notDecimal:
            "\(offender) can't stand in an IPv4 address, which is decimal numbers and dots as in 198.18.0.1"
        case .notOctal: "\(offender) can't stand in a number that starts with 0, which is octal"
        case .emptyPart: "a number is missing; an IPv4 address is four numbers with single dots between them"
        case .leadingZero: "\(offender) starts with 0, which some programs read as octal; write it without"
        case .partTooLarge(let maximum): "\(offender) is more than \(maximum), the most that fits here"
        case .tooFewParts(let found):
            "an IPv4 address is four numbers as in 198.18.0.1; here \(found == 1 ? "is" : "are") \(found)"
        case .tooManyParts: "an IPv4 address has no more than four numbers; \(offender) is the fifth"
        case .notHexadecimal: "\(offender) can't stand here; only hexadecimal digits can"
        case .groupTooLong: "\(offender) has more than four digits, the most between two colons of an IPv6 address"
        case .looseColon: "a colon stands between two groups, or is one of the two of \"::\""
        case .secondCompression: "\"::\" can stand only once in an IPv6 address"
        case .tooFewGroups(let found):
            "an IPv6 address is eight groups, or fewer and \"::\"; \(found == 1 ? "is" : "are") \(found)"
        case .tooManyGroups: "an IPv6 address has no more than eight groups, and no more than seven next to \"::\""
        case .misplacedZone: "an address alone is wanted, without a zone"
        case .zoneOnIPv4: "an IPv4 address has no zone; only an IPv6 address does, as in fe80::1%eth0"
        case .emptyZone: "the zone is missing; write an interface name or index, as in fe80::1%eth0"
        case .zoneTooLong: "a zone has at most 15 bytes, as every interface name"
        case .malformedZone: "\(offender) can't stand in a zone, which is an interface name or index as in fe80::1%eth0"
        case .missingPrefixLength: "a prefix ends in a slash and a number of bits, as in 198.18.0.0/15"
        case .malformedPrefixLength: "\(offender) is not a number of bits, as the 15 of 198.18.0.0/15 is"
        case .prefixLengthTooLarge(let maximum): "\(offender) is more than the \(maximum) bits that the address has"
        case .reversedRange: "the range ends before it starts"
        }
    }
}

extension Sequence<Unicode.Scalar> {
    /// The first scalars, with those escaped that could act on a terminal or end the quotation.
    fileprivate func escaped(limit: Int) -> String {
        var result = ""
        var count = 0
        for scalar in self {
            guard count < limit else { return result + "..." }
            if scalar == "\"" || scalar == "\\" {
                result += "\\"
                result.unicodeScalars.append(scalar)
            } else if scalar.isPrintable {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
            count += 1
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether a terminal shows this scalar as itself: no control, no invisible mark, no space but the ordinary one.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}
