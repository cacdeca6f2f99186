import Testing

@testable import Probing

struct MonotonicTimeTests {
    @Test("a moment plus a duration stays within what 64 bits hold")
    func saturates() {
        let last = MonotonicTime(nanoseconds: .max)
        let first = MonotonicTime(nanoseconds: .min)
        #expect(last + .nanoseconds(1) == last)
        #expect(first + .nanoseconds(-1) == first)
        #expect(origin + .seconds(Int64.max) == last)
        #expect(MonotonicTime(nanoseconds: -10) + .seconds(Int64.min) == first)
    }

    @Test("the time between two moments is their difference")
    func difference() {
        #expect(MonotonicTime(nanoseconds: 7) - MonotonicTime(nanoseconds: 10) == .nanoseconds(-3))
        #expect(origin + .ms(2.5) - origin == .ms(2.5))
    }

    @Test("a duration in nanoseconds is cut to 64 bits")
    func clamped() {
        #expect(Duration.seconds(1).clampedNanoseconds == 1_000_000_000)
        #expect(Duration.nanoseconds(-1).clampedNanoseconds == -1)
        #expect(Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999).clampedNanoseconds == 1)
        #expect(Duration.seconds(Int64.max).clampedNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).clampedNanoseconds == .min)
        #expect(Duration.seconds(9_223_372_036).clampedNanoseconds == 9_223_372_036_000_000_000)
        #expect(Duration.seconds(9_223_372_037).clampedNanoseconds == .max)
    }
}
