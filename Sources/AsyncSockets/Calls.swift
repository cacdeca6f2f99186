import Sockets

/// What a call returns, again and again until it is `nil`.
struct Calls<Element: Sendable>: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let call: @Sendable () async throws(SocketError) -> Element?

    init(_ call: @escaping @Sendable () async throws(SocketError) -> Element?) { self.call = call }

    func makeAsyncIterator() -> Self { self }

    func next(isolation actor: isolated (any Actor)?) async throws(SocketError) -> Element? { try await call() }
}
