import Testing

@Suite("ping draws")
struct PlotTests {
    @Test("--percentiles adds two lines to the statistics")
    func percentiles() async throws {
        let outcome = try await Network.pair.ping("-qc20", "-i0.005", "--percentiles", "198.18.1.2")
        let lines = outcome.lines.suffix(2)
        #expect(
            lines.first?.wholeMatch(of: #/rtt p50/p90/p95/p99/p99\.9 = \d+\.\d{3}(/\d+\.\d{3}){4} ms/#) != nil)
        #expect(
            lines.last?.wholeMatch(of: #/jitter \d+\.\d{3} ms, reordered 0, late 0, longest outage 0\.000 ms/#) != nil)
    }

    @Test("--plot is plain text at the end where there is no terminal")
    func plainPlot() async throws {
        let outcome = try await Network.hostile.ping("-qc7", "-i0.1", "-W0.1", "--plot", "203.0.113.11")
        #expect(outcome.lines.count == 11)
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(outcome.lines[5].wholeMatch(of: #/ +\d+\.\d{3} ms┤.{7}/#) != nil)
        #expect(outcome.lines[10].wholeMatch(of: #/        0 ms┤[▁-█x]{7}/#) != nil)
        #expect(outcome.lines[10].count(of: "x") == 2)
    }

    @Test(
        "--plot on a terminal is drawn under the text, and taken away before the next line",
        .enabled(if: Program.isInstalled("script"), "script is not installed"))
    func terminalPlot() async throws {
        let outcome = try await Network.pair.run([
            "script", "-qefc", "stty rows 24 cols 80; \(Program.netprobe) ping --plot -c3 -i0.05 198.18.1.2",
            "/dev/null",
        ])
        #expect(outcome.output.count(of: "\u{1B}[6A\r\u{1B}[J") == 3)
        #expect(outcome.output.count(of: "        0 ms┤") == 4)
        #expect(outcome.status == 0)
    }

    @Test(
        "a terminal that is too small gets no plot",
        .enabled(if: Program.isInstalled("script"), "script is not installed"))
    func smallTerminal() async throws {
        let outcome = try await Network.pair.run([
            "script", "-qefc", "stty rows 5 cols 80; \(Program.netprobe) ping --plot -c2 -i0.05 198.18.1.2",
            "/dev/null",
        ])
        #expect(!outcome.output.contains("┤"))
    }
}
