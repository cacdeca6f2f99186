import Addresses
import SystemPackage

/// The hosts that a file names, one a line. `#` begins a comment.
struct TraceTargets {
    /// A line that names a host.
    struct Line: Equatable {
        let number: Int
        let host: String
    }

    /// What is wrong with a line.
    struct Complaint: Equatable {
        let line: Int
        let reason: String
    }

    private(set) var lines: [Line] = []
    private(set) var complaints: [Complaint] = []
    private var text = BoundedLines()

    /// The longest domain name (RFC 1035 §2.3.4), or address with its zone.
    private static let longestHost = 255
    /// More would not be traced to in a day.
    private static let mostLines = 1_000_000

    init() {}

    /// Reads what comes next of the file.
    mutating func read(_ bytes: ArraySlice<UInt8>) {
        for line in text.read(bytes) { take(line) }
    }

    /// The file is over.
    mutating func end() { if let line = text.end() { take(line) } }

    private mutating func take(_ line: BoundedLines.Line) {
        let number = line.number
        let complain = { (targets: inout TraceTargets, reason: String) in
            targets.complaints.append(Complaint(line: number, reason: reason))
        }
        guard let words = line.words else { return complain(&self, "longer than \(BoundedLines.longest) bytes") }
        guard let word = words.first else { return }
        let host = String(decoding: word, as: UTF8.self)
        guard words.count == 1 else {
            let second = String(decoding: words[1], as: UTF8.self).forTerminal
            return complain(&self, "'\(second)' is too much: one host a line")
        }
        if let reason = Self.fault(host) { return complain(&self, reason) }
        guard lines.count < Self.mostLines else {
            if lines.count == Self.mostLines, complaints.last?.reason != Self.tooMany {
                complain(&self, Self.tooMany)
            }
            return
        }
        lines.append(Line(number: number, host: host))
    }

    private static let tooMany = "more than \(mostLines) hosts: the rest is left out"

    /// What is wrong with the text of a host, without asking anyone.
    private static func fault(_ host: String) -> String? {
        guard host.utf8.count <= longestHost else { return "longer than \(longestHost) bytes" }
        if host.utf8.contains(UInt8(ascii: ":")) {
            do { _ = try ZonedAddress(parsing: host) } catch { return "\(error)" }
            return nil
        }
        if host.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) {
            return (try? IPv4Address(parsingClassic: host)) == nil ? "'\(host)' is no IPv4 address" : nil
        }
        let isName = host.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-._".unicodeScalars.contains(scalar)
        }
        return isName && !host.hasPrefix("-") ? nil : "'\(host.forTerminal)' is no name of a host"
    }
}
