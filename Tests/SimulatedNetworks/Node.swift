import Addresses
import Packets

/// A router or a host.
struct Node: Sendable {
    /// By what a balancer chooses among its next hops.
    enum Balancing: String, CaseIterable {
        /// Addresses, protocol, first four bytes of transport header, flow label.
        case flows
        /// The addresses alone.
        case destinations
        /// Nothing: one packet after the other.
        case packets
    }

    let name: String
    var v4: IPAddress
    var v6: IPAddress
    /// The next hops as numbers of nodes, and since when.
    var routes: [(since: Duration, next: [Int])] = []
    var balancing = Balancing.flows
    /// How many packets it has balanced by turns.
    var turns = 0

    /// What it does with the hop limit of what it forwards.
    var forwarding = Forwarding.ordinary
    /// What it writes into the type of service or traffic class of what it forwards.
    var marking: UInt8?
    var filters: [Filter] = []
    var translation: Translation?
    /// How long after a probe it sends a forged answer.
    var forging: Duration?
    var answering = Answering()

    enum Forwarding: String, CaseIterable {
        case ordinary
        /// The hop limit stays as it is, as inside a tunnel.
        case hidden
        /// A packet whose last hop this is goes on with a hop limit of 0, as some routers do.
        case zero
    }

    /// A packet that a node does not let through, and what it says of it if anything.
    struct Filter {
        var packets: PacketPattern
        var reason: Rejection?
    }

    init(name: String, number: Int) {
        let number = number == 0 ? 0x1_FFFE : number
        self.name = name
        v4 = .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(truncatingIfNeeded: number)))
        v6 = .v6(IPv6Address(rawValue: 0x2001_0db8 << 96 | UInt128(truncatingIfNeeded: number)))
    }

    func address(_ family: IPFamily) -> IPAddress { family == .v4 ? v4 : v6 }

    /// Where packets go at this time.
    func next(at time: Duration) -> [Int] { routes.last { $0.since <= time }?.next ?? [] }

    /// From this time on packets go there, too.
    mutating func addRoute(to next: Int, since: Duration) {
        if let index = routes.firstIndex(where: { $0.since == since }) {
            if !routes[index].next.contains(next) { routes[index].next.append(next) }
        } else {
            routes.append((since, [next]))
            routes.sort { $0.since < $1.since }
        }
    }
}

/// What a node answers, and how.
struct Answering: Sendable {
    /// What probes it does not answer at all.
    var silence: [PacketPattern] = []
    var rateLimit: RateLimit?
    /// Peculiarities of every so many answers.
    var habits: [Habit] = []
    /// The hop limit that its answers begin with.
    var hopLimit: UInt8 = 64
    /// Over how many hops its answers come back, and how long that takes, if not as the probe went.
    var back: (hops: Int, time: Duration?)?
    /// How many bytes of the transport header and what follows it are quoted; `nil` for as many as the RFC wants.
    var quotedBytes: Int?
    var quotedHopLimit: UInt8?
    var quotedServices: UInt8?
    /// What is told behind the quote, and whether the message counts its length (RFC 4884) or leaves it at 128 bytes
    /// as before.
    var extensions: [ICMPExtensionObject] = []
    var countsQuote = true
    /// Where somebody listens.
    var open: [PacketPattern] = []

    struct Habit {
        enum Kind {
            case never
            case twice
            case after(Duration)
        }

        var kind: Kind
        /// It shows in every so many answers.
        var every: Int
        var count = 0

        mutating func shows() -> Bool {
            count += 1
            return count.isMultiple(of: every)
        }
    }
}

/// A bucket of tokens, as routers limit their ICMP errors by.
struct RateLimit: Sendable {
    let perSecond: Double
    let burst: Double
    private var tokens: Double
    private var filled: Duration = .zero

    init(perSecond: Double, burst: Double) {
        (self.perSecond, self.burst, tokens) = (perSecond, burst, burst)
    }

    mutating func allows(at time: Duration) -> Bool {
        if time > filled {
            tokens = min(burst, tokens + (time - filled) / .seconds(1) * perSecond)
            filled = time
        }
        // The sum of many small parts of a token may fall short of one by a rounding.
        guard tokens > 0.999_999 else { return false }
        tokens -= 1
        return true
    }
}

/// One direction of a link.
struct Link: Sendable {
    struct Ends: Hashable {
        var from: Int
        var to: Int
    }

    /// `nil` for the same as the other way round, or an ordinary one.
    var delay: Duration?
    /// How probable it is that a packet gets lost, 0 to 1.
    var loss: Double = 0
    /// Bytes of the longest packet.
    var mtu: Int?
    /// The MTU that is told, if not the true one.
    var toldMTU: Int?
    /// Whether nobody tells the sender of what is too long.
    var isBlackHole = false
}

/// Packets of a protocol, or of any; to a port, or to any.
struct PacketPattern: Sendable {
    var protocolNumber: IPProtocol?
    var port: UInt16?

    func matches(_ packet: TravellingPacket) -> Bool {
        (protocolNumber == nil || protocolNumber == packet.family.neutral(packet.protocolNumber))
            && (port == nil || port == packet.ports?.destination)
    }
}

extension IPFamily {
    /// One number for ICMP in both families.
    func neutral(_ number: IPProtocol) -> IPProtocol { self == .v6 && number == .icmpv6 ? .icmp : number }
}
