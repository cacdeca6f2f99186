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
    private var number = 0
    /// The beginning of a line whose end has not been read yet.
    private var pending: [UInt8] = []
    private var isTooLong = false

    /// The longest line: longer than a domain name and a comment beside it.
    private static let longestLine = 4096
    /// The longest domain name (RFC 1035 §2.3.4), or address with its zone.
    private static let longestHost = 255
    /// More would not be traced to in a day.
    private static let mostLines = 1_000_000

    init() {}

    /// Reads what comes next of the file.
    mutating func read(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            append(rest[..<end])
            endLine()
            rest = rest[(end + 1)...]
        }
        append(rest)
    }

    /// The file is over.
    mutating func end() { if !pending.isEmpty || isTooLong { endLine() } }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        let room = Self.longestLine - pending.count
        isTooLong = isTooLong || bytes.count > room
        pending += bytes.prefix(room)
    }

    private mutating func endLine() {
        number += 1
        defer {
            pending.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        guard !isTooLong else { return complain("longer than \(Self.longestLine) bytes") }
        let text = pending.prefix { $0 != UInt8(ascii: "#") }
        let words = text.split { [0x20, 0x09, 0x0D].contains($0) }
        guard let word = words.first else { return }
        let host = String(decoding: word, as: UTF8.self)
        guard words.count == 1 else {
            return complain("'\(String(decoding: words[1], as: UTF8.self).forTerminal)' is too much: one host a line")
        }
        if let reason = Self.fault(host) { return complain(reason) }
        guard lines.count < Self.mostLines else {
            if lines.count == Self.mostLines, complaints.last?.reason != Self.tooMany { complain(Self.tooMany) }
            return
        }
        lines.append(Line(number: number, host: host))
    }

    private static let tooMany = "more than \(mostLines) hosts: the rest is left out"

    private mutating func complain(_ reason: String) { complaints.append(Complaint(line: number, reason: reason)) }

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
