import Glibc
import SystemPackage

/// What ordinary users may not do with raw sockets that the program's file grants them, unless the administrator says
/// so: what forges, hides or floods.
public enum PolicyRight: String, CaseIterable, Sendable {
    /// A source address that is not this machine's.
    case forgeSource = "forge-source"
    /// TCP segments that no connection of this machine's has sent.
    case craftTCP = "craft-tcp"
    /// Fragments made by hand.
    case rawFragments = "raw-fragments"
    /// More packets a second than anybody needs to find a fault.
    case flood
    /// Packets of an interface that are not for this machine.
    case promiscuous
}

/// Who may what: root everything, and others what `/etc/netprobe/policy.conf` grants to one of their groups.
///
/// Each line of the file is `allow GROUP RIGHT…`: a group by its name in `/etc/group` or
/// its number, and rights by name, or `all`. Empty lines
/// and what follows a `#` say nothing. A file that is not root's alone, or that has a line of another form, grants
/// nothing to anybody, and is an error where a right is asked for.
public struct Policy: Hashable, Sendable {
    /// The administrator's file.
    public static let path = "/etc/netprobe/policy.conf"

    /// What is granted.
    public let rights: Set<PolicyRight>

    /// What the caller may do. Root's word needs no file; a file that does not exist grants nothing.
    public static func of(_ caller: Caller, path: String = Policy.path) throws(PolicyError) -> Policy {
        if caller.isRoot { return Policy(rights: Set(PolicyRight.allCases)) }
        guard let text = try PolicyFile.read(path) else { return Policy(rights: []) }
        let grants = try PolicyGrant.parse(text)
        guard !grants.isEmpty else { return Policy(rights: []) }
        let groups = Set(UserIdentity.groups() + [caller.groupID])
        return Policy(rights: grants.reduce(into: []) { if $1.isFor(groups) { $0.formUnion($1.rights) } })
    }

    /// - Parameter subject: what is asked for, in words: `a source that is not this machine's, 192.0.2.1`.
    /// - Throws: a refusal that names the rule and the file, if it is not granted.
    public func require(_ right: PolicyRight, for subject: String) throws(PolicyError) {
        guard rights.contains(right) else { throw .refused(right, subject) }
    }
}

/// Why a right is not granted, in one line.
public enum PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody granted it.
    case refused(PolicyRight, String)
    /// A line is no grant: its number from 1, and what is wrong.
    case badLine(Int, String)
    /// The file can't be read, or be trusted.
    case badFile(String)

    /// One line, such as `a flood is not for ordinary users: no line 'allow GROUP flood' in /etc/netprobe/policy.conf is
    /// for one of your groups`.
    public var description: String {
        switch self {
        case .refused(let right, let subject):
            "\(subject) is not for ordinary users: no line 'allow GROUP \(right.rawValue)' in \(Policy.path) is for one "
                + "of your groups"
        case .badLine(let number, let reason): "\(Policy.path), line \(number): \(reason)"
        case .badFile(let reason): "\(Policy.path): \(reason)"
        }
    }
}

/// A line of the policy.
struct PolicyGrant: Hashable {
    let group: String
    let rights: Set<PolicyRight>

    /// Reads all lines.
    static func parse(_ text: String) throws(PolicyError) -> [PolicyGrant] {
        var grants: [PolicyGrant] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
            if words.isEmpty { continue }
            do throws(Flaw) {
                grants.append(try PolicyGrant(words))
            } catch {
                throw .badLine(index + 1, error.reason)
            }
        }
        return grants
    }

    private struct Flaw: Error { let reason: String }

    private init(_ words: [String]) throws(Flaw) {
        guard words[0] == "allow", words.count >= 3 else {
            throw Flaw(reason: "not of the form 'allow GROUP RIGHT…', such as 'allow netadmin flood promiscuous'")
        }
        group = words[1]
        var rights: Set<PolicyRight> = []
        for word in words[2...] {
            if word == "all" {
                rights.formUnion(PolicyRight.allCases)
            } else if let right = PolicyRight(rawValue: word) {
                rights.insert(right)
            } else {
                let known = PolicyRight.allCases.map(\.rawValue).joined(separator: ", ")
                throw Flaw(reason: "no right is called '\(word.printable)': there are \(known), and all")
            }
        }
        self.rights = rights
    }

    /// Whether it is for one of these groups. A group that does not exist has no members.
    func isFor(_ groups: Set<gid_t>) -> Bool {
        if let number = gid_t(group) { return groups.contains(number) }
        return UserIdentity.number(ofGroup: group).map(groups.contains) ?? false
    }
}

/// The administrator's file, which nobody else may have written.
private enum PolicyFile {
    /// More than any administrator writes by hand.
    private static let longest = 1 << 16

    /// Its text; `nil` if there is none.
    static func read(_ path: String) throws(PolicyError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let errno = Errno.current
            if errno == .noSuchFileOrDirectory || errno == .notDirectory { return nil }
            throw .badFile("\(errno)")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .badFile("\(Errno.current)") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .badFile("not a file") }
        guard status.st_uid == 0, status.st_mode & 0o022 == 0 else {
            throw .badFile("others than root may write it: it must be root's, with mode 644")
        }
        guard status.st_size <= longest else { throw .badFile("longer than \(longest) bytes") }
        var text = [UInt8](repeating: 0, count: longest)
        var filled = 0
        while filled < longest {
            // Safe: the room that is left is never negative.
            let count = text.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
            }
            if count < 0, Errno.current == .interrupted { continue }
            guard count >= 0 else { throw .badFile("\(Errno.current)") }
            if count == 0 { break }
            filled += count
        }
        return String(decoding: text[..<filled], as: UTF8.self)
    }
}

extension String {
    /// Without what a terminal would obey.
    fileprivate var printable: String {
        String(
            unicodeScalars.prefix(40).map { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? "?" : Character($0) })
    }
}
