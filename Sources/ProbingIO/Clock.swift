import CLinux
import Glibc
public import Probing

/// The clocks of this machine.
public enum Clock {
    /// `CLOCK_MONOTONIC`: what sessions run by.
    public static var now: MonotonicTime { MonotonicTime(nanoseconds: read(CLOCK_MONOTONIC)) }

    /// `CLOCK_REALTIME`: nanoseconds since 1970, as kernel timestamps have them; it may be set at any time.
    public static var wallClock: Int64 { read(CLOCK_REALTIME) }

    /// This moment, and by how many nanoseconds the wall clock is ahead of it. Where something else ran between the two
    /// looks at the clocks, they are looked at again.
    static func both() -> (now: MonotonicTime, wallClockOffset: Int64) {
        var before = now
        for _ in 0..<4 {
            let wallClock = wallClock
            let after = now
            if after.nanoseconds - before.nanoseconds < 20_000 { return (after, wallClock - after.nanoseconds) }
            before = after
        }
        return (before, wallClock - before.nanoseconds)
    }

    /// Has waits of this thread end when they should, and not up to 50 µs later, so that others end with them.
    ///
    /// The corresponding C call is `prctl(PR_SET_TIMERSLACK)`.
    public static func sharpenTimers() { _ = netprobe_prctl(PR_SET_TIMERSLACK, 1, 0) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
