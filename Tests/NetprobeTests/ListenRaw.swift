/// Scripts in which `netprobe listen --raw` hears what `traffic` sends.
enum ListenRaw {
    /// Begins to listen, has `traffic` sent when it does, and prints what it printed and its exit status.
    /// - Parameters:
    ///   - arguments: as the shell reads them.
    ///   - end: what ends it, where its arguments do not; `$program` is its number.
    ///   - then: what else to print, in the directory of its own where all of this happens.
    static func script(_ arguments: String, _ traffic: String, end: String = "", then: String = "") -> String {
        """
        export TZ=UTC LC_ALL=C PATH=$PATH:/usr/sbin:/sbin netprobe=$0
        directory=$(mktemp -d /tmp/netprobe-XXXXXX); trap 'rm -r "$directory"' EXIT; cd "$directory"
        chmod 777 .
        send() { python3 -c "import socket; $1"; }
        "$netprobe" listen --raw \(arguments) >output 2>errors & program=$!
        until grep -q "listening to" errors; do
            kill -0 $program 2>/dev/null || { cat errors >&2; wait $program; exit; }
            sleep 0.02
        done
        \(traffic)
        \(end)
        wait $program; status=$?
        cat output; cat errors >&2
        \(then)
        exit $status
        """
    }

    static func bash(_ script: String) -> [String] { ["bash", "-c", script, Program.netprobe] }

    /// Runs it where the tests are, whose loopback interface others use too.
    static func run(_ arguments: String, _ traffic: String, end: String = "", then: String = "") async throws
        -> Outcome
    {
        try await Program.run(bash(script(arguments, traffic, end: end, then: then)))
    }

    /// A command that sends bytes as a packet of an IP protocol to this host.
    static func packet(_ number: Int, _ bytes: String) -> String {
        """
        send "socket.socket(2, socket.SOCK_RAW, \(number)).sendto(bytes.fromhex('\(bytes)'), ('127.0.0.1', 0))"

        """
    }
}

extension Outcome {
    /// Lines of standard error that count packets: captured, received by filter, dropped by kernel.
    var packetCounts: [Int] {
        errorLines.suffix(3).compactMap { line in
            line.contains(" packet") ? line.split(separator: " ").first.flatMap { Int($0) } : nil
        }
    }

    /// Lines of packets, without the time.
    var packets: [String] { lines.map { String($0.drop { $0 != " " }.dropFirst()) } }
}
