import SystemPackage

/// A file for results, opened before any privilege is given away.
struct OutputFile {
    private let name: String
    private let descriptor: FileDescriptor

    /// What the program prints to, as a file.
    static let standardOutput = OutputFile(standardOutput: ())

    private init(standardOutput: Void) {
        name = "standard output"
        descriptor = .standardOutput
    }

    /// Opens a file and empties it; makes it where there is none.
    init(_ name: String) throws(OutputError) {
        self.name = name
        do {
            descriptor = try FileDescriptor.open(
                FilePath(name), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw OutputError(errno: error as? Errno ?? .ioError, file: name)
        }
    }

    /// Writes all that there is to write, and closes the file.
    func write(_ text: String) throws(OutputError) {
        do {
            try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
        } catch {
            throw OutputError(errno: error as? Errno ?? .ioError, file: name)
        }
    }

    /// Writes what comes next.
    func append(_ bytes: ArraySlice<UInt8>) throws(OutputError) {
        do {
            _ = try descriptor.writeAll(bytes)
        } catch {
            throw OutputError(
                errno: error as? Errno ?? .ioError, file: descriptor == .standardOutput ? nil : name)
        }
    }

    /// Takes everything out that was written, to begin anew.
    func empty() throws(OutputError) {
        do {
            try descriptor.resize(to: 0)
            try descriptor.seek(offset: 0, from: .start)
        } catch {
            throw OutputError(errno: error as? Errno ?? .ioError, file: name)
        }
    }
}
