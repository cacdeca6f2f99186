import Glibc
import Testing

/// A way for two programs to talk, and how netprobe, Python and socat are told of it.
struct Channel: CustomTestStringConvertible, Sendable {
    let name: String
    /// The options of netprobe that ask for it.
    let options: [String]
    /// Python's family, type and protocol.
    let python: String
    /// What socat calls the two ends, before the address; `nil` where it does not know it.
    var socat: (client: String, server: String)?
    /// What stands for the address before it is known; Internet channels get a port of the kernel's choice.
    let kind: Kind

    enum Kind { case ipv4, ipv6, path, abstract, tipc }

    var testDescription: String { name }

    /// Whether this kernel has it.
    var isThere: Bool {
        options.contains("--tipc") ? Requirements.tipc : options.contains("--sctp") ? Requirements.sctp : true
    }

    var isInternet: Bool { kind == .ipv4 || kind == .ipv6 }
    var host: String { kind == .ipv6 ? "::1" : "127.0.0.1" }

    static let streams = [
        Channel(
            name: "TCP over IPv4", options: [], python: "AF_INET, SOCK_STREAM, 0", socat: ("TCP4", "TCP4-LISTEN"),
            kind: .ipv4),
        Channel(
            name: "TCP over IPv6", options: [], python: "AF_INET6, SOCK_STREAM, 0", socat: ("TCP6", "TCP6-LISTEN"),
            kind: .ipv6),
        Channel(
            name: "Unix stream", options: ["--unix"], python: "AF_UNIX, SOCK_STREAM, 0",
            socat: ("UNIX-CONNECT", "UNIX-LISTEN"), kind: .path),
        Channel(
            name: "Unix stream, abstract", options: ["-U", "--type", "stream"], python: "AF_UNIX, SOCK_STREAM, 0",
            socat: ("ABSTRACT-CONNECT", "ABSTRACT-LISTEN"), kind: .abstract),
        Channel(
            name: "Unix seqpacket", options: ["-U", "--type", "seqpacket"], python: "AF_UNIX, SOCK_SEQPACKET, 0",
            kind: .path),
    ]

    /// Connections that end in both directions at once.
    static let withoutHalves = [
        Channel(
            name: "TIPC stream", options: ["--tipc"], python: "AF_TIPC, SOCK_STREAM, 0", kind: .tipc),
        Channel(
            name: "TIPC seqpacket", options: ["--tipc", "-t", "seqpacket"], python: "AF_TIPC, SOCK_SEQPACKET, 0",
            kind: .tipc),
        Channel(
            name: "SCTP over IPv4", options: ["--sctp"], python: "AF_INET, SOCK_STREAM, 132", kind: .ipv4),
        Channel(
            name: "SCTP over IPv6", options: ["--sctp"], python: "AF_INET6, SOCK_STREAM, 132", kind: .ipv6),
    ]

    static let datagrams = [
        Channel(
            name: "UDP over IPv4", options: ["-u"], python: "AF_INET, SOCK_DGRAM, 0", socat: ("UDP4", "UDP4-RECVFROM"),
            kind: .ipv4),
        Channel(
            name: "UDP over IPv6", options: ["--udp"], python: "AF_INET6, SOCK_DGRAM, 0",
            socat: ("UDP6", "UDP6-RECVFROM"), kind: .ipv6),
        Channel(
            name: "Unix datagram", options: ["-U", "--type", "datagram"], python: "AF_UNIX, SOCK_DGRAM, 0",
            kind: .path),
        Channel(
            name: "Unix datagram, abstract", options: ["-U", "-t", "datagram"], python: "AF_UNIX, SOCK_DGRAM, 0",
            kind: .abstract),
    ]

    /// A new address, as netprobe takes it; of an Internet channel one with port 0.
    func newAddress() -> [String] {
        let name = "netprobe-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        return switch kind {
        case .ipv4, .ipv6: [host, "0"]
        case .path: ["/tmp/\(name)"]
        case .abstract: ["@\(name)"]
        case .tipc: ["4711:\(UInt32.random(in: 1 ... .max))"]
        }
    }

    /// An address as a Python expression.
    func python(_ address: [String]) -> String {
        switch kind {
        case .ipv4, .ipv6: "('\(address[0])', \(address[1]))"
        case .path: "'\(address[0])'"
        case .abstract: "'\\0\(address[0].dropFirst())'"
        case .tipc: "(TIPC_ADDR_NAME, 4711, \(address[0].dropFirst(5)), 0)"
        }
    }

    /// An address as socat takes it to connect.
    func socatClient(_ address: [String]) -> String {
        let client = socat?.client ?? ""
        return switch kind {
        case .ipv4: "\(client):\(address[0]):\(address[1])"
        case .ipv6: "\(client):[\(address[0])]:\(address[1])"
        case .path: "\(client):\(address[0])"
        case .abstract, .tipc: "\(client):\(address[0].dropFirst())"
        }
    }
}

/// A program that waits for others, and the address at which it does.
final class Server: @unchecked Sendable {
    let program: RunningProgram
    /// As netprobe takes it.
    let address: [String]

    /// Starts `netprobe listen` on a new address of a channel.
    init(_ channel: Channel, _ arguments: String..., input: String = "", staysOpen: Bool = false) throws {
        let wanted = channel.newAddress()
        program = try RunningProgram(
            [Program.netprobe, "listen", "-v"] + channel.options + arguments + wanted, input: input,
            staysOpen: staysOpen)
        try program.expect("listening on ")
        try program.expect("\n", times: 2)
        guard channel.isInternet else {
            address = wanted
            // Where root runs the tests, the other end has become someone else.
            if channel.kind == .path { chmod(wanted[0], 0o777) }
            return
        }
        let line = program.errors.split(separator: "\n").first { $0.contains("listening on ") } ?? ""
        guard let port = line.split(separator: ":").last else { throw Failure("no port: \(program.errors)") }
        address = [channel.host, String(port)]
    }

    /// Starts a Python script in which `s` is a socket of the channel, bound to a new address, and where there are
    /// connections listening.
    init(python script: String, _ channel: Channel) throws {
        let wanted = channel.newAddress()
        let listens = Channel.datagrams.contains { $0.name == channel.name } ? "" : "s.listen()"
        let prologue = """
            import sys
            from socket import *
            setdefaulttimeout(20)
            s = socket(\(channel.python))
            s.bind(\(channel.python(wanted)))
            \(channel.kind == .path ? "import os; os.chmod(s.getsockname(), 0o777)" : "")
            \(listens)
            print('address', \(channel.isInternet ? "s.getsockname()[1]" : "0"), flush=True)

            """
        program = try RunningProgram(["python3", "-c", prologue + script])
        try program.expect("address ")
        try program.expect("\n")
        let port = program.output.split(separator: "\n").first?.split(separator: " ").last.map(String.init) ?? ""
        address = channel.isInternet ? [channel.host, port] : wanted
    }

    deinit {
        if address[0].hasPrefix("/") { unlink(address[0]) }
    }
}
