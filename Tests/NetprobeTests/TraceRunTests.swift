import Glibc
import Packets
import Testing

@Suite("A trace while it runs")
struct TraceRunTests {
    /// Nobody answers for these, the first router included.
    static let silent = ["203.0.113.200", "2001:db8:113::200"]
    /// Nor for these behind the second, but the first does.
    static let silentFurther = ["203.0.113.202", "2001:db8:113::202"]
    static let methods = ["", "-I", "-T", "-M tcpconn"]

    @Test("while it waits it does nothing", arguments: silent, methods)
    func idle(host: String, method: String) async throws {
        // The last look at it before its end: clock ticks of its own and of the kernel, and context switches.
        let script = """
            "$0" trace -n -w 1 -m 3 \(method) \(host) >/dev/null & program=$!
            while sleep 0.02; [[ -e /proc/$program/fd/0 ]]; do
                look=$(cut -d' ' -f14,15 /proc/$program/stat 2>/dev/null;
                    awk '/ctxt/ { print $2 }' /proc/$program/status 2>/dev/null)
                (($(wc -w <<<"$look") < 4)) || last=$look
            done
            echo $last; wait $program
            """
        let outcome = try await Network.refusals.run(["bash", "-c", script, Program.netprobe])
        let numbers = outcome.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(numbers.count == 4 && outcome.status == 0, "\(outcome)")
        #expect(numbers[0] + numbers[1] < 30, "\(numbers)")
        #expect(numbers[2] < 100, "\(numbers)")
    }

    @Test("SIGINT and SIGTERM end it with what it knows", arguments: [SIGINT, SIGTERM], silentFurther)
    func signals(signal: Int32, host: String) async throws {
        let command = [Program.netprobe, "trace", "-n", "-q1", "-w", "30", "-m", "3", host]
        let outcome = try await Network.refusals.run(command) { running in
            try running.expect(host.contains(":") ? "1  2001:db8:1::2 " : "1  198.18.1.2 ")
            running.send(signal)
        }
        #expect(outcome.signal == nil && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.duration < .seconds(20))
    }

    @Test("rounds without end are ended by a signal, with the statistics of all of them", arguments: methods)
    func rounds(method: String) async throws {
        let arguments = method.split(separator: " ").map(String.init)
        let command = [Program.netprobe, "trace", "-n", "--json", "--rounds", "0", "--interval", "0.05"] + arguments
        let outcome = try await Network.chain.run(command + ["198.18.6.2"]) { running in
            try running.expect(#""round":4"#)
            running.send(SIGINT)
        }
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let hops = outcome.lines.filter { $0.contains(#""type":"hop""#) }
        #expect(hops.count == 6 && hops.allSatisfy { $0.contains(#""lost":0"#) }, "\(hops)")
    }

    @Test("connections to ports of their own say nothing of balancing by packets")
    func connections() async throws {
        let network = Network("diamond.lab")
        for host in ["198.18.20.2", "2001:db8:20::2"] {
            let outcome = try await network.run([
                Program.netprobe, "trace", "-n", "--json", "-M", "tcpconn", "-q", "10", "--rounds", "2", "--interval",
                "0.05", host,
            ])
            #expect(outcome.status == 0 && outcome.lines.count > 100, "\(outcome)")
            #expect(!outcome.output.contains("several_responders") && !outcome.output.contains("route_change"))
        }
    }

    // MARK: - Long probes

    @Test(
        "a probe longer than the first link is sent in fragments that fit it, and are the probe together",
        .enabled(if: Requirements.python, "needs python3"),
        arguments: ["198.18.1.2", "2001:db8:1::2"], ["raw", "dgram"])
    func fragments(host: String, sockets: String) async throws {
        let arguments = ["-n", "-q1", "-m1", "-I", "-O", sockets, host, "4000"]
        // Three of the request and three of the reply, which is just as long.
        // A network of its own: what others send is not to be captured.
        let packets = try await Network("ping-sockets.lab").packets(6, on: "r1", of: arguments, command: "trace")
        #expect(packets.allSatisfy { $0.count <= 1500 } && packets.contains { $0.count >= 1496 })
        var reassembly = Reassembly()
        var wholes: [[UInt8]] = []
        for packet in packets {
            if case .whole(let bytes) = reassembly.receive(packet.span.bytes, at: .zero) { wholes.append(bytes) }
        }
        try #require(wholes.map(\.count) == [4000, 4000], "\(packets.map(\.count))")
        for bytes in wholes {
            if host.contains(":") {
                _ = try IPv6Packet(parsing: bytes.span.bytes)
            } else {
                _ = try IPv4Packet(parsing: bytes.span.bytes)
            }
        }
    }

    @Test(
        "where a probe may not be cut, what the link takes is said",
        arguments: ["198.18.3.2", "2001:db8:3::2"], ["raw", "dgram"])
    func tooLong(host: String, sockets: String) async throws {
        let outcome = try await Network.pingSockets.run([
            Program.netprobe, "trace", "-n", "-q1", "-m1", "-F", "-I", "-O", sockets, host, "1501",
        ])
        #expect(outcome.errors == "netprobe trace: \(host): local error: message too long, mtu=1500\n")
    }
}
