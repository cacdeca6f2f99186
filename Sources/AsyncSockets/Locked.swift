import Glibc

/// A value that one thread at a time can get at. Unlike the standard library's `Mutex` its lock is one that
/// ThreadSanitizer knows, and so it can say whether all that is shared is behind it.
struct Locked<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    private struct Storage: ~Copyable {
        var mutex = pthread_mutex_t()
        var value: Value
    }

    private let storage: UnsafeMutablePointer<Storage>

    init(_ value: consuming Value) {
        storage = .allocate(capacity: 1)
        storage.initialize(to: Storage(value: value))
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    /// Safe: the mutex is the first in its storage.
    private var mutex: UnsafeMutablePointer<pthread_mutex_t> {
        UnsafeMutableRawPointer(storage).assumingMemoryBound(to: pthread_mutex_t.self)
    }

    /// Calls `body` with the value, while nobody else has it; `body` must not come here again.
    func withLock<R, E>(_ body: (inout Value) throws(E) -> R) throws(E) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&storage.pointee.value)
    }
}
