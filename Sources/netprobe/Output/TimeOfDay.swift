import Packets

extension CaptureTime {
    /// The time of day in UTC as tcpdump prints it: `13:07:42.123456`.
    var timeOfDay: String {
        let day: Int128 = 86_400_000_000
        let microseconds = Int(((nanosecondsSince1970 / 1000) % day + day) % day)
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let decimals = "\(fraction)"
        return "\(Self.twoDigits(seconds / 3600)):\(Self.twoDigits(seconds / 60 % 60)):\(Self.twoDigits(seconds % 60))."
            + String(repeating: "0", count: 6 - decimals.utf8.count) + decimals
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
