import Packets
import Probing
import ProbingIO

/// What `-O` says, in the words of traceroute(8).
struct TraceMethodOptions {
    private(set) var socket: TraceSockets.Kind?
    private(set) var showsFlags = false
    private(set) var coverage: UInt16?
    private(set) var ipProtocol: IPProtocol?
    /// By default "ping".
    private(set) var serviceCode: UInt32 = 0x7069_6E67

    private var flags: TCPHeader.Flags = []
    private var exactFlags: TCPHeader.Flags?
    private var segmentSize: UInt16?
    private var acknowledgesSelectively = false
    private var hasTimestamps = false
    private var scalesWindow = false
    private var followsSystem = false

    private static let flagNames: [String: TCPHeader.Flags] = [
        "syn": .syn, "ack": .ack, "fin": .fin, "rst": .rst, "psh": .psh, "urg": .urg, "ece": .ece, "cwr": .cwr,
    ]

    /// Takes one option, as `name` or `name=value`.
    mutating func set(_ option: Substring, of method: TraceMethodRequest.Name) throws(UsageError) {
        let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        let value = parts.count == 2 ? String(parts[1]) : nil
        let isKnown =
            switch method {
            case .icmp: value == nil && setSocket(name)
            case .tcp: try setTCP(name, value)
            case .udplite: try setNumber(name, "coverage", value, to: \.coverage)
            case .dccp: try setService(name, value)
            case .raw: try setProtocol(name, value)
            case .default, .tcpconn, .udp, .sctp: false
            }
        guard isKnown else {
            throw UsageError("unknown -O '\(option.forTerminal)' for method \(method): -O help lists what there is")
        }
    }

    private mutating func setSocket(_ name: String) -> Bool {
        switch name {
        case "raw": socket = .raw
        case "dgram": socket = .datagram
        default: return false
        }
        return true
    }

    private mutating func setTCP(_ name: String, _ value: String?) throws(UsageError) -> Bool {
        if let value {
            if try setNumber(name, "mss", value, to: \.segmentSize) { return true }
            guard name == "flags" else { return false }
            exactFlags = TCPHeader.Flags(
                rawValue: UInt16(
                    try UsageError.decimalOrHexadecimal(value, option: "-O flags", atMost: 0xFFF) ?? 0))
            return true
        }
        if let flag = Self.flagNames[name] {
            flags.insert(flag)
            return true
        }
        switch name {
        case "ecn": flags.formUnion([.syn, .ece, .cwr])
        case "sack": acknowledgesSelectively = true
        case "timestamps": hasTimestamps = true
        case "window_scaling": scalesWindow = true
        case "sysctl": followsSystem = true
        case "info": showsFlags = true
        // So many traces that ports run short have no such trouble: no port is bound.
        case "reuse": break
        default: return false
        }
        return true
    }

    private mutating func setService(_ name: String, _ value: String?) throws(UsageError) -> Bool {
        guard name == "service", let value else { return false }
        serviceCode = try UsageError.decimalOrHexadecimal(value, option: "-O service", atMost: .max) ?? serviceCode
        return true
    }

    private mutating func setProtocol(_ name: String, _ value: String?) throws(UsageError) -> Bool {
        guard name == "protocol", let value else { return false }
        ipProtocol = try TraceMethodRequest.protocolNumber(value, option: "-O protocol")
        return true
    }

    private mutating func setNumber(
        _ name: String, _ wanted: String, _ value: String?, to field: WritableKeyPath<Self, UInt16?>
    ) throws(UsageError) -> Bool {
        guard name == wanted, let value else { return false }
        self[keyPath: field] = UInt16(
            try UsageError.decimalOrHexadecimal(value, option: "-O \(wanted)", atMost: 0xFFFF) ?? 0)
        return true
    }

    /// The segments that the options make: by default SYN, with the options that this system's own have.
    var tcpProbe: TCPProbe {
        let saysNothing =
            flags.isEmpty && exactFlags == nil && !acknowledgesSelectively && !hasTimestamps && !scalesWindow
        let asSystem = followsSystem || saysNothing
        var probe = TCPProbe()
        probe.flags = exactFlags ?? (flags.isEmpty ? .syn : flags)
        if asSystem, exactFlags == nil, probe.flags == .syn, Self.sysctl("tcp_ecn") == 1 {
            probe.flags.formUnion([.ece, .cwr])
        }
        // Segments that open no connection carry no options (RFC 9293 §3.2, RFC 2018 §2, RFC 7323 §2.2).
        guard probe.flags.contains(.syn) else { return probe }
        // What fits every link of 1500 bytes, in either family.
        probe.options.append(.maximumSegmentSize(segmentSize ?? 1440))
        if acknowledgesSelectively || asSystem && Self.sysctl("tcp_sack") != 0 {
            probe.options.append(.selectiveAcknowledgmentPermitted)
        }
        if hasTimestamps || asSystem && Self.sysctl("tcp_timestamps") != 0 {
            probe.options.append(.timestamps(value: .random(in: 1 ... .max), echoReply: 0))
        }
        if scalesWindow || asSystem && Self.sysctl("tcp_window_scaling") != 0 {
            probe.options += [.noOperation, .windowScale(7)]
        }
        return probe
    }

    private static func sysctl(_ name: String) -> Int? {
        guard let file = try? InputFile("/proc/sys/net/ipv4/\(name)") else { return nil }
        defer { file.close() }
        var buffer = [UInt8](repeating: 0, count: 16)
        guard let count = try? file.read(into: &buffer) else { return nil }
        return Int(String(decoding: buffer.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self))
    }
}

extension TraceMethodRequest {
    /// What `-O help` prints.
    static func help(_ name: Name) -> String {
        switch name {
        case .icmp: "  raw                only raw sockets\n  dgram              only ICMP datagram sockets\n"
        case .tcp:
            """
              syn,ack,fin,rst,psh,urg,ece,cwr
                                 these flags; the default is syn
              flags=NUM          exactly these flags
              ecn                SYN with ECE and CWR (RFC 3168)
              sack,timestamps,window_scaling
                                 these options
              sysctl             the options and ECN of this system's own connections; the default
              mss=NUM            this maximum segment size
              info               show the flags of a final answer

            """
        case .udplite: "  coverage=NUM       the checksum covers so many bytes\n"
        case .dccp: "  service=NUM        the service code; the default is 1885957735, \"ping\"\n"
        case .raw: "  protocol=PROTO     the protocol, a number or a name; the default is 253\n"
        case .default, .tcpconn, .udp, .sctp: "No options for method \(name)\n"
        }
    }
}
