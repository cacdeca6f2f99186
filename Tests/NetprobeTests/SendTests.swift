import Foundation
import Testing

@testable import netprobe

@Suite("netprobe send")
struct SendTests {
    static func send(_ arguments: String, in network: Network = .pair) async throws -> Outcome {
        try await network.run(["bash", "-c", #""$0" send \#(arguments)"#, Program.netprobe])
    }

    // MARK: - What is on the wire

    /// Options, and what tshark reads in the packet that arrives at the other end.
    private static let rows: [(arguments: String, fields: [String: String])] = [
        ("--ttl 3", ["ip.ttl": "3", "icmp.type": "8"]), ("--tos 0x28", ["ip.dsfield": "0x28"]),
        ("--dscp ef --ecn ce", ["ip.dsfield.dscp": "46", "ip.dsfield.ecn": "3"]), ("--id 4711", ["ip.id": "0x1267"]),
        ("--df", ["ip.flags.df": "1", "ip.flags.mf": "0"]), ("--mf", ["ip.flags.mf": "1"]),
        ("--rf", ["ip.flags.rb": "1"]),
        ("--offset 5", ["ip.frag_offset": "5"]), ("--source 198.18.1.77", ["ip.src": "198.18.1.77"]),
        ("--protocol 200 --data abc", ["ip.proto": "200", "data.data": "616263"]),
        ("--ip-protocol 99", ["ip.proto": "99"]),
        ("--ip-version 5", ["ip.version": "5"]), ("--ihl 6", ["ip.hdr_len": "24"]), ("--ihl 4", ["ip.hdr_len": "16"]),
        ("--total-length 99 --id 5", ["ip.len": "99", "ip.id": "0x0005"]),
        ("--ip-checksum 0x1234", ["ip.checksum": "0x1234", "icmp.type": "8"]),
        ("--id 0", ["ip.id": "0x0000", "icmp.type": "8"]), ("--source 0.0.0.0", ["ip.src": "0.0.0.0"]),
        ("--option 'rr(9)'", ["ip.hdr_len": "60", "ip.opt.type": "7,0"]),
        ("--option ra", ["ip.opt.type": "148", "ip.opt.ra": "0"]),
        ("--option 'nop,lsrr(198.18.1.9)'", ["ip.opt.type": "1,131", "ip.hdr_len": "28"]),
        ("--option 'ssrr(198.18.1.9),nop'", ["ip.opt.type": "137,1"]),
        ("--option 'ts(2)'", ["ip.opt.type": "68", "ip.opt.flag": "0x00"]),
        ("--option 'tsaddr(1)'", ["ip.opt.type": "68", "ip.opt.flag": "0x01"]),
        ("--option 'tsprespec(198.18.1.2)'", ["ip.opt.type": "68", "ip.opt.flag": "0x03"]),
        ("--option 'sid(7)'", ["ip.opt.type": "136", "ip.opt.sid": "7"]),
        ("--option 'hex(1e0400ff)'", ["ip.hdr_len": "24"]),
        ("--type mask --icmp-id 9 --icmp-seq 8", ["icmp.type": "17", "icmp.ident": "9", "icmp.seq": "8"]),
        ("--type timestamp", ["icmp.type": "13"]), ("--type 42 --code 3", ["icmp.type": "42", "icmp.code": "3"]),
        ("--type 99 --rest 0x01020304", ["icmp.type": "99"]), ("--checksum 0x1234", ["icmp.checksum": "0x1234"]),
        ("--type unreachable --code host-prohib", ["icmp.type": "3", "icmp.code": "10"]),
        (
            "--udp --sport 9 -p 53",
            ["udp.srcport": "9", "udp.dstport": "53", "udp.length": "8", "udp.checksum.status": "1"]
        ),
        ("--udp -p 7 --udp-length 99", ["udp.length": "99"]), ("--udp -p 7 --checksum 0", ["udp.checksum": "0x0000"]),
        (
            "--tcp --sport 9 -p 80 --seq 17 --ack 18 --flags fin+ack",
            [
                "tcp.srcport": "9", "tcp.dstport": "80", "tcp.seq_raw": "17", "tcp.ack_raw": "18",
                "tcp.flags": "0x0011",
                "tcp.checksum.status": "1",
            ]
        ),
        (
            "--tcp -p 80 --window 99 --urgent 5 --flags SU",
            ["tcp.window_size_value": "99", "tcp.urgent_pointer": "5", "tcp.flags": "0x0022"]
        ),
        (
            "--tcp -p 80 --tcp-option 'mss(1400),sackok,ts(1,0),nop,wscale(9)'",
            [
                "tcp.options.mss_val": "1400", "tcp.options.wscale.shift": "9", "tcp.options.timestamp.tsval": "1",
                "tcp.hdr_len": "40",
            ]
        ),
        ("--tcp -p 80 --data-offset 9", ["tcp.hdr_len": "36"]), ("--data 'é'", ["data.data": "c3a9"]),
        ("--data-hex '00:ff 7f'", ["data.data": "00ff7f"]), ("-s 5", ["data.data": "6e65747072"]),
        ("-s 3 --pattern 0102", ["data.data": "010201"]), ("--data-random 9", ["data.len": "9"]),
        (
            "--packet 'ipv4(ttl=9)/igmp.query(group=225.1.2.3,max=50,qrv=3,qqic=20,sources=[198.18.0.1])'",
            [
                "ip.ttl": "9", "igmp.type": "0x11", "igmp.maddr": "225.1.2.3", "igmp.qrv": "3", "igmp.qqic": "20",
                "igmp.num_src": "1", "igmp.saddr": "198.18.0.1", "igmp.checksum.status": "1",
            ]
        ),
        (
            "--packet 'igmp.report(records=[allow(225.1.2.4,198.18.0.1)])'",
            ["igmp.record_type": "5", "igmp.maddr": "225.1.2.4"]
        ),
        (
            "--packet 'gre/ipv4(dst=198.18.0.9)/udp(dport=7)'",
            ["gre.proto": "0x0800", "ip.dst": "198.18.1.2,198.18.0.9", "udp.dstport": "7"]
        ),
        ("--packet 'sctp.init(dport=9)'", ["sctp.dstport": "9", "sctp.chunk_type": "1"]),
        ("--packet 'dccp.request(dport=9)'", ["dccp.dstport": "9", "dccp.type": "0", "dccp.checksum.status": "1"]),
        ("--packet 'udplite(dport=9)/\"abc\"'", ["udp.dstport": "9", "ip.proto": "136"]),
        (
            "--packet-hex 45000000000000003f01000000000000c612010208000000000a000b",
            ["ip.ttl": "63", "icmp.ident": "10", "icmp.seq": "11"]
        ),
    ]

    private static let rows6: [(arguments: String, fields: [String: String])] = [
        (
            "--ttl 3 --tos 0x28 --flow 0x12345",
            ["ipv6.hlim": "3", "ipv6.tclass": "0x00000028", "ipv6.flow": "0x012345"]
        ),
        ("--packet 'ipv6(len=99)/udp(dport=7)'", ["ipv6.plen": "99"]), ("--ip-protocol 99", ["ipv6.nxt": "99"]),
        ("--type 200 --code 7", ["icmpv6.type": "200", "icmpv6.code": "7", "icmpv6.checksum.status": "1"]),
        (
            "--packet 'hopopts(options=ra(0))/icmpv6.mldquery(group=ff02::1:3)'",
            [
                "ipv6.nxt": "0", "ipv6.opt.router_alert": "0", "icmpv6.type": "130",
                "icmpv6.mld.multicast_address": "ff02::1:3",
            ]
        ),
        ("--packet 'frag(id=7,mf)/udp(dport=9)'", ["ipv6.fraghdr.ident": "0x00000007", "ipv6.fraghdr.more": "1"]),
        ("--tcp -p 443", ["tcp.dstport": "443", "tcp.flags": "0x0002", "tcp.checksum.status": "1"]),
    ]

    @Test("each field is on the wire as it was said", .enabled(if: Requirements.tshark), arguments: [false, true])
    func wire(isIPv6: Bool) async throws {
        let rows = isIPv6 ? Self.rows6 : Self.rows
        let names = Set(rows.flatMap(\.fields.keys)).sorted()
        let host = isIPv6 ? "2001:db8:1::2" : "198.18.1.2"
        let runs = rows.map {
            #""$0" send -q -W 0 \#($0.arguments) \#(host) >/dev/null || [ $? = 1 ] || echo "failed: \#($0.arguments.replacing("\"", with: ""))""#
        }
        // The kernel of the other end says nothing that could be taken for one of these.
        let filter = isIPv6 ? "ip6 and src 2001:db8:1::1 and not (icmp6 and (ip6[40] = 135 or ip6[40] = 136))" : "ip"
        let script = """
            directory=$(mktemp -d /tmp/netprobe-XXXXXX); trap 'rm -r "$directory"' EXIT; cd "$directory"
            interface=$(ip netns exec host ip -o route get \(isIPv6 ? "2001:db8:1::1" : "198.18.1.1") | grep -o 'dev [^ ]*' | cut -d' ' -f2)
            ip netns exec host tcpdump --immediate-mode -n -U -Z root -Q in -i $interface -w capture '\(filter)' 2>started & tcpdump=$!
            until grep -q listening started; do sleep 0.05; done
            ping -\(isIPv6 ? 6 : 4) -c1 \(host) >/dev/null
            \(runs.joined(separator: "\n"))
            sleep 0.3; kill $tcpdump; wait $tcpdump
            tshark -n -r capture -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE \
                -o ip.defragment:FALSE -o ipv6.defragment:FALSE -T fields -E separator='|' -E occurrence=a \(names.map { "-e \($0)" }.joined(separator: " "))
            """
        // A network of its own, where nobody else sends.
        let lab = Program.repository.appendingPathComponent("Tests/Lab/lab").path
        let outcome = try await Program.run([lab, "run", "pair.lab", "client", "bash", "-c", script, Program.netprobe])
        // The first is that of ping, which has asked for the link address.
        let lines = Array(
            outcome.lines.dropFirst().map {
                $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            })
        try #require(lines.count == rows.count, "\(outcome)")
        for (row, line) in zip(rows, lines) {
            let found = Dictionary(uniqueKeysWithValues: zip(names, line))
            for (name, value) in row.fields { #expect(found[name] == value, "\(row.arguments): \(name)") }
        }
    }

    @Test("fragments arrive as they were cut, and the kernel there puts them together")
    func fragments() async throws {
        for order in ["forward", "reverse", "swapped"] {
            let outcome = try await Self.send(
                "-W 5 --fragment 576 -s 2000 --order \(order) --expect icmp.echoreply 198.18.1.2")
            #expect(outcome.status == 0 && outcome.output.contains("1 as expected"), "\(outcome)")
        }
        let ipv6 = try await Self.send("-W 5 --fragment 1280 -s 2000 --expect icmpv6.echoreply 2001:db8:1::2")
        #expect(ipv6.status == 0, "\(ipv6)")
        // Linux takes no fragment that overlaps another of IPv6 (RFC 5722).
        let overlapping = try await Self.send("--fragment 1280 --overlap 8 -s 2000 -W 0.2 2001:db8:1::2")
        #expect(overlapping.status == 1, "\(overlapping)")
    }

    // MARK: - What comes back

    @Test("a line for each answer, with the round trip, and a summary")
    func lines() async throws {
        let outcome = try await Self.send("-c 2 -i 0.01 -W 5 --icmp-id 7 198.18.1.2")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        try #require(outcome.lines.count == 6, "\(outcome)")
        #expect(outcome.lines[0] == "SEND 198.18.1.1 > 198.18.1.2: 2 packets of 28 bytes")
        let reply = #/(\d): IP 198.18.1.2 > 198.18.1.1: ICMP echo reply, id 7, seq (\d), length 8 time=[0-9.]+ ms/#
        #expect(outcome.lines[1].wholeMatch(of: reply)?.2 == "1" && outcome.lines[2].wholeMatch(of: reply)?.2 == "2")
        #expect(outcome.lines[4] == "2 sent, 2 answered" && outcome.lines[5].hasPrefix("rtt min/avg/max = "))
    }

    @Test(
        "who refuses, and for what",
        arguments: [
            ("--ttl 1 198.18.4.2", "ICMP time exceeded in-transit"), ("203.0.113.13", "admin prohibited filter"),
            ("--udp -p 9 203.0.113.1", "host 203.0.113.1 unreachable"),
            ("--protocol 200 198.18.3.2", "protocol 200 unreachable"),
            ("-6 --ttl 1 2001:db8:3::2", "ICMP6, time exceeded in-transit"),
            ("-6 2001:db8:113::1", "unreachable prohibited"),
        ])
    func refusals(arguments: String, says: String) async throws {
        // A network of its own: routers say no only so often.
        let lab = Program.repository.appendingPathComponent("Tests/Lab/lab").path
        let command = [Program.netprobe, "send", "-W", "5"] + arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([lab, "run", "refusals.lab", "client"] + command)
        #expect(outcome.status == 0 && outcome.lines.dropFirst().first?.contains(says) ?? false, "\(outcome)")
    }

    @Test("TCP ports are open, closed or silent")
    func ports() async throws {
        let script = #"""
            directory=$(mktemp -d /tmp/netprobe-XXXXXX); trap 'rm -r "$directory"' EXIT
            ip netns exec host python3 -c 'import socket,time; s=socket.create_server(("198.18.1.2",8080)); print("up", flush=True); time.sleep(20)' >"$directory/up" &
            until [ -s "$directory/up" ]; do sleep 0.05; done
            "$0" send --tcp -p 8080,8081 -i 0.01 -W 5 198.18.1.2; kill $!
            """#
        let outcome = try await Network.pair.run(["bash", "-c", script, Program.netprobe])
        #expect(
            outcome.lines.contains { $0.hasPrefix("1: ") && $0.contains(".8080 >") && $0.contains("Flags [S.]") },
            "\(outcome)")
        #expect(
            outcome.lines.contains { $0.hasPrefix("2: ") && $0.contains(".8081 >") && $0.contains("Flags [R.]") },
            "\(outcome)")
    }

    @Test("nobody answers: exit status 1; as expected or not")
    func status() async throws {
        #expect(try await Self.send("-W 0.1 198.18.1.2 --source 198.18.1.77").status == 1)
        #expect(try await Self.send("-W 5 --expect icmp.echoreply 198.18.1.2").status == 0)
        let other = try await Self.send("--expect 'icmp.unreachable' -W 0.1 198.18.1.2")
        #expect(
            other.status == 1 && other.output.contains("(not expected)") && other.output.contains("0 as expected"),
            "\(other)")
        #expect(try await Self.send("--flood -c 100 198.18.1.2").status == 0)
    }

    @Test("JSON has each packet, and what is in it")
    func json() async throws {
        let outcome = try await Self.send("--json -v -W 5 --icmp-id 7 --expect 'icmp.echoreply(id=7)' 198.18.1.2")
        let objects = try outcome.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
        }
        #expect(objects.map { $0["type"] as? String } == ["start", "sent", "reply", "statistics"])
        #expect(objects.allSatisfy { $0["schema"] as? String == "netprobe.send/1" })
        try #require(objects.count == 4)
        #expect(
            objects[2]["expected"] as? Bool == true && objects[2]["number"] as? Int == 1 && objects[2]["time"] is Double
        )
        #expect((objects[2]["layers"] as? [[String: Any]])?.map { $0["name"] as? String } == ["IPv4", "ICMP"])
        #expect(objects[3]["answered"] as? Int == 1)
    }

    @Test("a capture has what was sent and what answered", .enabled(if: Requirements.tshark))
    func capture() async throws {
        let script = #"""
            directory=$(mktemp -d /tmp/netprobe-XXXXXX); trap 'rm -r "$directory"' EXIT
            "$0" send -q -c 2 -i 0.01 -W 5 --pcap "$directory/c.pcapng" 198.18.1.2 >/dev/null
            tshark -n -r "$directory/c.pcapng" -T fields -e ip.src -e icmp.type -e icmp.seq -e frame.comment
            """#
        let outcome = try await Network.pair.run(["bash", "-c", script, Program.netprobe])
        #expect(
            Set(outcome.lines) == [
                "198.18.1.1\t8\t1\tsent 1", "198.18.1.2\t0\t1\tanswers 1", "198.18.1.1\t8\t2\tsent 2",
                "198.18.1.2\t0\t2\tanswers 2",
            ], "\(outcome)")
    }

    @Test(
        "a dry run shows bytes that are read back as the same packet, and needs no privilege",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
    func dryRun() async throws {
        let script = #"""
            cd /; PATH=$PATH:/usr/sbin
            setpriv --bounding-set -all --inh-caps -all --reuid 65534 --regid 65534 --clear-groups -- "$0" send -n --seed 1 --tcp -p 80-81 --data hi 127.0.0.1 | tee >(cat >&2) | grep '^[0-9a-f]\{4\}  \|^$' | "$0" decode
            """#
        let outcome = try await Network.pair.run(["bash", "-c", script, Program.netprobe])
        #expect(outcome.lines.count == 2 && outcome.lines[1].contains("127.0.0.1.81: Flags [S]"), "\(outcome)")
        #expect(outcome.errors.contains("Destination port: 80\n") && outcome.errors.contains("length 2"), "\(outcome)")
    }

    @Test("every layer is listed with its fields, and each of them is one")
    func layers() async throws {
        let outcome = try await Self.send("--layers")
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let names = outcome.lines.filter { !$0.hasPrefix(" ") && !$0.isEmpty }
        #expect(names.count > 50 && names.contains("icmp.echo") && names.contains("tcp"))
        #expect(outcome.lines.contains { $0.contains("ttl") && $0.contains("0 to 255") }, "\(outcome)")
    }

    @Test("an interruption ends it with the summary")
    func interruption() async throws {
        let outcome = try await Network.pair.run([
            "timeout", "-s", "INT", "0.5", Program.netprobe, "send", "-c", "0", "-i", "0.1", "198.18.1.2",
        ])
        #expect(outcome.lines.contains { $0.wholeMatch(of: #/\d+ sent, \d+ answered/#) != nil }, "\(outcome)")
    }

    // MARK: - Bad input

    @Test(
        "one line, exit status 2, nothing sent",
        arguments: [
            ("", "no destination"), ("--ttl 300 ::1", "invalid --ttl value: '300'"),
            ("--ttl x 127.0.0.1", "it takes a number from 0 to 255"),
            ("--ttl 9-3 127.0.0.1", "ends before it begins"), ("--source nope 127.0.0.1", "it takes an IPv4 address"),
            ("--type ecko 127.0.0.1", "did you mean 'icmp.echo'"), ("--udp 127.0.0.1", "--udp wants a port"),
            ("--udp --tcp -p 1 127.0.0.1", "only one of --udp and --tcp"),
            ("--flags S 127.0.0.1", "--flags is a field of --tcp"),
            ("--option 'rr(9),ra' 127.0.0.1", "header has room for 40"), ("--df ::1", "--df is a field of IPv4"),
            ("--flow 1 127.0.0.1", "--flow is a field of IPv6"), ("-s 70000 127.0.0.1", "0 to 65535"),
            ("-s 65535 127.0.0.1", "65535 are the most"),
            ("--data a --size 3 127.0.0.1", "only one of --data and --size"),
            ("--data-file /nonexistent 127.0.0.1", "--data-file: /nonexistent: No such file"),
            ("--pattern 00 127.0.0.1", "--pattern is what --size repeats"),
            ("--packet 'ipv4(tll=3)' 127.0.0.1", "--packet, character 6: ipv4 has no field 'tll': did you mean 'ttl'?"),
            ("--packet 'ipv4' --ttl 3 127.0.0.1", "--packet says the whole packet"),
            ("--packet 'udp'", "no destination"),
            ("--packet-hex 4500 127.0.0.1", "begins with no IP header"), ("--packet-hex 450 127.0.0.1", "odd number"),
            ("-6 127.0.0.1", "don't agree on IPv4 or IPv6"), ("-4 -6 ::1", "only one of -4 and -6"),
            ("-c x 127.0.0.1", "invalid -c value"), ("--rate 0 127.0.0.1", "0.001 to 10000000"),
            ("-i 1 --rate 1 127.0.0.1", "only one of -i and --rate"),
            ("--fragment 27 127.0.0.1", "28 <= value"), ("--fragment 28 --df -s 99 127.0.0.1", "must not be cut"),
            ("--overlap 8 127.0.0.1", "--fragment 576"), ("--fragment 100 --overlap 7 127.0.0.1", "count by 8"),
            ("--fragment 99 --order x 127.0.0.1", "forward, reverse, swapped"),
            ("--expect 'icmp.echo(' 127.0.0.1", "--expect, character 11"),
            ("--flood --expect icmp 127.0.0.1", "looks for no answers"),
            ("--json --decode 127.0.0.1", "only one of --decode and --json"), ("-I nope0 127.0.0.1", "nope0"),
            ("--pcap /nonexistent/x 127.0.0.1", "/nonexistent/x: No such file"),
            ("no.such.host.invalid", "no.such.host.invalid"),
            ("--total-length 70000 127.0.0.1", "more than len can hold"), ("--ip-checksum 1 ::1", "is a field of IPv4"),
            ("fe80::1", "needs its interface"),
        ])
    func badInput(arguments: String, says: String) async throws {
        let outcome = try await Self.send(arguments)
        #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.hasPrefix("netprobe send: ") && outcome.errors.contains(says), "\(outcome.errors)")
    }
}
