import Foundation
import Testing

/// The Swift examples of the documentation are compiled and run: each stands word for word in this directory.
@Suite struct QuotationTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    private static let root = directory.deletingLastPathComponent().deletingLastPathComponent()

    static let pages: [String] = {
        let sources = root.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.allObjects as? [URL]
        return ["README.md"]
            + (files ?? []).filter { $0.pathExtension == "md" }.map { String($0.path.dropFirst(root.path.count + 1)) }
    }()

    /// The lines of a text without indentation, imports and what is empty.
    private static func code(_ text: some StringProtocol) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("import ") }
    }

    private static func examples(in page: String) throws -> [[String]] {
        let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
        return text.components(separatedBy: "```swift\n").dropFirst().compactMap { part in
            let lines = code(part.components(separatedBy: "```")[0])
            // What goes into a package's manifest is no program.
            return lines.contains { $0.hasPrefix(".package(") } ? nil : lines
        }
    }

    @Test("every example stands in a test", arguments: pages)
    func quoted(page: String) throws {
        let sources = try FileManager.default.contentsOfDirectory(at: Self.directory, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasSuffix("Examples.swift") }
            .map { Self.code(try String(contentsOf: $0, encoding: .utf8)) }
        for example in try Self.examples(in: page) {
            let isQuoted = sources.contains { source in
                source.indices.contains { source[$0...].starts(with: example) }
            }
            #expect(isQuoted, "\(example.joined(separator: "\n"))")
        }
    }

    @Test("the README has examples")
    func some() throws {
        #expect(try Self.examples(in: "README.md").count >= 4)
    }
}
