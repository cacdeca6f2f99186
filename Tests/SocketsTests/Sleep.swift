import Glibc

/// What tests take from the system.
enum Sleep {
    /// Time passes, on a thread of the test's own.
    static func milliseconds(_ count: Int32) { poll(nil, 0, count) }

    /// A number that no other run of the tests has at this time.
    static let processID = getpid()
}
