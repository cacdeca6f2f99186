import Addresses
import Glibc
import Probing
import ProbingIO
import SystemPackage

/// What the addresses of traces are called, and which autonomous systems they belong to: looked up all at once, and
/// waited for a little.
final class TraceNames {
    /// How long a line waits for the names in it, from when the first answer came. What is not known by then is left out.
    private static let patience = Duration.milliseconds(500)
    /// How many addresses are looked up at most.
    private static let mostAddresses = 65_536

    private let looksUpNames: Bool
    /// In which zones autonomous systems are looked up; `nil` for not at all.
    private let zones: AutonomousSystems?
    private let resolver: NameResolver
    /// Until when the names of an address are waited for.
    private var ends: [IPAddress: MonotonicTime] = [:]
    /// The addresses that may be waited for, in the order in which that ends, from `nextWaiting` on.
    private var waiting: [IPAddress] = []
    private var nextWaiting = 0
    /// Whether an address was waited for in vain: who has never found anything is not waited for twice.
    private var isGivenUp = false

    /// None are looked up.
    init() {
        (looksUpNames, zones) = (false, nil)
        resolver = NameResolver(textServer: nil)
    }

    init(_ display: TraceDisplay, _ server: TraceNameServer?) {
        looksUpNames = display.looksUpNames
        zones = display.looksUpSystems ? server?.zones ?? AutonomousSystems() : nil
        resolver = NameResolver(textServer: server?.server)
    }

    // MARK: - Looking up

    /// Begins to look an address up.
    func lookUp(_ address: IPAddress) {
        guard looksUpNames || zones != nil, ends[address] == nil, ends.count < Self.mostAddresses else { return }
        ends[address] = Clock.now + Self.patience
        if looksUpNames { resolver.lookUpName(of: address) }
        if let zones { resolver.lookUpSystems(of: address, in: zones) }
        waiting.append(address)
    }

    /// Readable when an answer has come.
    var fileDescriptor: FileDescriptor? { resolver.fileDescriptor }

    /// When the resolver has something to do, or an address is no longer waited for.
    var wakeUp: MonotonicTime? {
        dropWhatIsKnown()
        let end = nextWaiting < waiting.count ? ends[waiting[nextWaiting]] : nil
        return [resolver.wakeUp, end].compactMap { $0 }.min()
    }

    func process() { resolver.process() }

    /// Waits for what is still looked up, as long as that is worth it.
    func settle() {
        while true {
            dropWhatIsKnown()
            guard isWorthWaiting, nextWaiting < waiting.count, let end = wakeUp, let descriptor = fileDescriptor else {
                return
            }
            let milliseconds = max(0, (end - Clock.now).clampedNanoseconds / 1_000_000 + 1)
            var polled = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            _ = poll(&polled, 1, Int32(clamping: milliseconds))
            process()
        }
    }

    private func dropWhatIsKnown() {
        while nextWaiting < waiting.count, !mayComeInTime(waiting[nextWaiting]) { nextWaiting += 1 }
        guard nextWaiting == waiting.count, nextWaiting > 0 else { return }
        waiting.removeAll(keepingCapacity: true)
        nextWaiting = 0
    }

    /// Whether the names of an address are worth waiting for.
    private func isAwaited(_ address: IPAddress) -> Bool { mayComeInTime(address) && isWorthWaiting }

    private var isWorthWaiting: Bool { resolver.hasFound || !isGivenUp }

    private func mayComeInTime(_ address: IPAddress) -> Bool {
        guard let end = ends[address], isPending(address) else { return false }
        guard Clock.now >= end else { return true }
        isGivenUp = true
        return false
    }

    private func isPending(_ address: IPAddress) -> Bool {
        if looksUpNames, resolver.name(of: address).isPending { return true }
        return zones.map { resolver.systems(of: address, in: $0).isPending } ?? false
    }

    // MARK: - What is known

    /// How an address is shown; `nil` while that is worth waiting for.
    func label(_ address: IPAddress) -> String? { isAwaited(address) ? nil : finalLabel(address) }

    /// How an address is shown by what is known of it now, as traceroute has it.
    func finalLabel(_ address: IPAddress) -> String {
        let label = looksUpNames ? "\(finalName(address)) (\(address))" : "\(address)"
        return withSystems(label, address)
    }

    /// How an address is shown by what is known of it now, by its name alone where it has one.
    func shortLabel(_ address: IPAddress) -> String { withSystems(finalName(address), address) }

    /// The autonomous systems that an address belongs to follow as traceroute has them; `*` where none are known.
    private func withSystems(_ label: String, _ address: IPAddress) -> String {
        guard zones != nil else { return label }
        return "\(label) [\(knownSystems(address)?.joined(separator: "/") ?? "*")]"
    }

    /// The name of an address, or the address where it has none; nothing in it acts on a terminal.
    func finalName(_ address: IPAddress) -> String { name(address)?.forTerminal ?? "\(address)" }

    /// The name of an address, as far as it is known, as it came from the network.
    func name(_ address: IPAddress) -> String? { looksUpNames ? resolver.name(of: address).value : nil }

    /// The autonomous systems of addresses as mtr has them in its table, `AS???` where none are known; `nil` where they
    /// are not looked up.
    var systems: TraceTable.Label? {
        guard zones != nil else { return nil }
        return { address in
            let numbers = self.numbers(address)?.map { "\($0)" }.joined(separator: " ")
            return numbers.map { "AS\($0)" } ?? TraceTable.noSystem
        }
    }

    /// The autonomous systems of an address, as far as they are known.
    func knownSystems(_ address: IPAddress) -> [String]? { numbers(address)?.map { "AS\($0)" } }

    private func numbers(_ address: IPAddress) -> [UInt32]? {
        zones.flatMap { resolver.systems(of: address, in: $0).value }
    }

    /// Whether none of these is worth waiting for any more.
    func knowsAll(_ addresses: [IPAddress]) -> Bool { !addresses.contains(where: isAwaited) }
}
