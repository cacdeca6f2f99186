import Foundation
import Testing

/// The table of all calls: nothing is missing in it, and nothing in it is made up.
@Suite struct TableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private struct Row {
        let cells: [String]
        var symbols: [String] {
            cells[2].components(separatedBy: "``").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        }
    }

    private static func rows() throws -> [Row] {
        let page = root.appending(path: "Sources/Sockets/Sockets.docc/BerkeleyPythonSwift.md")
        return try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| Berkeley") }
            .map { Row(cells: $0.split(separator: " | ", omittingEmptySubsequences: false).map(cell)) }
    }

    private static func cell(_ text: Substring) -> String {
        text.trimmingCharacters(in: CharacterSet(charactersIn: "| "))
    }

    /// All text below a directory of the project.
    private static func text(of directories: String...) throws -> String {
        try directories.flatMap { directory -> [URL] in
            let files = FileManager.default.enumerator(
                at: root.appending(path: directory), includingPropertiesForKeys: nil)
            return (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
        }.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
    }

    @Test("no cell is empty")
    func cells() throws {
        let rows = try Self.rows()
        #expect(rows.count > 100)
        for row in rows { #expect(row.cells.count == 4 && !row.cells.contains(""), "\(row.cells)") }
    }

    @Test("each row's test is there")
    func tests() throws {
        let tests = try Self.text(of: "Tests/SocketsTests", "Tests/AsyncSocketsTests")
        let missing = try Self.rows().map { $0.cells[3] }.filter { !tests.contains("\"\($0)\"") }
        #expect(missing == [])
    }

    @Test("each row's Swift call is there, with its labels")
    func symbols() throws {
        let source = try Self.text(of: "Sources/Sockets")
        for symbol in try Self.rows().flatMap(\.symbols) {
            let name = symbol.split(separator: "/").last.map(String.init) ?? symbol
            let words = name.split { "(:)".contains($0) }.map(String.init)
            let isType = words.count == 1 && name.first?.isUppercase == true
            let keywords = isType ? ["struct", "enum"] : ["func", "init", "case", "var", "let"]
            let isDeclared = keywords.contains { keyword in
                source.contains(keyword == "init" ? " \(words[0])(" : "\(keyword) \(words[0])")
            }
            #expect(isDeclared, "\(symbol)")
            for label in words.dropFirst() where label != "_" {
                #expect(source.contains("\(label): ") || source.contains("\(label) "), "\(symbol): \(label)")
            }
        }
    }
}
