import Foundation
import Testing

@Suite("What decode prints")
struct DecodeOutputTests {
    private static let hostile = "a\u{1B}[2J\u{9B}b"

    /// An ICMP time exceeded whose interface (RFC 5837 section 4.4) has a name that would clear a terminal: 128 bytes
    /// quoted, then the extension header, no checksum, and one object with a name.
    private static let hostileName: [UInt8] = {
        let quote = Echo.bytes + [UInt8](repeating: 0, count: 128 - Echo.bytes.count)
        let name = Array(hostile.utf8) + [UInt8](repeating: 0, count: 3)
        let object = [0, UInt8(5 + name.count), 2, 0x02, UInt8(1 + name.count)] + name
        let message = [11, 0, 0, 0, 0, 32, 0, 0] + quote + [0x20, 0, 0, 0] + object
        return [0x45, 0, 0, UInt8(20 + message.count), 0, 1, 0, 0, 64, 1, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1] + message
    }()

    @Test(
        "nothing that a packet or a capture holds reaches a terminal as a command", arguments: ["", "--tree", "--json"])
    func escapes(option: String) async throws {
        let outcome = try await DecodeTests.script(
            "\"$0\" decode \(option) name comment", files: ["name": Self.hostileName, "comment": Echo.pcapng])
        #expect(outcome.status == 0 && outcome.errors == "", "\(outcome)")
        #expect(
            outcome.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control },
            "\(outcome)")
        if option == "--tree" {
            #expect(outcome.output.contains(#"a\u{1B}[2J\u{009B}b"#), "\(outcome)")
            #expect(outcome.output.contains(#"Comment: clear \u{1B}[2J\u{009B}"#), "\(outcome)")
        } else if option == "--json" {
            #expect(outcome.output.contains(#"a\u001b[2J\u009bb"#), "\(outcome)")
        }
    }

    @Test("the tree has every byte's field with its place")
    func tree() async throws {
        let outcome = try await DecodeTests.script("\"$0\" decode -tc 1 capture", files: ["capture": Echo.pcapng])
        #expect(outcome.lines.first == Echo.captureLines[0])
        #expect(
            outcome.lines.suffix(7) == [
                "      34-41  ICMP", "         34    Type: 8 (echo request)", "         35    Code: 0",
                "      36-37    Checksum: 0xb70c (correct)", "      38-39    Identifier: 16110",
                "      40-41    Sequence number: 1", "      42-45  Payload: 00010203",
            ], "\(outcome)")
    }

    @Test("JSON has a line a packet, with what the capture says of it")
    func json() async throws {
        let outcome = try await DecodeTests.script(
            "\"$0\" decode --json capture text", files: ["capture": Echo.pcapng, "text": Array(Echo.digits.utf8)])
        let objects = try outcome.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
        }
        try #require(objects.count == 3, "\(outcome)")
        let common: Set = ["schema", "type", "number", "file", "link", "length", "captured", "line", "layers"]
        #expect(Set(objects[0].keys) == common.union(["time", "interface", "comments"]))
        #expect(Set(objects[1].keys) == common.union(["time", "interface"]))
        #expect(Set(objects[2].keys) == common)
        #expect(objects.map { $0["number"] as? Int } == [1, 2, 3])
        #expect(objects.map { $0["file"] as? String } == ["capture", "capture", "text"])
        #expect(objects.map { $0["line"] as? String } == [Echo.line, Echo.replyLine, Echo.line])
        #expect(objects.map { $0["link"] as? String } == ["ETHERNET", "ETHERNET", "IPV4"])
        #expect(objects.map { $0["captured"] as? Int } == [46, 46, 32])
        #expect(objects.map { $0["length"] as? Int } == [46, 46, 32])
        #expect(objects[0]["interface"] as? String == "lo")
        #expect(objects[0]["comments"] as? [String] == ["clear \u{1B}[2J\u{9B}"])
        #expect(outcome.lines[0].contains(#","time":1795395743.986720358,"#))
        try expectFields(objects[0])
    }

    /// Each layer begins where the one before ends, and each field lies within the one that it is a part of.
    private func expectFields(_ packet: [String: Any]) throws {
        let layers = try #require(packet["layers"] as? [[String: Any]])
        #expect(layers.map { $0["name"] as? String } == ["Ethernet", "IPv4", "ICMP", "Payload"])
        var end = 0
        for layer in layers {
            #expect(try place(layer).lowerBound == end)
            end = try place(layer).upperBound
            for field in layer["fields"] as? [[String: Any]] ?? [] {
                #expect(try place(layer).contains(try place(field)))
                #expect(field["name"] is String && (field["value"] != nil || field["fields"] != nil))
            }
        }
        #expect(end == packet["captured"] as? Int)
        let type = try #require((layers[2]["fields"] as? [[String: Any]])?.first)
        #expect(type["value"] as? Int == 8 && type["meaning"] as? String == "echo request")
        #expect(layers[3]["value"] as? String == "00010203")
    }

    private func place(_ field: [String: Any]) throws -> Range<Int> {
        let offset = try #require(field["offset"] as? Int)
        return offset..<offset + (try #require(field["length"] as? Int))
    }

    @Test("a packet that is none has an error in JSON, and is no error of the program")
    func malformed() async throws {
        let outcome = try await DecodeTests.decode("--json", input: "4500 0020 0000 0000 4001")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(object["error"] as? String == "IPv4: needs 20 bytes, has 10 (at byte 10)", "\(outcome)")
        #expect(object["line"] as? String == "[IPv4: needs 20 bytes, has 10 (at byte 10)]")
        #expect(outcome.status == 0 && outcome.errors == "")
    }

    @Test("closed standard input is an empty one, closed output an error")
    func closed() async throws {
        let input = try await DecodeTests.script("\"$0\" decode <&-")
        #expect(input.errors == "netprobe decode: standard input: nothing in it\n" && input.status == 1)
        let output = try await DecodeTests.script("echo $packet | \"$0\" decode >&-")
        #expect(output.status == 2 && output.errors.hasPrefix("netprobe decode: write error: "), "\(output)")
    }

    @Test(
        "an ordinary user reads his own files, and no others",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
    func ordinaryUser() async throws {
        let outcome = try await AsUser.run(
            """
            cd "$directory"; echo \(Echo.digits) >own; echo \(Echo.digits) >other
            chown \(AsUser.id) own; chmod 400 own; chmod 600 other
            user "$netprobe" decode own other
            """, granting: "cap_net_raw=ep")
        #expect(outcome.output == "own: \(Echo.line)\n", "\(outcome)")
        #expect(outcome.errors == "netprobe decode: other: Permission denied\n" && outcome.status == 2)
    }
}
