import Foundation
import Testing

@testable import netprobe

@Suite("Numbers and text for people and programs")
struct OutputTests {
    /// What ping(8) of iputils 20221126 prints for these numbers of microseconds.
    @Test(
        "a round-trip time has as many decimals as ping gives it",
        arguments: [
            (0, "0.000"), (27, "0.027"), (999, "0.999"), (1000, "1.00"), (1234, "1.23"), (1235, "1.24"),
            (9994, "9.99"), (9995, "10.0"), (12345, "12.3"), (99949, "99.9"), (99950, "100"), (100_499, "100"),
            (100_500, "101"), (12_345_678, "12346"),
        ])
    func roundTripTimes(microseconds: Int, text: String) {
        #expect(Duration.microseconds(microseconds).roundTripMilliseconds == text)
    }

    @Test("a share is printed in per cent as C's %g prints it")
    func percentages() {
        for lost in 0...997 {
            let share = Double(lost) / 997
            #expect(percent(share) == String(format: "%g", Double(Float(share * 100))), "\(lost) of 997")
        }
    }

    @Test("seconds have nine decimals")
    func seconds() {
        #expect(Duration.nanoseconds(1).seconds == "0.000000001")
        #expect(Duration.nanoseconds(-1).seconds == "-0.000000001")
        #expect(Duration.seconds(12).seconds == "12.000000000")
    }

    @Test("JSON reads back as what was written")
    func json() throws {
        var object = JSONObject()
        let nasty = "a\"b\\c\n\u{1B}[31m\u{0}\u{9B}\u{7F}é\u{1F600}\u{2028}"
        object.add("text", nasty)
        object.add("number", UInt64.max)
        object.add("share", 0.25)
        object.add("no", false)
        object.add("nothing", String?.none)
        object.add("list", ["x", nasty])
        var inner = JSONObject()
        inner.add("time", Duration.nanoseconds(1_500_000_000))
        object.add("inner", inner)
        #expect(object.line.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(object.line.utf8)) as? [String: Any])
        #expect(parsed["text"] as? String == nasty)
        #expect(parsed["number"] as? UInt64 == .max)
        #expect(parsed["share"] as? Double == 0.25)
        #expect(parsed["no"] as? Bool == false)
        #expect(parsed["nothing"] == nil)
        #expect(parsed["list"] as? [String] == ["x", nasty])
        #expect((parsed["inner"] as? [String: Double])?["time"] == 1.5)
    }

    @Test("text from elsewhere can't command a terminal")
    func terminalText() {
        #expect("host.example".forTerminal == "host.example")
        #expect("a\u{1B}[2Jb\r\n".forTerminal == #"a\u{1B}[2Jb\r\n"#)
        #expect("\u{9B}31m\u{202E}x\u{7F}".forTerminal == #"\u{009B}31m\u{202E}x\u{7F}"#)
        #expect(String(repeating: "x", count: 300).forTerminal == String(repeating: "x", count: 256) + "…")
    }

    @Test("a plot has a column for each request, and a mark for each that was lost")
    func plot() {
        var plot = LatencyPlot()
        for milliseconds in [1, 2, 4] { plot.add(.milliseconds(milliseconds)) }
        plot.add(nil)
        let lines = plot.plainText.split(separator: "\n").map(String.init)
        #expect(lines.count == 6)
        #expect(lines[0] == "    4.000 ms┤  █ ")
        #expect(lines[5] == "        0 ms┤███x")
    }
}
