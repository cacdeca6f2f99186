public import Addresses
import Packets
public import Probing
import TestSupport

/// A network in virtual time, on real packets of both families: of every packet that a prober sends it says what comes
/// back, and when. What is in it, a few lines say: see ``init(parsing:)``.
///
/// The N-th node of a network has the addresses 198.18.0.N and 2001:db8::N (N in hexadecimal), unless it has others.
/// Everything that looks like chance is the same in every run.
public struct SimulatedNetwork: Sendable {
    var nodes = [Node(name: "prober", number: 0)]
    var links: [Link.Ends: Link] = [:]
    var ordinaryDelay: Duration = .milliseconds(1)
    var randomness = SplitMix64(seed: 1)
    /// What is different at every seed about how balancers choose.
    var seed: UInt64 = 1

    private var start: MonotonicTime?
    /// On the way to the prober, the first last.
    private var arrivals: [(at: MonotonicTime, packet: [UInt8])] = []
    /// How many packets were sent.
    public private(set) var sentCount = 0
    /// Of those, what is no IP packet, has a wrong checksum or is otherwise not what its own headers say. Nobody
    /// answers them.
    public private(set) var malformed: [[UInt8]] = []

    init() {}

    /// The prober's own address.
    public static func prober(_ family: IPFamily) -> IPAddress { Node(name: "", number: 0).address(family) }

    /// The address from which forged answers come: that of no node.
    public static func forger(_ family: IPFamily) -> IPAddress { Node(name: "", number: 0xBAD).address(family) }

    /// The address of a node. That there is none of this name is the caller's bug, and stops the program.
    public func address(of name: String, _ family: IPFamily) -> IPAddress {
        guard let node = nodes.first(where: { $0.name == name }) else { preconditionFailure("no node \(name)") }
        return node.address(family)
    }

    /// Whose address this is: a node's name, or `forger`; `nil` if nobody has it.
    public func name(of address: IPAddress) -> String? {
        if address == Self.forger(address.family) { return "forger" }
        return nodes.first { $0.address(address.family) == address }?.name
    }

    /// Sends a whole IP packet from the prober. Moments must not go back.
    public mutating func send(_ packet: [UInt8], at now: MonotonicTime) {
        let start = self.start ?? now
        self.start = start
        sentCount += 1
        guard let packet = TravellingPacket(sent: packet) else {
            malformed.append(packet)
            return
        }
        for arrival in carry(packet, at: now - start) { insert(arrival.packet, at: start + arrival.at) }
    }

    /// When the next packet arrives at the prober; `nil` if none is on its way.
    public var nextArrival: MonotonicTime? { arrivals.last?.at }

    /// Takes the whole IP packets that have arrived at the prober by a moment, in the order in which they did.
    public mutating func receive(until now: MonotonicTime) -> [(at: MonotonicTime, packet: [UInt8])] {
        let first = arrivals.lastIndex { $0.at > now }.map { $0 + 1 } ?? 0
        defer { arrivals.removeSubrange(first...) }
        return arrivals[first...].reversed()
    }

    /// Of those that arrive at the same moment, the one sent first comes first.
    private mutating func insert(_ packet: [UInt8], at moment: MonotonicTime) {
        var (low, high) = (0, arrivals.count)
        while low < high {
            let middle = (low + high) / 2
            if arrivals[middle].at > moment { low = middle + 1 } else { high = middle }
        }
        arrivals.insert((moment, packet), at: low)
    }
}
