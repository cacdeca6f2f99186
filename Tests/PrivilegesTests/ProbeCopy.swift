import Glibc

/// A copy of the probe that every user can run, in a directory of its own; both are removed at the end of its life.
final class ProbeCopy: Sendable {
    let directory: String
    var path: String { directory + "/PrivilegesProbe" }

    /// `grant` is a command that gives the copy its privileges, which takes the copy's path as its last argument.
    init?(grant: [String] = []) {
        var template = Array("/tmp/privileges-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard chmod(directory, 0o755) == 0, Probe.run(["cp", Probe.path, path]).end == .exit(0), chmod(path, 0o755) == 0
        else { return nil }
        guard grant.isEmpty || Probe.run(grant + [path]).end == .exit(0) else { return nil }
    }

    deinit {
        unlink(path)
        unlink(directory + "/report")
        rmdir(directory)
    }
}
