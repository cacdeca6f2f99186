import Addresses
import Packets

/// What is wrong with a network's text.
public struct NetworkFileError: Error, Equatable, CustomStringConvertible {
    /// Which line it is, from 1.
    public let line: Int
    /// What is wrong with it.
    public let reason: String

    public var description: String { "line \(line): \(reason)" }
}

/// The words of a line, read from left to right.
struct Statement {
    var words: ArraySlice<Substring>
    let line: Int

    var isAtEnd: Bool { words.isEmpty }

    func error(_ reason: String) -> NetworkFileError { NetworkFileError(line: line, reason: reason) }

    func end() throws {
        if let word = words.first { throw error("what is \(word) for?") }
    }

    mutating func wordIfAny() -> Substring? { words.popFirst() }

    mutating func word() throws -> Substring {
        guard let word = words.popFirst() else { throw error("something is missing at the end") }
        return word
    }

    mutating func skip(_ expected: String) -> Bool {
        guard words.first.map({ $0 == expected }) == true else { return false }
        words.removeFirst()
        return true
    }

    mutating func expect(_ expected: String) throws {
        guard skip(expected) else { throw error("\(expected) is missing") }
    }

    // MARK: - Values

    mutating func number(_ range: ClosedRange<Int>) throws -> Int { try number(word(), range) }

    private func number(_ word: Substring, _ range: ClosedRange<Int>) throws -> Int {
        let number = word.hasPrefix("0x") ? Int(word.dropFirst(2), radix: 16) : Int(word)
        guard let number, range.contains(number) else { throw error("\(word) is no number of \(range)") }
        return number
    }

    private func real(_ word: Substring) throws -> Double {
        guard let number = Double(word), number >= 0, number < 1e9 else { throw error("\(word) is no number") }
        return number
    }

    mutating func duration() throws -> Duration {
        let word = try word()
        let units: [(String, Double)] = [("us", 1e-6), ("ms", 1e-3), ("s", 1)]
        guard let (unit, seconds) = units.first(where: { word.hasSuffix($0.0) }) else {
            throw error("\(word) has no unit of time")
        }
        return .nanoseconds(Int64((try real(word.dropLast(unit.count)) * seconds * 1e9).rounded()))
    }

    mutating func percentage() throws -> Double {
        let word = try word()
        guard word.hasSuffix("%") else { throw error("\(word) is no percentage") }
        return try real(word.dropLast()) / 100
    }

    mutating func rate() throws -> Double {
        let word = try word()
        guard word.hasSuffix("/s") else { throw error("\(word) is no rate") }
        return try real(word.dropLast(2))
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>() throws -> Choice {
        let word = try word()
        guard let choice = Choice(rawValue: String(word)) else {
            throw error("\(word) is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    private func address(_ word: Substring) throws -> IPAddress {
        guard let address = IPAddress(String(word)) else { throw error("\(word) is no address") }
        return address
    }

    mutating func addresses() throws -> [IPAddress] {
        var addresses = [try address(word())]
        while let word = wordIfAny() { addresses.append(try address(word)) }
        return addresses
    }

    mutating func patterns() throws -> [PacketPattern] {
        var patterns = [try pattern(word())]
        while let word = wordIfAny() { patterns.append(try pattern(word)) }
        return patterns
    }

    private func pattern(_ word: Substring) throws -> PacketPattern {
        let parts = word.split(separator: "/", maxSplits: 1)
        guard let name = parts.first else { throw error("\(word) is no protocol") }
        let names: [String: IPProtocol] = [
            "icmp": .icmp, "udp": .udp, "udplite": .udpLite, "tcp": .tcp, "sctp": .sctp, "dccp": .dccp,
        ]
        var pattern = PacketPattern(protocolNumber: names[String(name)])
        if name != "any", pattern.protocolNumber == nil {
            pattern.protocolNumber = IPProtocol(rawValue: UInt8(try number(name, 0...255)))
        }
        if parts.count == 2 { pattern.port = UInt16(try number(parts[1], 0...65_535)) }
        return pattern
    }

    mutating func translation(_ ends: Translation.Ends) throws -> Translation {
        var translation = Translation(ends: ends)
        while let word = wordIfAny() {
            switch word {
            case "ports": translation.changesPorts = true
            case "identification": translation.changesIdentification = true
            case "quotes": translation.quotes = try choice()
            default: throw error("a NAT has no \(word)")
            }
        }
        return translation
    }

    mutating func habit() throws -> Answering.Habit {
        let kind: Answering.Habit.Kind
        switch try word() {
        case "never": kind = .never
        case "twice": kind = .twice
        case "after": kind = .after(try duration())
        case let word: throw error("nobody answers \(word)")
        }
        return Answering.Habit(kind: kind, every: skip("every") ? try number(1...Int.max) : 1)
    }

    mutating func labels() throws -> [MPLSLabel] {
        var labels: [MPLSLabel] = []
        repeat {
            let parts = try word().split(separator: "/")
            guard parts.count == 1 || parts.count == 3 else { throw error("a label is LABEL or LABEL/CLASS/TTL") }
            labels.append(
                MPLSLabel(
                    label: UInt32(try number(parts[0], 0...0xF_FFFF)),
                    trafficClass: parts.count == 3 ? UInt8(try number(parts[1], 0...7)) : 0, isBottomOfStack: isAtEnd,
                    timeToLive: parts.count == 3 ? UInt8(try number(parts[2], 0...255)) : 1))
        } while !isAtEnd
        return labels
    }

    mutating func interface() throws -> ICMPInterfaceInformation {
        let roles: [Substring: ICMPInterfaceInformation.Role] = [
            "incoming": .incoming, "outgoing": .outgoing, "next": .nextHop,
        ]
        let role = try word()
        guard let role = roles[role] else { throw error("\(role) is no role of an interface") }
        var information = ICMPInterfaceInformation(role: role)
        while let word = wordIfAny() {
            switch word {
            case "index": information.index = UInt32(try number(0...Int(UInt32.max)))
            case "name": information.name = String(try self.word())
            case "address": information.address = try address(self.word())
            case "mtu": information.mtu = UInt32(try number(0...Int(UInt32.max)))
            default: throw error("an interface has no \(word)")
            }
        }
        return information
    }
}
