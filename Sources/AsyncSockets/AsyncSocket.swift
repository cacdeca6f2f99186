public import Sockets

/// A socket for `async` code: where a call of `Socket` would wait, a call here suspends its task.
///
/// Tasks may share it, and any number of them may send and receive at once; which of several receivers gets what comes
/// is not said. A call of a task that is cancelled throws `SocketError.cancelled`, and has then neither taken nor left
/// anything: the socket goes on being of use. Every descriptor is waited for by one thread, which starts when the first
/// call of the process has to wait.
public final class AsyncSocket: Sendable {
    let state: Locked<State>

    /// What the tasks and the reactor's thread share. Each system call on the descriptor is made under the lock: so it
    /// is closed between calls only, and nothing becomes ready unseen between a call that would block and the wait
    /// after it.
    struct State: ~Copyable {
        /// `nil` after `close()`.
        var socket: Socket?
        var timeout: Duration?
        /// The reactor that watches the descriptor, from the first wait on.
        var reactor: Reactor?
        var waiters: [Waiter] = []
        var waiterCount: UInt64 = 0
        /// How often the reactor has said that the descriptor became ready for something.
        var generation: UInt64 = 0
    }

    /// Takes a socket over, with its time-out; its descriptor does not block from now on.
    public init(_ socket: consuming Socket) {
        var socket = socket
        let timeout = socket.timeout
        socket.setBlocking(false)
        state = Locked(State(socket: socket, timeout: timeout))
    }

    deinit { state.withLock { $0.leaveReactor() } }

    /// Closes the descriptor now. Calls that wait, and those made later, throw `EBADF`. The corresponding C function is
    /// `close`.
    public func close() {
        let waiters = state.withLock { state in
            state.leaveReactor()
            state.socket = nil
            return state.takeWaiters { _ in true }
        }
        for waiter in waiters { waiter.continuation.resume(returning: .closed) }
    }

    /// How long a call waits; `nil` for as long as it takes, zero for not at all. Python's `socket.gettimeout`.
    public var timeout: Duration? { state.withLock { $0.timeout } }

    /// Sets how long calls wait that begin from now on, on the monotonic clock: `nil` for as long as it takes; with
    /// zero, what can't be done at once fails with `EAGAIN` (`EINPROGRESS` for a connect). Python's
    /// `socket.settimeout`.
    /// - Throws: `invalidArgument` for a time-out below zero.
    public func setTimeout(_ timeout: Duration?) throws(SocketError) {
        try Socket.checkTimeout(timeout)
        state.withLock { $0.timeout = timeout }
    }

    /// Calls `body` with the socket, for what never waits: options, names, `shutdown`. Its time-out is zero there. The
    /// other calls on this socket wait for `body` to return: it must not make one itself.
    /// - Throws: what `body` throws, and `EBADF` after `close()`.
    public func withSocket<R: Sendable>(
        _ body: (borrowing Socket) throws(SocketError) -> R
    ) throws(SocketError) -> R {
        try withSocket(.borrow, body)
    }

    func withSocket<R: Sendable>(
        _ operation: SocketOperation, _ body: (borrowing Socket) throws(SocketError) -> R
    ) throws(SocketError) -> R {
        try state.withLock { state throws(SocketError) in try state.withSocket(operation, body) }
    }
}

extension AsyncSocket.State {
    func withSocket<R>(
        _ operation: SocketOperation, _ body: (borrowing Socket) throws(SocketError) -> R
    ) throws(SocketError) -> R {
        switch socket {
        case .some(let socket): return try body(socket)
        case .none: throw .failed(operation, nil, .badFileDescriptor)
        }
    }

    mutating func leaveReactor() {
        guard let reactor, let descriptor = socket?.fileDescriptor else { return }
        reactor.forget(descriptor)
        self.reactor = nil
    }
}
