import Addresses
import Packets
import ProbingIO
import Sockets

/// What the arguments of `netprobe listen --raw` ask for, checked.
struct ListenRawRequest {
    let source: CaptureSource
    /// An expression of pcap-filter(7).
    let filter: String?
    /// Packets to stop after.
    let count: UInt64?
    let duration: Duration?
    /// How packets are shown; `nil` for not at all.
    let format: DecodeRequest.Format?
    let isQuiet: Bool
    let files: CaptureFilesRequest?

    init(_ command: ListenRawCommand) throws(UsageError) {
        source = try Self.source(command)
        if command.filter != nil, !command.operands.isEmpty {
            throw UsageError("only one of --filter and a filter behind the options can be")
        }
        filter = command.filter ?? (command.operands.isEmpty ? nil : command.operands.joined(separator: " "))
        if let filter, filter.utf8.contains(0) { throw UsageError("a filter has no NUL in it") }
        count = try UsageError.integer(command.count, option: "-c", in: 1...UInt64(Int64.max))
        duration = try UsageError.seconds(command.duration, option: "--duration", atMost: 1e9)
        if let text = command.duration, duration == .zero {
            throw UsageError("invalid --duration value: '\(text.forTerminal)': nothing comes in no time")
        }
        files = try CaptureFilesRequest(command)
        if command.tree && command.json { throw UsageError("only one of --tree and --json can be") }
        isQuiet = command.quiet
        let goesToOutput = files?.name == "-"
        if goesToOutput, command.tree || command.json {
            throw UsageError("--pcap - writes packets to standard output, where --tree and --json would print them")
        }
        if command.quiet, command.tree { throw UsageError("only one of --quiet and --tree can be") }
        if command.quiet, command.json { throw UsageError("only one of --quiet and --json can be") }
        format = command.quiet || goesToOutput ? nil : command.tree ? .tree : command.json ? .json : .line
    }

    /// Whether it asks for what is for other hosts.
    var isPromiscuous: Bool { if case .interface(_, isPromiscuous: true) = source { true } else { false } }

    /// For people; what is listened to.
    var subject: String {
        switch source {
        case .interface(let interface, _): interface.name.forTerminal
        case .allInterfaces: "all interfaces"
        case .packets(let proto, let families):
            "\(proto.text(families)) to this host"
        }
    }

    private static func source(_ command: ListenRawCommand) throws(UsageError) -> CaptureSource {
        if command.ipv4 && command.ipv6 { throw UsageError("only one of -4 and -6 can be; without them, both are heard") }
        guard let name = command.interface else {
            if command.promiscuous {
                throw UsageError("--promiscuous is for an interface: netprobe listen --raw -i eth0 --promiscuous")
            }
            let families: [IPFamily] = command.ipv4 ? [.v4] : command.ipv6 ? [.v6] : [.v4, .v6]
            return try packets(command.protocolName, families)
        }
        if let proto = command.protocolName {
            throw UsageError(
                "-p is for what this host takes in, -i for all frames of an interface: "
                    + "to see a protocol there, say so in the filter, as in -i \(name.forTerminal) \(proto.forTerminal)")
        }
        if command.ipv4 || command.ipv6 {
            let option = command.ipv4 ? "-4" : "-6"
            let filter = command.ipv4 ? "ip" : "ip6"
            throw UsageError(
                "\(option) is for what this host takes in, -i for all frames of an interface: "
                    + "to see a family there, say so in the filter, as in -i \(name.forTerminal) \(filter)")
        }
        if name == "any" {
            if command.promiscuous { throw UsageError("--promiscuous is for one interface, not for any") }
            return .allInterfaces
        }
        guard let interface = (try? NetworkInterface.all())?.first(where: { $0.name == name }) else {
            throw UsageError("-i: no interface is called '\(name.forTerminal)'; ip link lists those there are")
        }
        return .interface(interface, isPromiscuous: command.promiscuous)
    }

    private static func packets(_ name: String?, _ families: [IPFamily]) throws(UsageError) -> CaptureSource {
        switch name {
        case nil, "all": return .packets(.any, families: families)
        case "icmp": return .packets(.icmp, families: families)
        case "igmp":
            guard families.contains(.v4) else {
                throw UsageError("igmp is of IPv4: IPv6 tells of groups by ICMPv6, which is -6 -p icmp")
            }
            return .packets(.number(.igmp), families: [.v4])
        case "udp": return .packets(.number(.udp), families: families)
        case "tcp": return .packets(.number(.tcp), families: families)
        case let text?:
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt8(text) else {
                throw UsageError(
                    "invalid -p value: '\(text.forTerminal)': not one of icmp, igmp, udp, tcp and all, or a number "
                        + "from 0 to 255")
            }
            return .packets(.number(IPProtocol(rawValue: number)), families: families)
        }
    }
}

extension CaptureProtocol {
    /// For people, in these families.
    fileprivate func text(_ families: [IPFamily]) -> String {
        let family = families.count > 1 ? "" : families.first == .v4 ? "IPv4 " : "IPv6 "
        return switch self {
        case .any: family + "packets"
        case .icmp: family + "packets of ICMP"
        case .number(let number): family + "packets of protocol \(number.rawValue)"
        }
    }
}

/// To which files packets go.
struct CaptureFilesRequest {
    let name: String
    /// How many, and when to go on from one to the next; `nil` for one file.
    let rotation: Rotation?

    struct Rotation {
        let files: Int
        /// Bytes that a file has at most, unless one packet alone has more.
        let size: UInt64?
        /// How long packets go to a file.
        let time: Duration?
    }

    /// A header, and one small packet.
    private static let leastSize: UInt64 = 1024

    init?(_ command: ListenRawCommand) throws(UsageError) {
        let rotates = command.rotateSize != nil || command.rotateTime != nil
        guard let name = command.pcap else {
            if rotates || command.files != nil {
                throw UsageError("--rotate-size, --rotate-time and --files are for --pcap, which names the file")
            }
            return nil
        }
        if name.isEmpty { throw UsageError("invalid -w value: '': a file has a name") }
        self.name = name
        let files: Int? = try UsageError.integer(command.files, option: "--files", in: 2...500)
        guard rotates else {
            if files != nil { throw UsageError("--files needs --rotate-size or --rotate-time, or nothing is ever full") }
            rotation = nil
            return
        }
        if name == "-" { throw UsageError("standard output (--pcap -) is one file: it can't be rotated") }
        guard let files else {
            throw UsageError("--rotate-size and --rotate-time need --files: how many are kept, such as --files 10")
        }
        let time = try UsageError.seconds(command.rotateTime, option: "--rotate-time", atMost: 1e9)
        if let time, time < .milliseconds(1) {
            throw UsageError("invalid --rotate-time value: '\(command.rotateTime?.forTerminal ?? "")': less than 0.001")
        }
        rotation = Rotation(files: files, size: try Self.size(command.rotateSize), time: time)
    }

    private static func size(_ text: String?) throws(UsageError) -> UInt64? {
        guard let text else { return nil }
        let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = text.last.flatMap { units[Character($0.uppercased())] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw UsageError("invalid --rotate-size value: '\(text.forTerminal)': not a number of bytes, such as 10M")
        }
        let (size, isTooLarge) = (UInt64(digits) ?? .max).multipliedReportingOverflow(by: unit ?? 1)
        guard !isTooLarge, (leastSize...(1 << 50)).contains(size) else {
            throw UsageError(
                "invalid --rotate-size value: '\(text.forTerminal)': out of range: \(leastSize) <= bytes <= 2^50")
        }
        return size
    }
}
