import Addresses
import Privileges
import SystemPackage

/// The file of targets, where there is one: opened as its reader may, and read once every privilege is gone.
struct TraceTargetFile {
    private let file: InputFile?

    init(_ request: TraceRequest, _ privileges: borrowing ParkedPrivileges) throws(TraceFailure) {
        guard case .file(let name) = request.targets else {
            file = nil
            return
        }
        do throws(InputFile.Failure) {
            file = try privileges.raising(.readFiles) { () throws(InputFile.Failure) in try InputFile(name) }
        } catch {
            throw TraceFailure("\(error)", status: .error)
        }
    }

    /// Where the traces go. Lines that are wrong are named on standard error, and left out.
    /// - Parameter families: the families for which there are sockets.
    /// - Returns: at least one destination, and whether no line was wrong.
    func destinations(_ request: TraceRequest, families: [IPFamily]) throws -> ([TraceDestination], isComplete: Bool) {
        if case .host(let host) = request.targets {
            return ([try TraceDestination(host, request, families: families)], true)
        }
        guard let file else { return ([], true) }
        defer { file.close() }
        let targets = try Self.read(file)
        var faults = targets.complaints.count
        for complaint in targets.complaints {
            request.complain("\(file.name.forTerminal):\(complaint.line): \(complaint.reason)")
        }
        var destinations: [TraceDestination] = []
        var scopeID: UInt32 = 0
        for line in targets.lines {
            do {
                let destination = try TraceDestination(line.host, request, families: families)
                let scope = destination.destination.scopeID
                guard scope == 0 || scopeID == 0 || scope == scopeID else {
                    throw TraceFailure("\(line.host.forTerminal): on another link than the one before")
                }
                if scope != 0 { scopeID = scope }
                destinations.append(destination)
            } catch {
                guard error is TraceFailure else { throw error }
                faults += 1
                request.complain("\(file.name.forTerminal):\(line.number): \(Self.words(error, line.host))")
            }
        }
        if faults > 0, request.isStrict {
            throw TraceFailure(
                "\(faults) of the lines are wrong, and --strict is asked for: nothing is done", status: .error)
        }
        guard !destinations.isEmpty else {
            throw TraceFailure(
                "\(file.name.forTerminal): no target \(faults > 0 ? "is left" : "in it")", status: .error)
        }
        return (destinations, faults == 0)
    }

    private static func words(_ error: any Error, _ host: String) -> String {
        let (words, host) = ("\(error)", host.forTerminal)
        return words.hasPrefix(host) ? words : "\(host): \(words)"
    }

    private static func read(_ file: InputFile) throws(TraceFailure) -> TraceTargets {
        var targets = TraceTargets()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count: Int
            do throws(InputFile.Failure) { count = try file.read(into: &buffer) } catch {
                throw TraceFailure("\(error)", status: .error)
            }
            guard count > 0 else { break }
            targets.read(buffer[..<count])
        }
        targets.end()
        return targets
    }
}
