/// The time of day before a line: `-D`, in the formats of `--timestamp-format`.
struct SweepTimestamp {
    private let format: SweepDisplay.Timestamps
    /// The local time of the second before, which most lines are of as well.
    private var cached: (second: Int64, text: String)?

    init(_ format: SweepDisplay.Timestamps) { self.format = format }

    /// Appends the time, of which there are so many nanoseconds since 1970, without brackets or quotation marks.
    mutating func append(_ nanoseconds: Int64, to text: inout [UInt8]) {
        guard let format = localFormat else {
            return text.append((UInt64(max(0, nanoseconds)) + 5000) / 10_000, decimals: 5)
        }
        let second = nanoseconds / 1_000_000_000
        if cached?.second != second { cached = (second, LocalTime.text(second, format)) }
        if let cached { text.append(cached.text) }
    }

    private var localFormat: String? {
        switch format {
        case .unix: nil
        case .ctime: "%a %b %e %H:%M:%S %Y"
        case .iso: "%Y-%m-%dT%H:%M:%S%z"
        case .rfc3339: "%Y-%m-%d %H:%M:%S"
        }
    }
}
