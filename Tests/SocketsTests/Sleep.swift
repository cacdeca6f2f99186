import Glibc

/// Time that passes on a thread of the test's own.
enum Sleep {
    static func milliseconds(_ count: Int32) { poll(nil, 0, count) }
}
