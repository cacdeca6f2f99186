public import Addresses
public import Probing
public import SystemPackage

/// Looks up names of addresses and texts of names, many at once, on the calling thread and without ever waiting.
///
/// An event loop waits for ``fileDescriptor`` and ``wakeUp`` with whatever else it waits for, and calls ``process()``
/// when one of them is due. Nothing is opened, read or sent before the first look-up.
///
/// Answers come from the network: they are of bounded size and nothing else about them is believed. Who shows them on a
/// terminal has to escape them.
public final class NameResolver {
    /// What can be asked. Texts are of names, and are asked from another server.
    private enum Question: Hashable {
        case name(of: IPAddress)
        case texts(of: String)
        case addresses(of: String, IPFamily?)
    }

    /// Questions beyond these wait: a burst of thousands would overrun a name server, and each has a number of 16 bits.
    static var mostAtOnce: Int { 128 }
    /// Who answers from ever new addresses does not fill the memory: what goes beyond is not looked up.
    static var mostKept: Int { 65_536 }

    private let server: NameServer?
    private let textServer: NameServer?
    private let patience: Duration
    private var sockets: WatchedSockets?
    /// By whom they ask.
    private var channels: [NameServer?: DNSChannel] = [:]
    /// What was ever asked.
    private var answers: [Question: LookUp<[String]>] = [:]
    /// The addresses that were found, or why not.
    private var hosts: [Question: HostLookUp] = [:]
    /// Questions that wait for their turn, from `nextWaiting` on.
    private var waiting: [Question] = []
    private var nextWaiting = 0
    private var askedCount = 0

    /// Whether anything was ever found: a server that has found nothing may be a dead one.
    public private(set) var hasFound = false

    /// When ``process()`` is to be called even though the descriptor is not readable; `nil` while nothing is looked up.
    public private(set) var wakeUp: MonotonicTime?

    /// A resolver that has not begun yet.
    /// - Parameters:
    ///   - server: who is asked for names; `nil` for the servers of `resolv.conf`.
    ///   - textServer: who is asked for texts; `nil` for those who are asked for names.
    ///   - patience: how long a server may take for the first of three times that it is asked; it has twice as long for
    ///     each time that follows.
    public init(server: NameServer? = nil, textServer: NameServer? = nil, patience: Duration = .seconds(1)) {
        self.server = server
        self.textServer = textServer ?? server
        self.patience = patience
    }

    /// Readable when there is something to process; `nil` before the first look-up.
    public var fileDescriptor: FileDescriptor? { sockets?.fileDescriptor }

    /// Whether an answer may still come.
    public var isBusy: Bool { askedCount > 0 || nextWaiting < waiting.count }

    /// Begins to look up the name of an address: in `/etc/hosts` and in the domain name system, in the order of
    /// `nsswitch.conf`. Each address is looked up once.
    public func lookUpName(of address: IPAddress) { lookUp(.name(of: address)) }

    /// The name of an address; `.none` also where it was not looked up.
    public func name(of address: IPAddress) -> LookUp<String> { answer(to: .name(of: address)).map(\.first) }

    /// Begins to look up the TXT records (RFC 1035 §3.3.14) of a name. Each name is looked up once.
    public func lookUpTexts(of name: String) { lookUp(.texts(of: name)) }

    /// The TXT records of a name, the strings of each put together; `.none` also where they were not looked up.
    public func texts(of name: String) -> LookUp<[String]> { answer(to: .texts(of: name)) }

    /// Begins to look up the addresses of a name: in `/etc/hosts` and in the domain name system.
    /// - Parameter family: the only one wanted; `nil` for both.
    public func lookUpAddresses(of name: String, family: IPFamily?) { lookUp(.addresses(of: name, family)) }

    /// The addresses of a name; `nil` while they are being looked up, and where they were not.
    public func addresses(of name: String, family: IPFamily?) -> HostLookUp? { hosts[.addresses(of: name, family)] }

    /// Forgets the addresses of a name that have been looked up: who asks for very many keeps none that he has seen.
    public func forgetAddresses(of name: String, family: IPFamily?) { forget(.addresses(of: name, family)) }

    /// Forgets the name of an address that has been looked up.
    public func forgetName(of address: IPAddress) { forget(.name(of: address)) }

    private func forget(_ question: Question) {
        guard answers[question]?.isPending == false else { return }
        answers[question] = nil
        hosts[question] = nil
    }

    /// Takes in what has arrived, and asks again where nothing has for too long.
    public func process() {
        guard let sockets else { return }
        for event in sockets.ready() {
            // A channel passes over sockets that are not its own.
            for channel in channels.values { channel.process(event) }
        }
        for channel in channels.values { channel.process(nil) }
        askWhatWaits()
    }

    // MARK: - Questions

    private func answer(to question: Question) -> LookUp<[String]> { answers[question] ?? .none }

    private func lookUp(_ question: Question) {
        guard answers[question] == nil, answers.count < Self.mostKept else { return }
        answers[question] = .pending
        waiting.append(question)
        askWhatWaits()
    }

    /// A question may be answered before the call that asks it is over, by a file or a failure: that is why the next one
    /// is asked here, in a loop, and not where an answer is taken.
    private func askWhatWaits() {
        while askedCount < Self.mostAtOnce, nextWaiting < waiting.count {
            nextWaiting += 1
            ask(waiting[nextWaiting - 1])
        }
        if nextWaiting == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            nextWaiting = 0
        }
        let timeout = channels.values.compactMap(\.timeout).min()
        wakeUp = timeout.map { Clock.now + $0 }
    }

    private func ask(_ question: Question) {
        askedCount += 1
        let answered: DNSChannel.Completion = { [weak self] in self?.take($0, to: question) }
        switch question {
        case .name(let address):
            guard let channel = channel(to: server) else { return answered([]) }
            channel.askName(of: address, answered)
        case .texts(let name):
            guard let channel = channel(to: textServer) else { return answered([]) }
            channel.askTexts(of: name, answered)
        case .addresses(let name, let family):
            guard let channel = channel(to: server) else {
                hosts[question] = .failed(.temporary)
                return answered([])
            }
            channel.askAddresses(of: name, family) { [weak self] found in
                self?.hosts[question] = found
                answered([])
            }
        }
    }

    private func take(_ answer: [String], to question: Question) {
        askedCount -= 1
        hasFound = hasFound || !answer.isEmpty
        answers[question] = answer.isEmpty ? LookUp.none : .found(answer)
    }

    private func channel(to server: NameServer?) -> DNSChannel? {
        if let channel = channels[server] { return channel }
        sockets = sockets ?? WatchedSockets()
        guard let sockets, let channel = DNSChannel(to: server, patience: patience, sockets) else { return nil }
        channels[server] = channel
        return channel
    }
}
