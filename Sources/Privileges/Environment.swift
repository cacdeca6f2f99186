import CLinux
import Glibc

/// The environment of a process whose starter is less privileged than it is.
///
/// Libraries read paths and switches from it (`RES_OPTIONS`, `LOCALDOMAIN`, `HOSTALIASES`, `LOCPATH`, `SWIFT_…`), so
/// nothing stays but what says how to print, and that only where the value can't lead a library to a file.
enum Environment {
    /// Longer values have no use here.
    private static let longestValue = 128

    /// Removes every variable that is not known to be harmless. Call it before there is a second thread.
    static func scrub() {
        guard let variables = netprobe_environment() else { return }
        var kept = 0
        var next = 0
        // Safe: environ is an array of C strings that ends with a null pointer, and only this thread exists.
        while let variable = variables[next] {
            if isHarmless(UnsafeBufferPointer(start: variable, count: strlen(variable))) {
                variables[kept] = variable
                kept += 1
            }
            next += 1
        }
        variables[kept] = nil
    }

    /// Whether a `NAME=value` may stay.
    static func isHarmless(_ variable: some Collection<CChar>) -> Bool {
        guard let equals = variable.firstIndex(of: CChar(UInt8(ascii: "="))) else { return false }
        let name = variable[..<equals]
        let value = variable[variable.index(after: equals)...]
        guard value.count <= longestValue, value.allSatisfy({ 0x20...0x7e ~= $0 }) else { return false }
        if isName(name, "TZ") { return isZoneName(value) }
        guard
            isName(name, "TERM") || isName(name, "COLUMNS") || isName(name, "LINES") || isName(name, "NO_COLOR")
                || isName(name, "LANG") || isLocaleCategory(name)
        else { return false }
        return !value.contains(CChar(UInt8(ascii: "/")))
    }

    /// Whether a `TZ` names a zone of the system's own database or is a rule in itself, rather than a file.
    private static func isZoneName(_ value: some Collection<CChar>) -> Bool {
        guard let first = value.first else { return true }
        let isPath = first == CChar(UInt8(ascii: "/")) || first == CChar(UInt8(ascii: ":"))
        return !isPath && !value.contains(CChar(UInt8(ascii: ".")))
    }

    private static func isName(_ name: some Collection<CChar>, _ wanted: StaticString) -> Bool {
        wanted.withUTF8Buffer { bytes in name.elementsEqual(bytes.lazy.map(CChar.init(bitPattern:))) }
    }

    /// `LC_ALL`, `LC_CTYPE` and their kind.
    private static func isLocaleCategory(_ name: some Collection<CChar>) -> Bool {
        guard isName(name.prefix(3), "LC_") else { return false }
        return name.dropFirst(3).allSatisfy { CChar(UInt8(ascii: "A"))...CChar(UInt8(ascii: "Z")) ~= $0 }
    }
}
