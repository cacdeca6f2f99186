import Glibc

/// Times of day where this machine is.
enum LocalTime {
    /// A number of seconds since 1970 in a format of strftime(3).
    static func text(_ seconds: Int64, _ format: String) -> String {
        var time = time_t(seconds)
        var fields = tm()
        localtime_r(&time, &fields)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress, strftime(start, buffer.count, format, &fields) > 0 else { return "" }
            return String(cString: start)
        }
    }
}
