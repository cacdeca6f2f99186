import Testing

@testable import Privileges

@Suite("The environment of a less privileged caller")
struct EnvironmentTests {
    private func isHarmless(_ variable: String) -> Bool {
        Environment.isHarmless(variable.utf8.map(CChar.init(bitPattern:)))
    }

    @Test(
        "what says how to print stays",
        arguments: [
            "TERM=xterm-256color", "COLUMNS=80", "LINES=24", "NO_COLOR=", "LANG=de_DE.UTF-8", "LC_CTYPE=C.UTF-8",
            "TZ=Europe/Berlin", "TZ=CET-1CEST", "TZ=",
        ])
    func stays(variable: String) {
        #expect(isHarmless(variable))
    }

    @Test(
        "what leads a library to a file, or is not known, goes",
        arguments: [
            "PATH=/bin", "HOSTALIASES=/tmp/x", "RES_OPTIONS=debug", "LOCALDOMAIN=x", "SWIFT_BACKTRACE=enable=yes",
            "TERM=../../tmp/x", "LANG=/tmp/x", "LC_ALL=../x", "LC_=x/y", "TZ=/tmp/x", "TZ=:/tmp/x", "TZ=../../tmp/x",
            "TERM=a\u{1b}[2J", "TERMCAP=x", "LC_all=C", "NO_COLOR", "=x", "",
        ])
    func goes(variable: String) {
        #expect(!isHarmless(variable))
    }

    @Test("a value of 128 characters stays, a longer one goes")
    func length() {
        #expect(isHarmless("TERM=" + String(repeating: "x", count: 128)))
        #expect(!isHarmless("TERM=" + String(repeating: "x", count: 129)))
    }
}
