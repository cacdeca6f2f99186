import Glibc

/// The lines of the report. They are written at once, so that a process that is ended shows how far it came.
struct Report {
    private var descriptor: CInt = 1

    /// Sends what follows to a file. Its number shows whether 0, 1 and 2 were taken.
    mutating func redirect(to path: String) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        add("report_descriptor", descriptor)
    }

    func add(_ key: String, _ value: some CustomStringConvertible) {
        var line = "\(key)=\(value)\n"
        line.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
    }

    /// The lines of `/proc/self/status` that tell of privileges, as `PREFIX.Name=value`.
    func addStatus(_ prefix: String, _ file: CInt) {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = pread(file, &bytes, bytes.count, 0)
        let names = [
            "Uid", "Gid", "Groups", "Threads", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs",
            "Seccomp",
        ]
        for line in bytes.prefix(max(count, 0)).split(separator: UInt8(ascii: "\n")) {
            let words = String(decoding: line, as: UTF8.self).split { $0 == ":" || $0 == "\t" || $0 == " " }
            guard let name = words.first, names.contains(String(name)) else { continue }
            add("\(prefix).\(name)", words.dropFirst().joined(separator: " "))
        }
    }

    func finish() {
        add("finished", true)
    }
}
