import Addresses
import Packets
import Probing
import ProbingIO
import Testing

@testable import netprobe

@Suite("What a trace is asked for")
struct TraceRequestTests {
    private func request(_ texts: String..., name: String = "netprobe trace") throws -> TraceRequest {
        try TraceRequest(try TraceArguments.reading(texts), programName: name)
    }

    @Test("without options it is traceroute's trace: UDP to port 33434, 30 hops, three probes each")
    func defaults() throws {
        let request = try request("host")
        #expect(request.targets == .host("host"))
        #expect(request.goal == .hops)
        #expect(request.probe.method == .udp(port: 33434))
        #expect(request.packetLength == nil && request.family == nil)
        #expect(request.configuration.firstHop == 1 && request.configuration.maximumHops == 30)
        #expect(request.configuration.probesPerHop == 3 && request.configuration.simultaneousProbes == 16)
        #expect(request.configuration.rounds == 1)
    }

    private static let methodsRows: [(String, TraceMethod)] = [
        ("-I", .icmp), ("-M icmp", .icmp), ("-U", .udp(port: 53)), ("-U -p 5000", .udp(port: 5000)),
        ("-p 5000", .udp(port: 5000)), ("-UL", .udpLite(port: 53, coverage: nil)),
        ("-S", .sctp(port: 80)), ("--sctp -p 9", .sctp(port: 9)),
        ("-UL -O coverage=8", .udpLite(port: 53, coverage: 8)), ("-D", .dccp(port: 33434, serviceCode: 1_885_957_735)),
        ("-D -O service=5", .dccp(port: 33434, serviceCode: 5)), ("-P 89", .ip(IPProtocol(rawValue: 89))),
        ("-M raw", .ip(IPProtocol(rawValue: 253))), ("-M raw -P 4", .ip(.ipv4)), ("-P tcp", .ip(.tcp)),
        ("-M raw -O protocol=47", .ip(.gre)), ("-M sctp -p 9", .sctp(port: 9)),
        ("-M tcpconn", .tcp(port: 80, TCPProbe())),
        ("--method default", .udp(port: 33434)), ("-U -M udp", .udp(port: 53)),
    ]

    @Test("methods are chosen by their letters and by name, with their ports and options", arguments: methodsRows)
    func methods(option: String, method: TraceMethod) throws {
        let texts = option.split(separator: " ").map(String.init)
        #expect(try TraceRequest(try .reading(texts + ["h"]), programName: "").probe.method == method)
    }

    private static let flagsRows: [(String, TCPHeader.Flags)] = [
        ("syn", .syn), ("ack", .ack), ("fin,psh,urg", [.fin, .psh, .urg]), ("flags=0x11", [.fin, .ack]),
        ("ecn", [.syn, .ece, .cwr]), ("flags=0", []), ("rst,cwr,ece", [.rst, .cwr, .ece]), ("info,ack", .ack),
    ]

    @Test("TCP probes have the flags that -O says, and options only with SYN", arguments: flagsRows)
    func flags(options: String, flags: TCPHeader.Flags) throws {
        guard case .tcp(80, let probe) = try request("-T", "-O", options, "host").probe.method else {
            Issue.record("no TCP")
            return
        }
        #expect(probe.flags.subtracting(options == "syn" ? [.ece, .cwr] : []) == flags)
        #expect(probe.options.isEmpty != flags.contains(.syn))
    }

    @Test("each TCP option can be asked for by itself")
    func tcpOptions() throws {
        guard
            case .tcp(_, let probe) = try request("-T", "-O", "mss=536,sack", "-O", "window_scaling", "h").probe.method
        else { return }
        #expect(
            probe.options
                == [.maximumSegmentSize(536), .selectiveAcknowledgmentPermitted, .noOperation, .windowScale(7)])
    }

    @Test("-w alone switches the factors off, and what is given of them counts")
    func waiting() throws {
        let alone = try request("-w", "2.5", "h").configuration.waiting
        #expect(alone.longest == .milliseconds(2500) && alone.here == 0 && alone.near == 0)
        let whole = try request("-w", "1/2/0.5", "h").configuration.waiting
        #expect(whole.longest == .seconds(1) && whole.here == 2 && whole.near == 0.5)
    }

    @Test("-z counts seconds up to 10, and milliseconds above")
    func sendWait() throws {
        #expect(try request("-z", "10", "h").configuration.sendInterval == .seconds(10))
        #expect(try request("-z", "20", "h").configuration.sendInterval == .milliseconds(20))
    }

    @Test("what counts over rounds sends one probe to each hop, ten times; 0 rounds go on until interrupted")
    func rounds() throws {
        let report = try request("--report", "h").configuration
        #expect(report.rounds == 10 && report.probesPerHop == 1)
        let endless = try request("--rounds", "0", "-q", "2", "h").configuration
        #expect(endless.rounds == nil && endless.probesPerHop == 2)
        #expect(try request("--csv", "--rounds", "1", "h").configuration.rounds == 1)
    }

    @Test("a name server for autonomous systems has a port and zones of one's own choice")
    func nameServer() throws {
        let plain = try TraceNameServer("198.18.0.53")
        #expect("\(plain.server)" == "198.18.0.53:53" && plain.zones == AutonomousSystems())
        let whole = try TraceNameServer("[2001:db8::53]:5353,origin.example.,origin6.example")
        #expect("\(whole.server)" == "[2001:db8::53]:5353")
        #expect(whole.zones == AutonomousSystems(zone: "origin.example", zone6: "origin6.example"))
        #expect("\(try TraceNameServer("2001:db8::53").server)" == "[2001:db8::53]:53")
        #expect("\(try TraceNameServer("198.18.0.53:5353").server)" == "198.18.0.53:5353")
    }

    @Test("-l is IPv6, and so is a source of that family")
    func family() throws {
        #expect(try request("-l", "5", "h").family == .v6)
        #expect(try request("-s", "::1", "h").family == .v6)
        #expect(try TraceRequest(try .reading(["h"]), programName: "", family: .v6).family == .v6)
    }

    private static let wrongRows: [(String, String)] = [
        ("", "a host is required"), ("-f 5 -m 4 h", "first hop -f 5 is beyond the last, -m 4"),
        ("-m 256 h", "invalid -m value: '256': out of range: 1 <= value <= 255"),
        ("-m 0 h", "1 <= value <= 255"), ("-f 0 h", "invalid -f value"), ("-p 65536 h", "1 <= value <= 65535"),
        ("-p 0 h", "invalid -p value"), ("-p -1 h", "invalid -p value"), ("-p nosuchservice h", "invalid -p value"),
        ("-M nope h", "unknown method -M 'nope': not one of default, icmp, tcp,"),
        ("-I -T h", "only one method may be given, not -I and -T"), ("-I -M tcp h", "not -I and -M tcp"),
        ("-q 0 h", "invalid -q value"), ("-q 11 h", "1 <= value <= 10"), ("-N 0 h", "invalid -N value"),
        ("-g 1,2,3,4,5,6,7,8,9 127.0.0.1", "too many gateways -g: 9, the IPv4 header has room for 8"),
        ("-4 -g 1,2,3,4,5,6,7,8,9 h", "the IPv4 header has room for 8"), ("-g a,,b h", "a router is missing"),
        ("--confidence 100 --paths h", "0 < percent < 100"), ("--confidence 0 --paths h", "0 < percent < 100"),
        ("--confidence nan --paths h", "not a number of per cent"),
        ("--confidence 95 h", "--confidence is for --paths"),
        ("-4 -6 h", "only one -4 or -6"), ("-4 -l 5 h", "-l is for IPv6 only"), ("-l 0x100000 h", "invalid -l value"),
        ("-t 256 h", "from 0 to 255"), ("-s nope h", "invalid -s value: \"nope\", character 1"),
        ("-4 -s ::1 h", "-s ::1 is no source for IPv4"), ("-i nope0 h", "unknown interface -i 'nope0'"),
        ("-w x h", "invalid -w value"), ("-w 1,2,3,4 h", "more than seconds,here,near"),
        ("-w 1,x h", "not a factor: 'x'"),
        ("-w -1 h", "invalid -w value"), ("-w 1,-1 h", "not a factor: '-1'"), ("-w 1, h", "not a factor: ''"),
        ("-z x h", "invalid -z value"), ("-P 256 h", "invalid -P value: '256'"),
        ("-P nosuch h", "nor a known protocol"),
        ("-T -O nope h", "unknown -O 'nope' for method tcp: -O help lists"), ("-O ack h", "for method default"),
        ("-T -O flags=0x1000 h", "invalid -O flags value"), ("-UL -O coverage h", "unknown -O 'coverage'"),
        ("-M raw -O protocol=256 h", "invalid -O protocol value"), ("--sport 65536 h", "invalid --sport value"),
        ("--fwmark x h", "invalid --fwmark value"), ("--rate 0 h", "invalid --rate value"), ("--rate 1.5 h", "--rate"),
        ("--rounds -1 h", "invalid --rounds value"), ("--interval x h", "invalid --interval value"),
        ("h 65536", "invalid packet length value: '65536'"), ("h x", "invalid packet length"),
        ("h 1 2", "'2' is too much"),
        ("--targets f h", "either a host or --targets"), ("--strict h", "--strict is for --targets"),
        ("--targets f --paths", "are for one host"), ("--json --csv h", "only one of --json and --csv"),
        ("--mtu --paths h", "only one of --paths and --mtu"), ("--paths --csv h", "--csv is for neither"),
        ("--asn-server nope h", "invalid --asn-server value: 'nope'"), ("--asn-server 198.18.0.1:0 h", "--asn-server"),
        ("--asn-server 198.18.0.1,a..b h", "--asn-server"), ("--asn-server 198.18.0.1,a,b,c h", "--asn-server"),
    ]

    @Test("what is wrong is named, with what would be right", arguments: wrongRows)
    func wrong(options: String, message: String) throws {
        let arguments = try TraceArguments.reading(options.split(separator: " ").map(String.init))
        let error = try #require(throws: UsageError.self) { try TraceRequest(arguments, programName: "") }
        #expect("\(error)".contains(message), "\(error)")
    }

    @Test("every method lists its options", arguments: TraceMethodRequest.Name.allCases)
    func help(name: TraceMethodRequest.Name) throws {
        let help = try #require(try request("-M", name.rawValue, "-O", "help", "host").probe.help)
        #expect(help.hasSuffix("\n") && help.utf8.count > 10)
    }
}
