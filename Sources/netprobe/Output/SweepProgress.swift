import Glibc
import Probing
import ProbingIO

/// The line on a terminal that says how far a sweep is.
struct SweepProgress {
    /// When it is to be drawn next: soon, if something else was written there.
    var next: MonotonicTime { lastDrawn.map { $0 + (StatusLine.isShown ? Self.interval : Self.pause) } ?? first }
    private let first: MonotonicTime
    private var lastDrawn: MonotonicTime?
    /// Probes to each target; `nil` for as many as it takes.
    private let probesPerTarget: Int?
    private let start: MonotonicTime
    private var rate = 0.0
    private var lastSent = 0
    private var lastTime: MonotonicTime

    private static var interval: Duration { .milliseconds(250) }
    private static var pause: Duration { .milliseconds(20) }
    /// Who is done sooner has seen nothing of it.
    private static var delay: Duration { .milliseconds(750) }

    /// - Returns: `nil` where nobody would see it.
    init?(_ display: SweepDisplay, probesPerTarget: Int?, at start: MonotonicTime) {
        guard display.showsProgress, isatty(STDERR_FILENO) == 1 else { return nil }
        if let terminal = getenv("TERM"), strcmp(terminal, "dumb") == 0 { return nil }
        self.probesPerTarget = probesPerTarget
        self.start = start
        lastTime = start
        first = start + Self.delay
    }

    /// Draws the line anew.
    mutating func draw(_ totals: SweepTotals, at now: MonotonicTime) {
        lastDrawn = now
        let elapsed = now - lastTime
        if elapsed >= Self.interval {
            rate = Double(totals.sent - lastSent) / (elapsed / .seconds(1))
            (lastSent, lastTime) = (totals.sent, now)
        }
        let text = Self.text(totals, probesPerTarget: probesPerTarget, rate: rate, elapsed: now - start)
        StatusLine.show(String(text.prefix(max(0, Self.columns - 1))))
    }

    static func text(_ totals: SweepTotals, probesPerTarget: Int?, rate: Double, elapsed: Duration) -> String {
        var parts = ["\(totals.sent) sent", "\(totals.received) answered", "\(Int(rate.rounded())) a second"]
        if let expected = totals.expected, let probesPerTarget {
            let all = Double(expected) * Double(probesPerTarget)
            let left = max(0, all - Double(totals.sent))
            parts[0] = "\(totals.sent) of \(Int64(exactly: all.rounded()) ?? .max) sent"
            if left == 0 {
                parts.append("waiting for answers")
            } else if rate > 0 {
                parts.append("\(Self.time(left / rate)) left")
            }
        } else {
            parts.append("for \(Self.time(elapsed / .seconds(1)))")
        }
        return parts.joined(separator: ", ")
    }

    /// Seconds as people say them.
    private static func time(_ seconds: Double) -> String {
        let whole = Int64(exactly: seconds.rounded(.up)) ?? .max
        switch whole {
        case ..<120: return "\(whole) s"
        case ..<7200: return "\(whole / 60) min"
        case ..<172_800: return "\(whole / 3600) h"
        default: return "\(whole / 86_400) days"
        }
    }

    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
