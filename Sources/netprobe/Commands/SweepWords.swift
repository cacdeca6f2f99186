import Addresses
import Privileges
import SystemPackage

/// The words that name the targets of a sweep: those of the command line, or the first of each line of a file, as it
/// comes.
struct SweepWords {
    /// What comes next.
    enum Next {
        case word(String)
        /// A line that can't be read, by its place, and why.
        case fault(place: String, reason: String)
        /// Nothing that is there yet.
        case later
        /// Nothing ever.
        case end
    }

    private var words: ArraySlice<String>
    private let file: InputFile?
    private var lines = BoundedLines()
    private var pending: ArraySlice<BoundedLines.Line> = []
    private var buffer: [UInt8] = []
    private(set) var hasEnded = false

    init(_ request: SweepRequest, _ privileges: borrowing ParkedPrivileges) throws(SweepFailure) {
        words = []
        guard case .file(let name) = request.targets else {
            if case .words(let words) = request.targets { self.words = words[...] }
            file = nil
            return
        }
        do throws(InputFile.Failure) {
            file = try privileges.raising(.readFiles) { () throws(InputFile.Failure) in try InputFile(name) }
        } catch {
            throw SweepFailure("\(error)")
        }
        buffer = [UInt8](repeating: 0, count: 1 << 16)
    }

    /// What is to be waited for until there are more; `nil` once there are none.
    var descriptor: FileDescriptor? { hasEnded ? nil : file?.fileDescriptor }

    mutating func next() -> Next {
        if let word = words.popFirst() { return .word(word) }
        guard let file else {
            hasEnded = true
            return .end
        }
        while true {
            while let line = pending.popFirst() {
                let place = "\(file.name.forTerminal):\(line.number)"
                guard let words = line.words else {
                    return .fault(place: place, reason: "longer than \(BoundedLines.longest) bytes")
                }
                // As fping(8) does, what follows the first word is not looked at.
                if let word = words.first { return .word(String(decoding: word, as: UTF8.self)) }
            }
            if hasEnded { return .end }
            guard file.hasSomething else { return .later }
            do throws(InputFile.Failure) {
                let count = try file.read(into: &buffer)
                hasEnded = count == 0
                pending = hasEnded ? [lines.end()].compactMap(\.self)[...] : lines.read(buffer[..<count])[...]
            } catch {
                hasEnded = true
                return .fault(place: file.name.forTerminal, reason: "\(error.errno)")
            }
            if hasEnded { file.close() }
        }
    }
}
