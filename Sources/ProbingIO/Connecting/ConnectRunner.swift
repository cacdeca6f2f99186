public import Probing
import Sockets
import SystemPackage

/// Runs a connect session over real sockets, on the calling thread.
public struct ConnectRunner<Observer: ConnectObserver>: ~Copyable {
    /// The session, with what it has counted.
    public private(set) var session: ConnectSession
    /// Who is told.
    public var observer: Observer

    private let endpoint: Endpoint
    private let signals: SignalDescriptor
    /// The socket of the attempt under way.
    private var socket: Socket?
    private var address: SocketAddress?

    public init(
        _ configuration: ConnectConfiguration, to endpoint: Endpoint, signals: consuming SignalDescriptor,
        observer: Observer
    ) {
        session = ConnectSession(configuration, at: Clock.now)
        self.endpoint = endpoint
        self.signals = signals
        self.observer = observer
    }

    /// Runs the session to its end.
    public mutating func run() throws(Observer.Failure) {
        while true {
            switch session.next(at: Clock.now) {
            case .begin(let sequence): try begin(sequence)
            case .timedOut(let report):
                socket = nil
                try observer.observed(report, address)
            case .wait(let end): try wait(until: end)
            case .finished: return
            }
        }
    }

    // MARK: - One attempt

    private mutating func begin(_ sequence: UInt64) throws(Observer.Failure) {
        let start = Clock.now
        address = nil
        session.began(at: start)
        let addresses: [SocketAddress]
        do throws(SocketError) { addresses = try endpoint.addresses() } catch { return try fail(error) }
        let lookUp = endpoint.needsLookUp ? Clock.now - start : nil
        var failure: SocketError?
        var isAnswered = false
        for address in addresses {
            self.address = address
            do throws(SocketError) {
                guard try call(address, sequence, lookUp: lookUp) else { return }
                isAnswered = true
                break
            } catch {
                failure = error
                // Without a way to one address, the name may stand for another.
                guard error.isWithoutRoute else { break }
            }
        }
        if isAnswered { try answered() } else if let failure { try fail(failure) }
    }

    /// Makes the call that is to be answered; returns whether it is already.
    private mutating func call(
        _ address: SocketAddress, _ sequence: UInt64, lookUp: Duration?
    ) throws(SocketError) -> Bool {
        var socket = try endpoint.client(of: address)
        try socket.setTimeout(.zero)
        session.called(at: Clock.now, lookUp: lookUp)
        let errno = socket.connectErrno(to: address)
        guard errno == .nowInProgress || errno == Errno(rawValue: 0) else { throw .failed(.connect, address, errno) }
        if endpoint.isConnectionless { _ = try socket.send("netprobe \(sequence)\n".utf8) }
        self.socket = consume socket
        return errno != .nowInProgress && !endpoint.isConnectionless
    }

    /// Looks at the socket that became ready.
    private mutating func look() throws(Observer.Failure) {
        do throws(SocketError) {
            guard let socket = socket.take() else { return }
            if endpoint.isConnectionless {
                _ = try socket.receive(upTo: endpoint.largestSend)
            } else {
                let errno = socket.pendingError()
                guard errno == Errno(rawValue: 0) else { throw SocketError.failed(.connect, address, errno) }
            }
            self.socket = consume socket
        } catch {
            return try fail(error)
        }
        try answered()
    }

    private mutating func answered() throws(Observer.Failure) {
        let answer = Clock.now
        socket?.endConnection()
        socket = nil
        guard let report = session.answered(at: answer, close: Clock.now - answer) else { return }
        try observer.observed(report, address)
    }

    private mutating func fail(_ error: SocketError) throws(Observer.Failure) {
        let now = Clock.now
        socket = nil
        guard let report = session.failed(ConnectOutcome(error), at: now) else { return }
        try observer.observed(report, address)
    }

    // MARK: - Waiting

    private mutating func wait(until end: MonotonicTime?) throws(Observer.Failure) {
        try observer.willWait()
        var polls = PollSet()
        let signalIndex = polls.add(signals.fileDescriptor, for: .readable)
        let descriptor = socket?.fileDescriptor
        if let descriptor { _ = polls.add(descriptor, for: endpoint.isConnectionless ? .readable : .writable) }
        // The only failure that ppoll has for these descriptors is a want of kernel memory, which passes.
        let ready = (try? polls.wait(timeout: end.map { $0 - Clock.now })) ?? 0
        guard ready > 0 else { return }
        if !polls.ready(at: signalIndex).isEmpty {
            while let signal = signals.next() {
                switch signal {
                case .interrupt, .terminate: session.interrupt()
                case .quit: try observer.statusRequested(session)
                case .windowChanged: continue
                }
            }
        }
        if descriptor != nil, !polls.ready(at: signalIndex + 1).isEmpty { try look() }
    }
}

extension ConnectOutcome {
    fileprivate init(_ error: SocketError) {
        switch error {
        case .failed(_, _, .connectionRefused): self = .refused
        case .failed(_, _, let errno): self = .failed(errno: errno.rawValue)
        case .unresolved(let error): self = .unresolved(code: error.code)
        case .timedOut: self = .timedOut
        default: self = .failed(errno: Errno.invalidArgument.rawValue)
        }
    }
}
