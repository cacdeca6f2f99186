import Foundation
import Testing

@testable import netprobe

@Suite("Round-trip times as fping writes them")
struct FpingTimeTests {
    static func text(_ nanoseconds: Int64) -> String {
        var text: [UInt8] = []
        text.append(fpingMilliseconds: nanoseconds)
        return String(decoding: text, as: UTF8.self)
    }

    /// What the C library makes of the milliseconds, in fping's format for their size.
    static func printed(_ nanoseconds: Int64) -> String {
        let milliseconds = Double(nanoseconds) / 1e6
        let format =
            switch milliseconds {
            case ..<1: "%.3f"
            case ..<10: "%.2f"
            case ..<100: "%.1f"
            case ..<1_000_000: "%.0f"
            default: "%.3e"
            }
        return String(format: format, milliseconds)
    }

    @Test(
        "the number of decimals follows from the size",
        arguments: [
            (0, "0.000"), (16_000, "0.016"), (999_499, "0.999"), (999_500, "1.000"), (1_000_000, "1.00"),
            (1_234_567, "1.23"), (9_994_999, "9.99"), (9_999_999, "10.00"), (12_345_678, "12.3"), (99_960_000, "100.0"),
            (123_456_789, "123"), (999_999_499_999, "999999"), (999_999_500_000, "1000000"),
            (1_000_000_000_000, "1.000e+06"), (1_234_567_000_000, "1.235e+06"), (9_999_600_000_000, "1.000e+07"),
            (.max, "9.223e+12"), (-5, "0.000"), (.min, "0.000"),
        ] as [(Int64, String)])
    func sizes(nanoseconds: Int64, text: String) { #expect(Self.text(nanoseconds) == text) }

    @Test("halves are rounded as printf rounds them, which knows no halves but those of a double")
    func halves() {
        for unit: Int64 in [1000, 10_000, 100_000, 1_000_000] {
            for count: Int64 in 0..<1000 {
                let nanoseconds = count * unit + unit / 2
                #expect(Self.text(nanoseconds) == Self.printed(nanoseconds))
            }
        }
    }

    @Test("any time is written as printf writes it")
    func random() {
        for digits in 1...18 {
            var most: Int64 = 1
            for _ in 0..<digits { most *= 10 }
            for _ in 0..<500 {
                let nanoseconds = Int64.random(in: 0..<most)
                #expect(Self.text(nanoseconds) == Self.printed(nanoseconds), "\(nanoseconds)")
            }
        }
    }
}
