import Packets
import Probing

/// What traceroute(8) writes beside an address or a time.
extension TraceAnswer {
    /// Why the probe ended there, such as `!H`; `nil` where there is nothing to say: hops were used up, or it reached
    /// the destination.
    var mark: String? {
        guard case .error(let error) = meaning else { return nil }
        switch (error.family, error.type) {
        case (.v4, 3): return Self.ipv4Mark(error)
        case (.v6, 1): return Self.ipv6Mark(error)
        case (.v6, 2): return "!F-\(error.information)"
        default: return "!<\(error.type)-\(error.code)>"
        }
    }

    private static func ipv4Mark(_ error: ICMPError) -> String? {
        switch error.code {
        case 0, 6, 8, 11: "!N"
        case 1, 7, 12: "!H"
        case 2: "!P"
        case 3: nil
        case 4: "!F-\(error.information)"
        case 5: "!S"
        case 9, 10, 13: "!X"
        case 14: "!V"
        case 15: "!C"
        default: "!<\(error.code)>"
        }
    }

    private static func ipv6Mark(_ error: ICMPError) -> String? {
        switch error.code {
        case 0: "!N"
        case 1: "!X"
        case 2, 3: "!H"
        case 4: nil
        default: "!<\(error.code)>"
        }
    }

    /// The objects of RFC 4884, as `-e` shows them: MPLS labels (RFC 4950) spelled out, all others in hexadecimal.
    var extensionText: String? { extensions.isEmpty ? nil : extensions.map(\.tracerouteText).joined(separator: ";") }

    /// The flags of a final TCP segment, as `-O info` shows them.
    var flagsText: String? {
        guard case .reply(.tcp(let flags)) = meaning else { return nil }
        let names: [(TCPHeader.Flags, String)] = [
            (.fin, "fin"), (.syn, "syn"), (.rst, "rst"), (.psh, "psh"), (.ack, "ack"), (.urg, "urg"), (.ece, "ece"),
            (.cwr, "cwr"),
        ]
        return names.filter { flags.contains($0.0) }.map(\.1).joined(separator: ",")
    }

    /// How many hops the answer came, guessed from the hop limit that is left: hosts and routers begin with 64, 128 or
    /// 255; `nil` where it is not known.
    var returnHops: Int? {
        guard let hopLimit else { return nil }
        return [64, 128, 255].first { $0 >= hopLimit }.map { $0 - Int(hopLimit) + 1 }
    }
}

extension ICMPExtensionObject {
    fileprivate var tracerouteText: String {
        if case .mplsLabelStack(let labels) = self {
            return "MPLS:" + labels.map { "\($0)" }.joined(separator: "/")
        }
        // Behind the headers of the structure and of the object.
        let structure = ICMPExtensions([self])
        let data = serialized(capacity: structure.length) { structure.serialize(into: &$0) }.dropFirst(8)
        let words = stride(from: data.startIndex, to: data.endIndex, by: 4).map { start in
            data[start..<min(start + 4, data.endIndex)].map { hexadecimal($0, digits: 2) }.joined()
        }
        return "\(classNumber)/\(type):" + words.joined(separator: ",")
    }
}
