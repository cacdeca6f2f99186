import Privileges
import Probing

/// Where paths are written for Graphviz.
enum PathDotOutput {
    /// Nowhere.
    case none
    /// To standard output, in the place of what else is printed.
    case standardOutput
    case file(OutputFile)

    /// Opens the file, as the user of the program may.
    init(_ request: TraceRequest, _ privileges: borrowing ParkedPrivileges) throws(OutputError) {
        guard case .paths(let paths) = request.goal, let name = paths.dot else {
            self = .none
            return
        }
        self =
            name == "-"
            ? .standardOutput
            : .file(try privileges.raising(.writeFiles) { () throws(OutputError) in try OutputFile(name) })
    }

    /// Whether nothing else is printed.
    var isStandardOutput: Bool { if case .standardOutput = self { true } else { false } }

    /// Writes the paths.
    /// - Parameter name: what an address is called.
    func write(
        _ graph: PathGraph, to output: inout StandardOutput, _ name: TraceTable.Label
    ) throws(OutputError) {
        switch self {
        case .none: break
        case .standardOutput: try output.write(PathDot(graph: graph).text(name))
        case .file(let file): try file.write(PathDot(graph: graph).text(name))
        }
    }
}
