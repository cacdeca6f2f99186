public import Probing
public import Sockets

/// Who is told what happens while a connect session runs.
public protocol ConnectObserver {
    /// Why an observer can't go on, such as an output that can't be written.
    associatedtype Failure: Error

    /// An attempt has ended; the address is the last one it was about, `nil` where there was none.
    mutating func observed(_ report: ConnectReport, _ address: SocketAddress?) throws(Failure)
    /// The user asks how things stand (`SIGQUIT`).
    mutating func statusRequested(_ session: ConnectSession) throws(Failure)
    /// The program is about to wait: what was held back should be shown now.
    mutating func willWait() throws(Failure)
}
