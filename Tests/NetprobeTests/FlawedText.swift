import Testing

/// Text that can't be read to its end, how many packets come before, and what is said.
struct FlawedText: CustomTestStringConvertible, Sendable {
    let text: String
    let packets: Int
    let says: String
    init(_ text: String, _ packets: Int = 0, says: String) {
        (self.text, self.packets, self.says) = (text, packets, says)
    }
    var testDescription: String { says }

    static let all = [
        FlawedText("# a comment\n  45 00 0g", says: "line 2, column 10: 'g' is no hexadecimal digit"),
        FlawedText("\(Echo.digits)\n\n4500\u{1B}[2J", 1, says: #"line 3, column 5: '\u{1B}' is no hexadecimal digit"#),
        FlawedText("\(Echo.digits)\n\n4500é", 1, says: "line 3, column 5: 'é' is no hexadecimal digit"),
        FlawedText("\(Echo.digits)\n45 0o 00\n", says: "line 2, column 5: 'o' is no hexadecimal digit"),
        FlawedText("no packet\nand no other\n", says: "line 1, column 1: 'n' is no hexadecimal digit"),
        FlawedText("0000: 45 00\n0002: 00 2z\n", says: "line 2, column 11: 'z' is no hexadecimal digit"),
        FlawedText("0000: 450 00\n", says: "line 1, column 10: ' ' is no hexadecimal digit"),
        FlawedText("4500 000", says: "line 1, column 1: the packet ends inside a byte: an odd number of digits"),
        FlawedText(
            "\(Echo.digits)\n\n\(Echo.digits)0\n\n\(Echo.digits)", 1,
            says: "line 4, column 1: the packet ends inside a byte: an odd number of digits"),
        FlawedText(
            "0000: 45 00\n0010: 00 20\n", says: "line 2, column 1: the offset is 16, where 2 bytes came before"),
        FlawedText("0010: 45 00\n", says: "line 1, column 1: the offset is 16, where 0 bytes came before"),
        FlawedText("0000  45 00\n*\n", says: "line 2, column 1: the packet ends with *, and no offset says where"),
        FlawedText(
            "0000  45 00\n*\nffffffff\n", says: "line 3, column 1: the offset is 4294967295, where 2 bytes came before"),
        FlawedText(
            "0000  45 00 01\n*\n0010  45\n", says: "line 3, column 1: the offset is 16, where 18 bytes came before"),
        FlawedText("*\n", says: "line 1, column 1: '*' is no hexadecimal digit"),
        // What hexdump prints without -C: words in the machine's order, no bytes.
        FlawedText("0000000 0045 2000 32ee 0040\n0000008\n", says: "line 1, column 8: ' ' is no hexadecimal digit"),
        FlawedText("20 02 00", says: "neither IP nor Ethernet: --link says what it begins with"),
    ]
}
