import Foundation
import Testing

@Suite("netprobe decode")
struct DecodeTests {
    /// scapy: `IP(src="198.18.1.1", dst="203.0.113.9")/UDP(sport=1, dport=2)/b"odd"`
    static let packet = "4500001f00010000401153d4c6120101cb00710900010002000b29536f6464"
    static let line = "IP 198.18.1.1.1 > 203.0.113.9.2: UDP, length 3"

    static func decode(_ arguments: String..., input: String = packet) async throws -> Outcome {
        try await Program.run([Program.netprobe, "decode"] + arguments, input: input)
    }

    /// Runs a script in which `$0` is netprobe, in a directory of its own with nothing but these files.
    static func script(_ script: String, files: [String: [UInt8]] = [:]) async throws -> Outcome {
        let writing = files.map { name, bytes in
            "printf '" + bytes.map { "\\x" + String($0, radix: 16) }.joined() + "' >'\(name)'\n"
        }.joined()
        let prelude = """
            set -u; PATH=$PATH:/usr/sbin:/sbin
            directory=$(mktemp -d /tmp/netprobe-XXXXXX); trap 'rm -r "$directory"' EXIT; cd "$directory"
            packet=\(packet)
            bytes() { printf '%s' "$packet" | sed 's/../\\\\x&/g' | xargs -0 printf; }

            """
        return try await Program.run(["bash", "-c", prelude + writing + script, Program.netprobe])
    }

    @Test(
        "hexadecimal text is read as people write it",
        arguments: [
            packet,
            packet.uppercased(),
            "0x45, 0x00, 0x00, 0x1f,\n0x00, 0x01, " + packet.dropFirst(12),
            packet.enumerated().map { $0 > 0 && $0 % 2 == 0 ? ":\($1)" : "\($1)" }.joined(),
            "# from a mail\r\n4500001f 00010000\r\n  " + packet.dropFirst(16) + "\r\n",
            "\n\n" + packet + "\n\n\n",
        ])
    func text(_ text: String) async throws {
        let outcome = try await Self.decode(input: text)
        #expect(outcome.lines == [Self.line] && outcome.errors.isEmpty && outcome.status == 0, "\(outcome)")
    }

    @Test(
        "what other programs dump is read back",
        arguments: [
            "xxd", "xxd -c 8", "xxd -g 1", "xxd -p", "hexdump -C", "od -A x -t x1", "od -A x -t x1z",
            // Wireshark's: four digits, three blanks before the characters.
            #"xxd -g 1 | sed -E 's/^0000([0-9a-f]{4}): /\1   /; s/  ([^ ]*)$/   \1/'"#,
        ])
    func dumps(_ program: String) async throws {
        let outcome = try await Self.script("bytes | \(program) >dump; cat dump >&2; \"$0\" decode dump")
        #expect(outcome.lines == [Self.line] && outcome.status == 0, "\(outcome)")
    }

    @Test("tcpdump -x is read back, headings, offsets and all", arguments: ["-x", "-X", "-xx", "-XX", "-vx"])
    func tcpdump(_ option: String) async throws {
        let outcome = try await Self.script(
            """
            { "$0" decode --help >/dev/null; bytes; } >bytes
            printf '\\xd4\\xc3\\xb2\\xa1\\x02\\0\\x04\\0\\0\\0\\0\\0\\0\\0\\0\\0\\xff\\xff\\0\\0\\x65\\0\\0\\0' >capture
            record='\\1\\0\\0\\0\\0\\0\\0\\0\\x1f\\0\\0\\0\\x1f\\0\\0\\0'
            for i in 1 2; do printf "$record" >>capture; bytes >>capture; done
            tcpdump -n \(option) -r capture >dump 2>/dev/null; "$0" decode dump
            """)
        #expect(outcome.lines == [Self.line, Self.line] && outcome.status == 0, "\(outcome)")
    }

    @Test("the bytes of one packet are a packet")
    func bytes() async throws {
        let outcome = try await Self.script("bytes | \"$0\" decode; bytes >packet; \"$0\" decode packet -")
        #expect(outcome.lines.first == Self.line && outcome.lines.contains("packet: " + Self.line), "\(outcome)")
    }

    @Test("packets are printed as they are captured")
    func stream() async throws {
        let outcome = try await Self.script(
            """
            unshare -n bash -c '
                ip link set lo up
                tcpdump -Z root -i lo -U -c 4 -w - 2>/dev/null | "$0" decode >lines & sleep 1
                ping -c 1 -s 8 127.0.0.1 >/dev/null
                for turn in {1..100}; do [ "$(wc -l <lines)" = 2 ] && break; sleep 0.05; done
                cat lines; ping -c 1 127.0.0.1 >/dev/null; wait' "$0"
            """)
        let words = outcome.lines.map { $0.split(separator: " ").dropFirst().prefix(7).joined(separator: " ") }
        let request = "IP 127.0.0.1 > 127.0.0.1: ICMP echo"
        #expect(words.count == 2 && words.allSatisfy { $0.hasPrefix(request) }, "\(outcome)")
        #expect(outcome.lines.allSatisfy { $0.prefix(15).contains(/^\d\d:\d\d:\d\d\.\d{6}$/) }, "\(outcome)")
    }

    @Test("of several files each line names its own, and one that is missing does not hide the others")
    func files() async throws {
        let outcome = try await Self.script("echo $packet >a; echo $packet >b; \"$0\" decode a nothing b")
        #expect(outcome.lines == ["a: " + Self.line, "b: " + Self.line], "\(outcome)")
        #expect(outcome.errors == "netprobe decode: nothing: No such file or directory\n" && outcome.status == 2)
    }

    @Test("the tree names every field with its place")
    func tree() async throws {
        let outcome = try await Self.decode("--tree")
        #expect(outcome.lines.first == Self.line)
        #expect(outcome.lines.contains("      20-27  UDP"))
        #expect(outcome.lines.contains("      26-27    Checksum: 0x2953 (correct)"))
        #expect(outcome.lines.last == "      28-30  Payload: 6f6464")
    }

    @Test("JSON has the line, the fields and their places")
    func json() async throws {
        let outcome = try await Self.decode("--json", "-c", "1", input: Self.packet + "\n\n" + Self.packet)
        #expect(outcome.lines.count == 1 && outcome.status == 0)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome)")
        #expect(object["schema"] as? String == "netprobe.decode/1" && object["line"] as? String == Self.line)
        #expect(object["number"] as? Int == 1 && object["captured"] as? Int == 31)
        let layers = try #require(object["layers"] as? [[String: Any]])
        #expect(layers.map { $0["name"] as? String } == ["IPv4", "UDP", "Payload"])
        let ports = try #require(layers[1]["fields"] as? [[String: Any]])
        #expect(ports[1]["name"] as? String == "Destination port" && ports[1]["value"] as? Int == 2)
        #expect(ports[1]["offset"] as? Int == 22 && ports[1]["length"] as? Int == 2)
    }

    @Test("every vector has in the program the line that it has in its file")
    func vectors() async throws {
        let path = Program.repository.appendingPathComponent("Tests/PacketsTests/Vectors/icmpv4.scapy.txt").path
        let wanted = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("# line: ") }.map { String($0.dropFirst(8)) }
        let outcome = try await Self.decode(path)
        #expect(outcome.lines == wanted && wanted.count > 40)
    }

    @Test(
        "captures of every format, written by tcpdump, are read like the text of the same packets", arguments: [1, 101])
    func everyFormat(linkType: Int) async throws {
        let outcome = try await Self.script(
            """
            cat >capture.py <<'END'
            import pathlib, struct, sys
            sys.path.insert(0, sys.argv[1])
            import vectors
            link_type = int(sys.argv[2])
            packets = [vector for path in sorted(pathlib.Path(sys.argv[1]).glob("*.txt")) for vector in vectors.read(path)
                       if vector["link"] in {1: ["ethernet"], 101: ["ipv4", "ipv6"]}[link_type]]
            with open("made", "wb") as file:
                file.write(struct.pack("=IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, link_type))
                for packet in packets:
                    length = len(packet["bytes"])
                    file.write(struct.pack("=IIII", 1, 5, length, length) + packet["bytes"])
            with open("text", "w") as file:
                file.write("\\n\\n".join(packet["bytes"].hex() for packet in packets))
            END
            PYTHONDONTWRITEBYTECODE=1 python3 capture.py \(Program.repository.path)/Tests/PacketsTests/Vectors \(linkType)
            tcpdump -Z "$(id -un)" -r made -w capture 2>/dev/null
            "$0" decode capture | cut -d ' ' -f 2- >from-capture
            "$0" decode \(linkType == 1 ? "--link ethernet" : "") text >from-text
            diff from-capture from-text && wc -l <from-text
            """)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.lines.count == 1 && Int(outcome.lines[0]) ?? 0 > (linkType == 1 ? 20 : 400), "\(outcome)")
    }
}
