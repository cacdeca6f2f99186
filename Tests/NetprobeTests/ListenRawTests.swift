import Foundation
import Testing

@Suite("netprobe listen --raw", .enabled(if: Requirements.python), .serialized)
struct ListenRawTests {
    /// A network that nobody else sends anything in.
    static let network = Network("pair.lab")

    static func run(_ arguments: String, _ traffic: String, end: String = "", then: String = "") async throws
        -> Outcome
    {
        try await network.run(ListenRaw.bash(ListenRaw.script(arguments, traffic, end: end, then: then)))
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let arguments: String
        let traffic: String
        let line: String
        var testDescription: String { arguments.isEmpty ? "everything" : arguments }
    }

    static let echo = "ping -qc1 -s8 -e7 198.18.1.1 >/dev/null\n"
    static let echo6 = "ping -qc1 -s8 -e7 ::1 >/dev/null\n"
    static let datagram = "send \"socket.socket(2, 2).sendto(b'odd', ('127.0.0.1', 9))\"\n"
    static let echoLine = "IP 198.18.1.1 > 198.18.1.1: ICMP echo request, id 7, seq 1, length 16"

    static let cases = [
        Case(arguments: "-p icmp", traffic: datagram + echo, line: "IP 127.0.0.1 > 127.0.0.1: ICMP 127.0.0.1 udp port 9"),
        Case(arguments: "-4 -p icmp", traffic: echo6 + echo, line: echoLine),
        Case(
            arguments: "-6 --protocol=icmp", traffic: echo + echo6,
            line: "IP6 ::1 > ::1: ICMP6, echo request, id 7, seq 1, length 16"),
        Case(arguments: "-p1", traffic: echo6 + echo, line: echoLine),
        Case(
            arguments: "-p igmp", traffic: echo + ListenRaw.packet(2, "160009fae0000105"),
            line: "IP 127.0.0.1 > 127.0.0.1: igmp v2 report 224.0.1.5"),
        Case(arguments: "-p udp", traffic: echo + datagram, line: "IP 127.0.0.1."),
        Case(
            arguments: "-p tcp", traffic: datagram + "\"$netprobe\" connect ::1 9 2>/dev/null\n",
            line: "IP6 ::1."),
        Case(arguments: "-p 89", traffic: echo + ListenRaw.packet(89, "00"), line: "IP 127.0.0.1 > 127.0.0.1: "),
        Case(
            arguments: "-p 58 -6",
            traffic: """
                send "s = socket.socket(10, 3, 58); s.sendmsg([bytes.fromhex('8f000000000000010400000000000000') + \
                b'\\xff\\x02' + b'\\0' * 13 + b'\\1'], [(41, 54, bytes.fromhex('0000050200000100'))], 0, ('::1', 0))"

                """,
            line: "IP6 ::1 > ::1: HBH ICMP6, multicast listener report v2"),
        Case(arguments: "", traffic: echo, line: echoLine),
        Case(arguments: "-p all -6", traffic: echo + echo6, line: "IP6 ::1 > ::1: ICMP6, echo request"),
        Case(arguments: "icmp6", traffic: echo + echo6, line: "IP6 ::1 > ::1: ICMP6, echo request"),
        Case(arguments: "-p udp port 9", traffic: echo6 + datagram, line: "IP 127.0.0.1."),
        Case(arguments: "--filter='src host ::1 and icmp6'", traffic: echo + echo6, line: "IP6 ::1 > ::1: ICMP6"),
        Case(arguments: "-i lo host 198.18.1.1 and icmp", traffic: echo6 + echo, line: echoLine),
        Case(arguments: "-i lo -- 'host localhost and udp port discard'", traffic: echo + datagram, line: "IP 127.0.0.1."),
        Case(arguments: "-i host arp or icmp", traffic: "ping -qc1 198.18.1.2 >/dev/null\n", line: ""),
        Case(
            arguments: "-i any icmp", traffic: "ping -qc1 -s8 -e7 198.18.1.2 >/dev/null\n",
            line: "host  Out IP 198.18.1.1 > 198.18.1.2: ICMP echo request, id 7, seq 1, length 16"),
        Case(
            arguments: "-i any inbound and icmp", traffic: "ping -qc1 -s8 -e7 198.18.1.2 >/dev/null\n",
            line: "host  In  IP 198.18.1.2 > 198.18.1.1: ICMP echo reply, id 7, seq 1, length 16"),
        Case(
            arguments: "-i any ip6 host ::1", traffic: echo + echo6,
            line: "lo    In  IP6 ::1 > ::1: ICMP6, echo request, id 7, seq 1, length 16"),
    ]

    @Test("what is asked for comes, and nothing else", arguments: cases)
    func kinds(_ example: Case) async throws {
        let outcome = try await Self.run("-c1 -d10 \(example.arguments)", example.traffic)
        #expect(outcome.status == 0 && outcome.lines.count == 1, "\(outcome)")
        #expect(outcome.packets.first?.hasPrefix(example.line) == true, "\(outcome)")
        #expect(outcome.packetCounts.first == 1, "\(outcome)")
    }

    @Test("--count and --duration end it, and fewer than --count packets are a 1")
    func ends() async throws {
        let counted = try await Self.run("-i lo -c 3 icmp", "ping -qi 0.01 -c 5 127.0.0.1 >/dev/null")
        #expect(counted.status == 0 && counted.lines.count == 3 && counted.packetCounts.first == 3, "\(counted)")
        let timed = try await Self.run("-i lo --duration 0.3", "")
        #expect(timed.status == 0 && timed.output.isEmpty && timed.packetCounts == [0, 0, 0], "\(timed)")
        let missed = try await Self.run("-i lo -d 0.3 -c 2", "")
        #expect(missed.status == 1 && missed.packetCounts == [0, 0, 0], "\(missed)")
    }

    @Test("signals end it with the counts, and SIGQUIT asks for them", arguments: ["INT", "TERM"])
    func signals(_ name: String) async throws {
        let outcome = try await Self.run(
            "-i lo icmp", Self.echo,
            end: """
                until grep -q reply output; do sleep 0.02; done
                kill -QUIT $program; until grep -q dropped errors; do sleep 0.02; done; kill -\(name) $program
                """)
        #expect(outcome.status == 0 && outcome.lines.count == 2 && outcome.packetCounts == [2, 2, 0], "\(outcome)")
        #expect(outcome.errors.count(of: "2 packets captured\n") == 2)
    }

    @Test("--quiet counts and prints nothing")
    func quiet() async throws {
        let outcome = try await Self.run("-q -c 2 -p icmp -4", Self.echo)
        #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.packetCounts.first == 2, "\(outcome)")
    }

    @Test("JSON has the packet's fields, interface and direction, and a summary at its end")
    func json() async throws {
        let outcome = try await Self.run("-i host --json -c 2 icmp", "ping -qc1 -s8 -e7 198.18.1.2 >/dev/null")
        let objects = try outcome.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        try #require(objects.count == 3, "\(outcome)")
        #expect(objects.allSatisfy { $0["schema"] as? String == "netprobe.listen/1" })
        #expect(objects.map { $0["type"] as? String } == ["packet", "packet", "summary"])
        #expect(objects.map { $0["direction"] as? String } == ["out", "in", nil])
        #expect(objects[0]["interface"] as? String == "host" && objects[0]["link"] as? String == "ETHERNET")
        #expect(objects[0]["length"] as? Int == 50 && (objects[0]["time"] as? Double ?? 0) > 1.7e9)
        let layers = (objects[0]["layers"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
        #expect(layers?.starts(with: ["Ethernet", "IPv4", "ICMP"]) == true, "\(outcome)")
        #expect(objects[2]["captured"] as? Int == 2 && objects[2]["dropped"] as? Int == 0)
    }

    @Test("--tree prints the fields")
    func tree() async throws {
        let outcome = try await Self.run("-t -c1 -p icmp -4", Self.echo)
        #expect(outcome.output.contains("     0-19  IPv4\n") && outcome.output.contains("Sequence number: 1\n"))
    }

    @Test("frames for other hosts come with --promiscuous, and without it not even where the link brings them")
    func promiscuous() async throws {
        let stranger = """
            nsenter --net=/run/netns/host python3 -c "
            import socket
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('client', 0))
            s.send(bytes.fromhex('020000000099' '020000000098' '0800'
                '4500001f00010000401153d4c6120101cb00710900010002000b29536f6464'))"
            ping -qc1 198.18.1.2 >/dev/null

            """
        let filter = "'udp or icmp'"
        let with = try await Self.run("-i host --promiscuous -c 3 -d 10 \(filter)", stranger)
        #expect(with.packets.first == "IP 198.18.1.1.1 > 203.0.113.9.2: UDP, length 3", "\(with)")
        let without = try await Self.run("-i host -c 2 -d 10 \(filter)", stranger)
        #expect(without.status == 0 && without.lines.count == 2, "\(without)")
        #expect(without.packets.allSatisfy { $0.contains("ICMP echo") })
        let any = try await Self.run("-i any -c 2 -d 10 \(filter)", stranger)
        #expect(any.packets.allSatisfy { $0.contains("ICMP echo") }, "\(any)")
    }

    @Test("the tag of a VLAN, which the kernel takes out of a frame, is there again, and can be asked for")
    func vlan() async throws {
        let frames = """
            nsenter --net=/run/netns/host python3 -c "
            import socket
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('client', 0))
            for tag in ['', '81000006', '81000005']:
                s.send(bytes.fromhex('ffffffffffff' '020000000098' + tag + '0800'
                    '4500001f00010000401153d4c6120101cb00710900010002000b29536f6464'))"

            """
        let outcome = try await Self.run("-t -i host -c 1 -d 10 'vlan 5 and udp'", frames)
        #expect(outcome.status == 0 && outcome.packetCounts.first == 1, "\(outcome)")
        #expect(outcome.output.count(of: "VLAN identifier: 5\n") == 1, "\(outcome)")
        #expect(outcome.output.contains("UDP, length 3\n"))
    }

    @Test("what was dropped is told", arguments: ["-i lo udp", "-4 -p udp"])
    func drops(arguments: String) async throws {
        let outcome = try await Self.run(
            "-q \(arguments)",
            """
            kill -STOP $program
            send "
            s = socket.socket(2, 2)
            for i in range(4000): s.sendto(bytes(60000), ('127.0.0.1', 9))"
            kill -CONT $program
            """, end: "sleep 0.5; kill -INT $program")
        let counts = outcome.packetCounts
        try #require(counts.count == 3, "\(outcome)")
        #expect(counts[0] > 0 && counts[2] > 0 && counts[0] + counts[2] == counts[1], "\(counts)")
        #expect(counts[1] == 4000)
    }

    @Test("whatever bytes come, each frame is a line")
    func malformed() async throws {
        let outcome = try await Self.run(
            "-i lo -c 3001 -d 30",
            """
            send "
            import random
            random.seed(1)
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('lo', 0))
            types = ['0800', '86dd', '0806', '8100', '8847', '88a8', '0004']
            for i in range(3000):
                body = random.randbytes(random.randrange(8, 200))
                if i % 2: body = bytes([random.choice([0x45, 0x46, 0x4f, 0x60])]) + body[1:]
                s.send(bytes(12) + bytes.fromhex(random.choice(types)) + body)"
            \(Self.datagram)
            """)
        #expect(outcome.status == 0 && outcome.lines.count == 3001, "\(outcome.errors)")
        // To some of them the kernel has an answer, which comes there, too.
        #expect(outcome.packetCounts.first == 3001 && outcome.packetCounts.last == 0)
    }

    @Test("an interface that goes away ends it with a word and the counts")
    func vanishing() async throws {
        let outcome = try await Self.network.run(
            ListenRaw.bash(
                "ip link add short type veth peer name other; ip link set short up; ip link set other up\n"
                    + ListenRaw.script("-i short", "ip link set short down; ip link del short")))
        #expect(outcome.status == 2 && outcome.errors.contains("short: "), "\(outcome)")
        #expect(outcome.errors.contains("packets captured\n") && outcome.errors.contains("Network is down"))
    }
}
