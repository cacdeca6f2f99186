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

    /// Reads a piece of a file at most, however little is in it: a file of empty lines may have no end.
    mutating func next() -> Next {
        if let word = words.popFirst() { return .word(word) }
        guard let file else {
            hasEnded = true
            return .end
        }
        if let next = nextOfLines(of: file) { return next }
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
        return nextOfLines(of: file) ?? (hasEnded ? .end : .later)
    }

    /// The first word of the next line that has one. As fping(8) does, what follows it is not looked at.
    private mutating func nextOfLines(of file: InputFile) -> Next? {
        while let line = pending.popFirst() {
            guard let words = line.words else {
                let place = "\(file.name.forTerminal):\(line.number)"
                return .fault(place: place, reason: "longer than \(BoundedLines.longest) bytes")
            }
            if let word = words.first { return .word(String(decoding: word, as: UTF8.self)) }
        }
        return nil
    }
}
