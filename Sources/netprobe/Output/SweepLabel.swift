import Addresses

/// What a target is called in a line about it.
struct SweepLabel {
    let address: IPAddress
    /// Where it is not called by its address.
    let text: String?

    init(_ address: IPAddress, number: Int?, _ names: SweepNames) {
        self.address = address
        text = number.flatMap { names.text(of: $0) }
    }

    /// Appends what it is called, and spaces up to so many columns.
    func append(to line: inout [UInt8], columns: Int = 0) {
        let start = line.count
        if let text {
            line += text.forTerminal.utf8
        } else {
            address.append(to: &line)
        }
        if columns > 0 { line.fill(from: start, columns: columns) }
    }

    /// Appends what it is called as a JSON string.
    func append(toJSON line: inout [UInt8]) { line.append(jsonString: text ?? address.description) }
}
