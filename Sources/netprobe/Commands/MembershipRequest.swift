import Addresses
import Privileges
import Probing
import ProbingIO
import Sockets

/// What the verbs of igmp and mld have in common: a link, and who speaks there.
struct MembershipPlace {
    let family: IPFamily
    let programName: String
    let link: MulticastLink

    /// Finds the link, and says which it is where there were others.
    init(_ interface: String?, _ family: IPFamily, programName: String) throws(UsageError) {
        self.family = family
        self.programName = programName
        do throws(MulticastLink.Failure) { link = try MulticastLink(named: interface, family) } catch {
            throw UsageError(error.words)
        }
        if !link.alternatives.isEmpty {
            let others = link.alternatives.map(\.forTerminal).joined(separator: ", ")
            complain("on \(link.interface.name.forTerminal); -i chooses another: \(others)")
        }
    }

    func complain(_ text: String) { StandardError.write("\(programName): \(text)\n") }

    /// From which address to speak: the one that is asked for, or the link's own.
    func source(_ text: String?, _ caller: Caller) throws -> IPAddress {
        guard let text else {
            guard let source = link.source else {
                throw UsageError(MulticastLink.Failure.noAddress(link.interface.name, family).words)
            }
            return source
        }
        let source = try UsageError.address(text, option: "-s", family)
        guard !source.isMulticast, source != .v4(.broadcast) else {
            throw UsageError("invalid -s value: '\(text.forTerminal)': no host has this address")
        }
        if !link.ownAddresses.contains(source) {
            try Policy.of(caller).require(.forgeSource, for: "a source that is not this machine's, \(source),")
        }
        return source
    }

    /// Opens the sockets; whoever may not is told what would help.
    func socket(sends: Bool, _ privileges: borrowing ParkedPrivileges) throws(PingFailure) -> MembershipSocket {
        do throws(SocketError) {
            return try privileges.raising(.netRaw) { () throws(SocketError) in
                try MembershipSocket(link, family, sends: sends)
            }
        } catch {
            guard case .open = error.operation else { throw PingFailure(error) }
            throw PingFailure(opening: error, only: .raw)
        }
    }

    /// Checks that a packet fits the link.
    func packet(
        _ body: MembershipMessage.Body, from source: IPAddress, sourceCount: Int
    ) throws(UsageError) -> MembershipPacket {
        guard let packet = MembershipPacket(body, from: source), packet.bytes.count <= link.mtu else {
            let fixed = MembershipPacket(body.withoutSources, from: source)?.bytes.count ?? 0
            let room = max(0, (link.mtu - fixed) / (family == .v4 ? 4 : 16))
            throw UsageError(
                "too many sources: \(sourceCount); the MTU of \(link.interface.name.forTerminal), \(link.mtu) bytes, "
                    + "leaves room for \(room)")
        }
        return packet
    }
}

extension MembershipMessage.Body {
    /// The same with no sources.
    fileprivate var withoutSources: Self {
        switch self {
        case .query(var query):
            query.sources = []
            return .query(query)
        case .report(let version, let records):
            return .report(version: version, records.map { MembershipRecord($0.type, group: $0.group) })
        case .leave: return self
        }
    }
}

/// A group and sources of it, as they are given behind the options.
struct MembershipOperands {
    let group: IPAddress?
    let sources: [IPAddress]
    /// The zone of the group's address.
    let interface: String?

    init(_ operands: [String], _ family: IPFamily, interface: String?) throws(UsageError) {
        sources = try operands.dropFirst().map { (text) throws(UsageError) in
            let source = try UsageError.address(text, family)
            guard !source.isMulticast, !source.isUnspecified, source != .v4(.broadcast) else {
                throw UsageError("'\(text.forTerminal)' is no source: it is the address of no host")
            }
            return source
        }
        if let twice = Dictionary(sources.map { ($0, 1) }, uniquingKeysWith: +).first(where: { $0.value > 1 }) {
            throw UsageError("source \(twice.key) is given twice")
        }
        guard let text = operands.first else {
            (group, self.interface) = (nil, interface)
            return
        }
        let zoned = family == .v6 ? try? ZonedAddress(parsing: text) : nil
        let group: IPAddress
        if let zoned, zoned.zone != nil { group = zoned.address } else { group = try UsageError.address(text, family) }
        guard group.isMulticast else {
            throw UsageError(
                "'\(text.forTerminal)' is no group: those are "
                    + (family == .v4 ? "224.0.0.0 to 239.255.255.255" : "what begins with ff"))
        }
        if let zone = zoned?.zone, let interface, zone != interface {
            throw UsageError("'\(text.forTerminal)' is on another interface than -i \(interface.forTerminal)")
        }
        self.group = group
        self.interface = interface ?? zoned?.zone
    }

    /// The group, which has to be there.
    func requiredGroup(_ family: IPFamily) throws(UsageError) -> IPAddress {
        guard let group else {
            throw UsageError("usage error: a group is required, such as \(family == .v4 ? "239.1.2.3" : "ff15::1:2")")
        }
        return group
    }
}

extension UsageError {
    /// Reads an address of a family.
    static func address(_ text: String, option: String? = nil, _ family: IPFamily) throws(UsageError) -> IPAddress {
        let prefix = option.map { "invalid \($0) value: " } ?? ""
        let address: IPAddress
        do throws(AddressError) { address = try IPAddress(parsing: text) } catch {
            throw UsageError("\(prefix)\(error)")
        }
        guard address.family == family else {
            let other: IPFamily = family == .v4 ? .v6 : .v4
            throw UsageError(
                "\(prefix)'\(text.forTerminal)' is of \(other): that is for netprobe \(other.commandName)")
        }
        return address
    }

    /// Reads a version of the family's protocol.
    static func membershipVersion(_ text: String?, _ family: IPFamily) throws(UsageError) -> Int? {
        try integer(text, option: "-p", in: 1...family.latestMembershipVersion)
    }
}

extension MulticastLink.Failure {
    /// What is wrong, and what would be right.
    var words: String {
        switch self {
        case .unknown(let name): "unknown interface: \(name.forTerminal)"
        case .down(let name): "interface \(name.forTerminal) is down"
        case .noAddress(let name, .v4): "interface \(name.forTerminal) has no IPv4 address"
        case .noAddress(let name, .v6): "interface \(name.forTerminal) has no link-local IPv6 address"
        case .none(let family):
            "no interface is up that has multicast and an \(family) address; ip address lists them, and -i names one"
        case .system(let error): "\(error)"
        }
    }
}
