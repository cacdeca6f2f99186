import Addresses
import Foundation
import Packets

extension SimulatedNetwork {
    /// The network that a file of `Tests/SimulatedNetworks/Networks` declares.
    /// - Parameters:
    ///   - name: the file's name, without `.net`.
    public init(named name: String) throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Networks")
        try self.init(parsing: String(contentsOf: directory.appending(path: "\(name).net"), encoding: .utf8))
    }

    /// The network that a text declares, a statement a line; what follows `#` is a comment.
    ///
    ///     path prober r1 r2 host          each hands what is not its own to the next; a node with several next ones
    ///                                     balances over them, one without says "network unreachable"
    ///     at 2s path r1 r3 host           so long after the first packet these nodes' next ones become others
    ///     seed N                          other choices of balancers, other losses
    ///     links delay 4ms                 every link takes so long, each way (1 ms)
    ///     link r1 r2 OPTION…              that direction: delay 8ms (both, unless the other says otherwise), loss 5%,
    ///                                     mtu 1400, tells 0 (another MTU than the true one), hole (tells nothing)
    ///
    /// All other lines begin with a node, or with `all` for those named so far, and say what is special about it:
    ///
    ///     r1 address 10.0.0.1 2001:db8:1::1
    ///     r1 balances flows|destinations|packets
    ///     r1 silent [PACKETS…]            answers nothing, or not these packets
    ///     r1 limits 10/s burst 5          its ICMP errors
    ///     r1 answers never|twice|after 30ms [every N]
    ///     r1 returns over 9 [taking 30ms] the hops of the way back, and its time
    ///     r1 starts 255                   the hop limit of its answers (64)
    ///     r1 quotes 8                     so many bytes behind the IP header
    ///     r1 quotes ttl N|tos N           another than arrived
    ///     r1 mpls LABEL[/CLASS/TTL]…      the label stack of what it quotes (RFC 4950)
    ///     r1 interface incoming|outgoing|next [index N] [name TEXT] [address A] [mtu N]     (RFC 5837)
    ///     r1 uncounted                    extensions as before RFC 4884
    ///     r1 forwards hidden|zero         does not lower the hop limit; lowers it to 0 and forwards that
    ///     r1 marks N                      the type of service or traffic class of what it forwards
    ///     r1 drops PACKETS…
    ///     r1 rejects REASON PACKETS…      network host protocol port network-prohibited host-prohibited prohibited
    ///     r1 masquerades [ports] [identification] [quotes mended|kept|unsummed]     a source NAT
    ///     r1 redirects host [ports] [identification] [quotes …]                     what is sent to r1 goes to host
    ///     r1 forges after 1ms             to every packet an answer that does not know its numbers
    ///     host opens PACKETS…             somebody listens there
    ///
    /// PACKETS are `any`, or a protocol by name or number, with `/PORT` where it is about one port alone: `tcp/443`.
    /// `icmp` is ICMPv6, too.
    /// - Throws: ``NetworkFileError``.
    public init(parsing text: String) throws {
        self.init()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard !words.isEmpty else { continue }
            var statement = Statement(words: words[...], line: index + 1)
            try read(&statement)
            try statement.end()
        }
    }

    // MARK: - Statements

    private mutating func read(_ statement: inout Statement) throws {
        switch try statement.word() {
        case "path": try readPath(&statement, since: .zero)
        case "at":
            let since = try statement.duration()
            try statement.expect("path")
            try readPath(&statement, since: since)
        case "seed":
            seed = UInt64(try statement.number(0...Int.max))
            randomness = .init(seed: seed)
        case "links":
            try statement.expect("delay")
            ordinaryDelay = try statement.duration()
        case "link": try readLink(&statement)
        case "all":
            let rest = statement
            for index in nodes.indices.dropFirst() {
                statement = rest
                try readNode(index, &statement)
            }
        case let name: try readNode(try number(of: name, in: statement), &statement)
        }
    }

    private mutating func readPath(_ statement: inout Statement, since: Duration) throws {
        var from: Int?
        while let name = statement.wordIfAny() {
            let to: Int
            if let index = nodes.firstIndex(where: { $0.name == name }) {
                to = index
            } else {
                to = nodes.count
                nodes.append(Node(name: String(name), number: to))
            }
            if let from { nodes[from].addRoute(to: to, since: since) }
            from = to
        }
    }

    private mutating func readLink(_ statement: inout Statement) throws {
        let from = try number(of: try statement.word(), in: statement)
        let to = try number(of: try statement.word(), in: statement)
        var link = Link()
        while let word = statement.wordIfAny() {
            switch word {
            case "delay": link.delay = try statement.duration()
            case "loss": link.loss = try statement.percentage()
            case "mtu": link.mtu = try statement.number(1...Int.max)
            case "tells": link.toldMTU = try statement.number(0...Int(UInt32.max))
            case "hole": link.isBlackHole = true
            default: throw statement.error("a link has no \(word)")
            }
        }
        links[Link.Ends(from: from, to: to)] = link
    }

    private func number(of name: Substring, in statement: Statement) throws -> Int {
        guard let index = nodes.firstIndex(where: { $0.name == name }) else {
            throw statement.error("no path leads to \(name)")
        }
        return index
    }

    private mutating func readNode(_ index: Int, _ statement: inout Statement) throws {
        let verb = try statement.word()
        switch verb {
        case "address":
            let addresses = try statement.addresses()
            nodes[index].v4 = addresses.first { $0.family == .v4 } ?? nodes[index].v4
            nodes[index].v6 = addresses.first { $0.family == .v6 } ?? nodes[index].v6
        case "balances": nodes[index].balancing = try statement.choice()
        case "forwards": nodes[index].forwarding = try statement.choice()
        case "marks": nodes[index].marking = UInt8(try statement.number(0...255))
        case "drops":
            nodes[index].filters += try statement.patterns().map { Node.Filter(packets: $0) }
        case "rejects":
            let reason: Rejection = try statement.choice()
            nodes[index].filters += try statement.patterns().map { Node.Filter(packets: $0, reason: reason) }
        case "masquerades": nodes[index].translation = try statement.translation(.masquerade)
        case "redirects":
            let host = try number(of: try statement.word(), in: statement)
            nodes[index].translation = try statement.translation(.redirect(to: host))
        case "forges":
            try statement.expect("after")
            nodes[index].forging = try statement.duration()
        default: try nodes[index].answering.read(verb, &statement)
        }
    }
}

extension Answering {
    fileprivate mutating func read(_ verb: Substring, _ statement: inout Statement) throws {
        switch verb {
        case "silent": silence += statement.isAtEnd ? [PacketPattern()] : try statement.patterns()
        case "opens": open += try statement.patterns()
        case "limits":
            let rate = try statement.rate()
            try statement.expect("burst")
            rateLimit = RateLimit(perSecond: rate, burst: Double(try statement.number(1...Int.max)))
        case "answers": habits.append(try statement.habit())
        case "returns":
            try statement.expect("over")
            let hops = try statement.number(1...255)
            back = (hops, statement.skip("taking") ? try statement.duration() : nil)
        case "starts": hopLimit = UInt8(try statement.number(1...255))
        case "quotes":
            if statement.skip("ttl") {
                quotedHopLimit = UInt8(try statement.number(0...255))
            } else if statement.skip("tos") {
                quotedServices = UInt8(try statement.number(0...255))
            } else {
                quotedBytes = try statement.number(0...65_535)
            }
        case "mpls": extensions.append(.mplsLabelStack(try statement.labels()))
        case "interface": extensions.append(.interfaceInformation(try statement.interface()))
        case "uncounted": countsQuote = false
        default: throw statement.error("a node does not know how to \(verb)")
        }
    }
}
