import Testing

@Suite("What ping can't begin with")
struct BadInputTests {
    @Test("it says what is wrong in one line, prints nothing and ends with 2", arguments: BadInput.all)
    func oneLine(_ input: BadInput) async throws {
        let outcome = try await Program.run([Program.netprobe, "ping"] + input.arguments)
        #expect(outcome.isRefusal(by: "netprobe ping"), "\(outcome)")
        #expect(outcome.errors.contains(input.says), "\(outcome.errors)")
    }

    @Test(
        "through a link it speaks under the link's name",
        arguments: [
            ("ping", "127.0.0.256"), ("ping4", "::1"), ("ping6", "127.0.0.1"), ("/usr/bin/ping", "-x"),
        ])
    func link(name: String, argument: String) async throws {
        let script = #"exec -a "$1" "$0" "$2""#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe, name, argument])
        #expect(outcome.isRefusal(by: name == "/usr/bin/ping" ? "ping" : name), "\(outcome)")
        #expect(outcome.errors.contains("\(argument)"), "\(outcome.errors)")
    }

    @Test("what is no command is named", arguments: ["nope", "--nope", "-x"])
    func noCommand(_ argument: String) async throws {
        let outcome = try await Program.run([Program.netprobe, argument])
        #expect(outcome.isRefusal(by: "netprobe") && outcome.errors.contains("'\(argument)'"), "\(outcome)")
    }

    /// Written as bash writes it: a terminal's escape sequences, C1 controls, line ends, what turns text around
    /// (U+202E), bytes that are no UTF-8, and 100,000 letters.
    static let hostileTexts = [
        #"$'\e[31mred\a'"#, #"$'\e]0;title\e\\'"#, #"$'\302\2330m'"#, #"$'two\nlines\r'"#, #"$'\342\200\256turned'"#,
        #"$'\377\376'"#, #"$'\355\240\200'"#, #""$(head -c 100000 /dev/zero | tr '\0' x)""#,
    ]

    @Test(
        "whatever it quotes does nothing to the terminal, is cut, and takes no time",
        arguments: hostileTexts,
        ["@", "-c @ ::1", "-I @ ::1", "-p @ ::1", "-M @ ::1", "-T @ ::1", "-Q @ ::1", "-@ ::1", "--@ ::1", "@ ::1"])
    func quoting(text: String, arguments: String) async throws {
        // Joined to the rest where there is no blank before it.
        let script = #"exec "$0" ping "# + arguments.replacing("@", with: "-\(text)", maxReplacements: 1)
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe], limit: .seconds(5))
        #expect(outcome.isRefusal(by: "netprobe ping"), "\(outcome)")
        #expect(outcome.errors.utf8.count < 1200, "\(outcome.errors.utf8.count) bytes")
    }
}

extension Outcome {
    /// One line on standard error that begins with the program's name and holds nothing that a terminal acts on,
    /// nothing on standard output, and exit status 2.
    func isRefusal(by name: String) -> Bool {
        status == 2 && output.isEmpty && errors.hasPrefix("\(name): ") && isHarmless(errors, lineCount: 1)
    }

    /// Whether text has so many whole lines of printable characters.
    private func isHarmless(_ text: String, lineCount: Int) -> Bool {
        text.utf8.last == UInt8(ascii: "\n") && text.utf8.count { $0 == UInt8(ascii: "\n") } == lineCount
            && text.unicodeScalars.allSatisfy { scalar in
                scalar == "\n" || ![.control, .format, .unassigned].contains(scalar.properties.generalCategory)
            }
    }
}
