public import Sockets
import SystemPackage

/// What a call waits for.
enum Readiness {
    case readable, writable
}

/// A task that waits for the descriptor.
struct Waiter: Sendable {
    /// What the wait ended with.
    enum Outcome: Sendable {
        /// The call can be made again.
        case ready
        case timedOut
        case cancelled
        case closed
        /// There is no reactor to wait in.
        case failed(SocketError)
    }

    let id: UInt64
    let readiness: Readiness
    let deadline: Int64?
    /// Resumed once, by whoever takes the waiter out of the socket's state.
    let continuation: UnsafeContinuation<Outcome, Never>
}

extension AsyncSocket {
    /// Makes `call`, which must not wait, and again whenever the socket may have become readable, for as long as it
    /// fails with `EAGAIN`: for the calls of `Socket` that have no twin here, such as those with a batch. `call` is
    /// subject to what `withSocket(_:)` says.
    /// - Throws: what `call` throws; `timedOut`, `cancelled`, and `EBADF` after `close()`.
    public func whenReadable<R: Sendable>(
        _ call: (borrowing Socket) throws(SocketError) -> R
    ) async throws(SocketError) -> R {
        try await perform(.receive, waitingFor: .readable, call)
    }

    /// Makes `call` as `whenReadable(_:)` does, and again whenever the socket may have become writable.
    /// - Throws: as `whenReadable(_:)`.
    public func whenWritable<R: Sendable>(
        _ call: (borrowing Socket) throws(SocketError) -> R
    ) async throws(SocketError) -> R {
        try await perform(.send, waitingFor: .writable, call)
    }

    /// Makes `call`, and where it would block waits until the deadline, by default that of the time-out.
    /// - Parameter flags: with `MSG_DONTWAIT` there is no wait.
    func perform<R: Sendable>(
        _ operation: SocketOperation, _ address: SocketAddress? = nil, waitingFor readiness: Readiness,
        until givenDeadline: Deadline? = nil, flags: MessageFlags = [],
        _ call: (borrowing Socket) throws(SocketError) -> R
    ) async throws(SocketError) -> R {
        // Also where nothing would have to be waited for: who only ever receives what is already there can be cancelled
        // too.
        guard !Task.isCancelled else { throw .cancelled(operation) }
        var deadline = givenDeadline
        while true {
            let ticket: Ticket
            switch try attempt(operation, call) {
            case .success(let result): return result
            case .failure(let wouldBlock): ticket = wouldBlock
            }
            guard ticket.timeout != .zero, !flags.contains(.dontWait) else { throw ticket.error }
            let end = deadline ?? Deadline(after: ticket.timeout)
            deadline = end
            guard end.remaining != 0 else { throw .timedOut(operation, address) }
            if ticket.isUnix, address != nil {
                // The peer's queue is full: no event tells of room in it, and each try may itself make this socket
                // writable again.
                guard (try? await Task.sleep(nanoseconds: 1_000_000)) != nil else { throw .cancelled(operation) }
                continue
            }
            switch await wait(for: readiness, with: ticket, until: end) {
            case .ready: continue
            case .timedOut: throw .timedOut(operation, address)
            case .cancelled: throw .cancelled(operation)
            case .closed: throw .failed(operation, nil, .badFileDescriptor)
            case .failed(let error): throw error
            }
        }
    }

    /// What a call that would block leaves with.
    private struct Ticket: Error {
        let error: SocketError
        let id: UInt64
        let generation: UInt64
        let timeout: Duration?
        let isUnix: Bool
    }

    private func attempt<R: Sendable>(
        _ operation: SocketOperation, _ call: (borrowing Socket) throws(SocketError) -> R
    ) throws(SocketError) -> Result<R, Ticket> {
        try state.withLock { state throws(SocketError) in
            do throws(SocketError) {
                return .success(try state.withSocket(operation, call))
            } catch {
                switch error.errno {
                case .wouldBlock, .nowInProgress, .alreadyInProcess: break
                default: throw error
                }
                state.waiterCount += 1
                return .failure(
                    Ticket(
                        error: error, id: state.waiterCount, generation: state.generation, timeout: state.timeout,
                        isUnix: state.socket?.family == .unix))
            }
        }
    }

    private func wait(for readiness: Readiness, with ticket: Ticket, until deadline: Deadline) async -> Waiter.Outcome {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let waiter = Waiter(
                    id: ticket.id, readiness: readiness, deadline: deadline.nanoseconds, continuation: continuation)
                if let outcome = add(waiter, since: ticket.generation) { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            resume(with: .cancelled) { $0.id == ticket.id }
        }
    }

    /// Has the task wait, or says why it need not.
    private func add(_ waiter: Waiter, since generation: UInt64) -> Waiter.Outcome? {
        state.withLock { state in
            guard let descriptor = state.socket?.fileDescriptor else { return .closed }
            // A cancellation from here on finds the waiter; one from before has found none.
            guard !Task.isCancelled else { return .cancelled }
            guard state.generation == generation else { return .ready }
            do throws(SocketError) {
                if state.reactor == nil {
                    let reactor = try Reactor.shared()
                    try reactor.watch(descriptor, for: self)
                    state.reactor = reactor
                }
            } catch {
                return .failed(error)
            }
            if let deadline = waiter.deadline { state.reactor?.schedule(descriptor, at: deadline) }
            state.waiters.append(waiter)
            return nil
        }
    }

    private func resume(with outcome: Waiter.Outcome, where condition: (Waiter) -> Bool) {
        let waiters = state.withLock { $0.takeWaiters(where: condition) }
        for waiter in waiters { waiter.continuation.resume(returning: outcome) }
    }

    // MARK: - From the reactor

    /// The descriptor has become ready. All that wait for it try again: to wake one alone would lose what came, were it
    /// cancelled before it gets to run.
    func becameReady(readable: Bool, writable: Bool) {
        let waiters = state.withLock { state in
            state.generation &+= 1
            return state.takeWaiters { $0.readiness == .readable ? readable : writable }
        }
        for waiter in waiters { waiter.continuation.resume(returning: .ready) }
    }

    /// An alarm of this socket has gone off.
    func alarm(at now: Int64) {
        let waiters = state.withLock { state in
            let expired = state.takeWaiters { $0.deadline.map { $0 <= now } ?? false }
            let next = state.waiters.lazy.compactMap(\.deadline).min()
            if let next, let descriptor = state.socket?.fileDescriptor {
                state.reactor?.schedule(descriptor, at: next)
            }
            return expired
        }
        for waiter in waiters { waiter.continuation.resume(returning: .timedOut) }
    }
}

extension AsyncSocket.State {
    mutating func takeWaiters(where condition: (Waiter) -> Bool) -> [Waiter] {
        let taken = waiters.filter(condition)
        if !taken.isEmpty { waiters.removeAll(where: condition) }
        return taken
    }
}
