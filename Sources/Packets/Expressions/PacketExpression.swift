import Addresses

/// Packets by an expression: layers with their fields, and what the fields hold in one packet after the other.
///
/// ```swift
/// let expression = try PacketExpression(#"ipv4(dst=198.18.0.2,ttl=1-8)/icmp.echo(id=7)/"hello""#)
/// let third = expression.packet(number: 2)     // its TTL is 3
/// ```
///
/// A layer is a name with fields in brackets, `udp(dport=53)`, or bytes: a text between quotation marks, `hex(00ff)`,
/// `pattern(SIZE)`, `random(SIZE)`. A field holds a value, a range `1-64`, a prefix `198.18.0.0/24`, a list `[1,5,9]` or
/// `random`; ranges and lists are stepped over the packets, all of them by one step from packet to packet. Lengths,
/// checksums and the numbers of protocols follow from the packet unless the expression says them, right or wrong.
/// <doc:PacketExpressions> has all layers and fields.
public struct PacketExpression: Sendable {
    /// A header in the packet.
    struct Part {
        let layer: WireLayer
        /// Its first byte.
        let start: Int
        /// Bytes of fields and tail.
        let length: Int
        /// The fields that the expression says.
        var said: Set<String> = []

        func says(_ name: String) -> Bool { said.contains(name) }
    }

    /// A field that changes from packet to packet.
    private struct Change {
        let start: Int
        let width: Int
        let largest: UInt128
        let values: FieldValues
        let salt: UInt64
    }

    /// A checksum that follows from the packet: its part, and where its field begins.
    private struct Checksum {
        let part: Int
        let start: Int
        let width: Int
    }

    private(set) var parts: [Part] = []
    /// From the innermost out, since the outer ones are over the inner.
    private var checksums: [Checksum] = []
    private var base: [UInt8] = []
    private var changes: [Change] = []
    /// Where bytes stand that are drawn for each packet.
    private var randomBytes: [Range<Int>] = []
    private var mostValues: UInt128?
    private let seed: UInt64

    /// The longest packet that an IP header can tell of.
    public static let maximumLength = 65_535

    /// Reads an expression.
    ///
    /// - Parameters:
    ///   - text: the expression.
    ///   - family: what the first layer is to be where the text has another than `ipv4` and `ipv6`: that is put before
    ///     it then.
    ///   - seed: what the numbers come from that are drawn: the same ones for the same seed.
    /// - Throws: what is wrong with the text, and where.
    public init(_ text: String, in family: IPFamily? = nil, seed: UInt64 = 0) throws(ExpressionError) {
        self.seed = seed
        var nodes = try ExpressionReader.layers(text)
        if let family, !nodes[0].isInternet {
            nodes.insert(ExpressionNode(kind: .call(family == .v4 ? "ipv4" : "ipv6", []), offset: 0), at: 0)
        }
        for node in nodes {
            if let bytes = try ExpressionBytes(node) {
                append(bytes)
            } else if case .call(let name, let arguments) = node.kind {
                try append(name, arguments, at: node.offset)
            }
            guard base.count <= Self.maximumLength else {
                throw ExpressionError(
                    "the packet has \(base.count) bytes with this layer, where \(Self.maximumLength) are the most",
                    at: node.offset)
            }
        }
        drawDefaults()
        completeLengths()
        checksums = parts.indices.reversed().compactMap { index in
            guard !parts[index].says("checksum"), let field = parts[index].layer.field("checksum") else { return nil }
            return Checksum(part: index, start: parts[index].start * 8 + field.start, width: field.width)
        }
        completeChecksums(in: &base)
    }

    // MARK: - The packet around

    /// What the outermost header is, if it is one of IP.
    public var family: IPFamily? {
        switch parts.first.flatMap({ $0.start == 0 ? $0.layer.header : nil }) {
        case .ipv4: .v4
        case .ipv6: .v6
        default: nil
        }
    }

    /// Whether the expression says a field of the outermost header.
    public func says(_ field: String) -> Bool { family != nil && parts[0].says(field) }

    /// Whether a field of the outermost header is the same in all packets.
    public func isConstant(_ field: String) -> Bool {
        guard family != nil, let field = parts[0].layer.field(field) else { return true }
        return !changes.contains { $0.start < field.start + field.width && field.start < $0.start + $0.width }
    }

    /// The source in the outermost header of the first packet.
    public var source: IPAddress? { end(at: family == .v4 ? 12 : 8) }
    /// The destination in the outermost header of the first packet.
    public var destination: IPAddress? { end(at: family == .v4 ? 16 : 24) }

    private func end(at offset: Int) -> IPAddress? {
        switch family {
        case .v4: .v4(base.span.bytes.ipv4Address(at: offset))
        case .v6: .v6(base.span.bytes.address(at: offset))
        case nil: nil
        }
    }

    /// Writes the ends of the outermost header that the expression doesn't say. Addresses of another family are left out.
    public mutating func complete(source: IPAddress?, destination: IPAddress?) {
        guard let family else { return }
        for (name, address) in [("src", source), ("dst", destination)] {
            guard let address, address.family == family, !parts[0].says(name), let field = parts[0].layer.field(name)
            else { continue }
            let value =
                switch address {
                case .v4(let address): UInt128(address.rawValue)
                case .v6(let address): address.rawValue
                }
            base.setBits(at: field.start, field.width, to: value)
        }
        completeChecksums(in: &base)
    }

    // MARK: - Packets

    /// Bytes of each packet.
    public var length: Int { base.count }

    /// How many packets it takes until every value of every range and list had its turn; 1 if there are none. What is
    /// more than `UInt64` can hold is its highest number.
    public var count: UInt64 { mostValues.map { UInt64(clamping: $0) } ?? 1 }

    /// Whether all packets are the same.
    public var isConstant: Bool { changes.isEmpty && randomBytes.isEmpty }

    /// A packet, by its number from 0.
    public func packet(number: UInt64) -> [UInt8] {
        guard !isConstant else { return base }
        var bytes = base
        for change in changes {
            let value = change.values.value(at: number, largest: change.largest, salt: change.salt)
            bytes.setBits(at: change.start, change.width, to: value)
        }
        for range in randomBytes {
            for index in range {
                let place = UInt64(index) << 48
                bytes[index] = UInt8(truncatingIfNeeded: FieldValues.draw(number, seed ^ place))
            }
        }
        completeChecksums(in: &bytes)
        return bytes
    }

    // MARK: - Layers

    private mutating func append(_ bytes: ExpressionBytes) {
        switch bytes {
        case .fixed(let bytes): base += bytes
        case .random(let count):
            randomBytes.append(base.count..<base.count + count)
            base += [UInt8](repeating: 0, count: count)
        }
    }

    private mutating func append(
        _ name: String, _ arguments: [ExpressionArgument], at offset: Int
    ) throws(ExpressionError) {
        let layer = try WireLayer.find(name, at: offset)
        let start = base.count
        base += layer.template
        var tail: WireTail?
        var said: Set<String> = []
        for argument in arguments {
            let (name, value) = try layer.named(argument)
            guard said.insert(name).inserted else {
                throw ExpressionError("\(name) is there twice", at: argument.offset)
            }
            if let field = layer.field(name) {
                try set(field, to: try field.values(value), in: start)
            } else if let kind = layer.tail {
                tail = try WireTail(kind, value)
            }
        }
        // Options of IPv6 are padded to a multiple of eight, also where there are none.
        if tail == nil, case .ipv6Options? = layer.tail {
            tail = try WireTail(.ipv6Options, ExpressionNode(kind: .list([]), offset: offset))
        }
        base += tail?.bytes ?? []
        let length = base.count - start
        if let tail, let count = layer.field("count"), !said.contains("count") {
            base.setBits(at: start * 8 + count.start, count.width, to: UInt128(tail.count))
        }
        parts.append(Part(layer: layer, start: start, length: length, said: said))
    }

    private mutating func set(_ field: WireField, to values: FieldValues, in start: Int) throws(ExpressionError) {
        let place = start * 8 + field.start
        if let count = values.count { mostValues = max(mostValues ?? 0, count) }
        base.setBits(at: place, field.width, to: values.value(at: 0, largest: field.largest, salt: salt(place)))
        if case .fixed = values { return }
        changes.append(
            Change(start: place, width: field.width, largest: field.largest, values: values, salt: salt(place)))
    }

    /// Of fields that nobody says: what answers are told apart by.
    private mutating func drawDefaults() {
        for part in parts {
            // What an error quotes is somebody else's packet.
            guard !isQuoted(part) else { continue }
            for field in part.layer.fields where !part.says(field.name) {
                let place = part.start * 8 + field.start
                let drawn = FieldValues.draw(0, salt(place)) & field.largest
                switch field.standard {
                case .drawn(let first):
                    let room = field.largest - UInt128(first) + 1
                    base.setBits(at: place, field.width, to: UInt128(first) + drawn % room)
                case .counted:
                    // An identification of 0 is filled in by the kernel.
                    let first: UInt128 = field.name == "id" ? max(1, drawn) : 1
                    let values = FieldValues.counted(from: first)
                    base.setBits(at: place, field.width, to: first)
                    changes.append(
                        Change(
                            start: place, width: field.width, largest: field.largest, values: values, salt: salt(place))
                    )
                case .template, .computed: continue
                }
            }
        }
    }

    private func isQuoted(_ part: Part) -> Bool {
        parts.contains { $0.start < part.start && ($0.layer.header == .icmp || $0.layer.header == .icmpv6) }
    }

    private func salt(_ place: Int) -> UInt64 { seed &+ UInt64(place) &* 0xD134_2543_DE82_EF95 }

    // MARK: - What follows from the rest

    private mutating func completeLengths() {
        for (index, part) in parts.enumerated() {
            let next =
                index + 1 < parts.count && parts[index + 1].start == part.start + part.length ? parts[index + 1] : nil
            let following = base.count - part.start
            // 253 is for experiments (RFC 3692).
            let nextNumber = UInt128(next?.layer.header.protocolNumber.rawValue ?? 253)
            switch part.layer.header {
            case .ipv4:
                complete(part, "ihl", UInt128(part.length / 4))
                complete(part, "len", UInt128(following))
                complete(part, "proto", nextNumber)
            case .ipv6:
                complete(part, "len", UInt128(following - part.length))
                complete(part, "next", nextNumber)
            case .hopByHop, .destinationOptions:
                complete(part, "len", UInt128(max(0, part.length / 8 - 1)))
                complete(part, "next", nextNumber)
            case .fragment: complete(part, "next", nextNumber)
            case .udp: complete(part, "len", UInt128(following))
            case .tcp, .dccp: complete(part, "offset", UInt128(part.length / 4))
            case .gre: complete(part, "proto", UInt128(next?.layer.header.etherType ?? 0))
            case .icmp, .icmpv6, .igmp, .udpLite, .sctp: continue
            }
        }
    }

    private mutating func complete(_ part: Part, _ name: String, _ value: UInt128) {
        guard !part.says(name), let field = part.layer.field(name) else { return }
        base.setBits(at: part.start * 8 + field.start, field.width, to: value)
    }

    private func completeChecksums(in bytes: inout [UInt8]) {
        for field in checksums {
            bytes.setBits(at: field.start, field.width, to: 0)
            let value = checksum(of: parts[field.part], in: bytes, outer: parts[..<field.part])
            bytes.setBits(at: field.start, field.width, to: value)
        }
    }

    private func checksum(of part: Part, in bytes: [UInt8], outer: ArraySlice<Part>) -> UInt128 {
        let message = bytes.span.bytes.extracting(droppingFirst: part.start)
        let header = part.layer.header
        switch header {
        case .ipv4: return UInt128(InternetChecksum.of(message.extracting(first: part.length)))
        case .icmp, .igmp: return UInt128(InternetChecksum.of(message))
        case .sctp:
            var sum = CRC32C()
            sum.add(message)
            return UInt128(sum.value.byteSwapped)
        default:
            var sum = InternetChecksum()
            if let ends = ends(of: outer, in: bytes) {
                sum = InternetChecksum(ends, protocolNumber: header.protocolNumber, length: message.byteCount)
            }
            sum.add(message.extracting(first: Self.coverage(of: header, message)))
            // A checksum of zero would say that there is none.
            return UInt128(sum.value == 0 && (header == .udp || header == .udpLite) ? 0xFFFF : sum.value)
        }
    }

    /// How many bytes a checksum is over, of which UDP-Lite and DCCP have a say.
    private static func coverage(of header: WireLayer.Header, _ message: RawSpan) -> Int {
        switch header {
        case .udpLite where message.byteCount >= 8:
            let coverage = Int(message.uint16(at: 4))
            return coverage < 8 ? message.byteCount : min(coverage, message.byteCount)
        case .dccp where message.byteCount >= 6:
            let (words, coverage) = (Int(message.uint8(at: 4)), Int(message.uint8(at: 5) & 0x0F))
            return coverage == 0 ? message.byteCount : min((words + coverage - 1) * 4, message.byteCount)
        default: return message.byteCount
        }
    }

    /// The ends of the innermost packet around a part: those of its pseudo header.
    private func ends(of outer: ArraySlice<Part>, in bytes: [UInt8]) -> PseudoHeader? {
        let around = outer.last { $0.layer.header == .ipv4 || $0.layer.header == .ipv6 }
        guard let around else { return nil }
        let packet = bytes.span.bytes.extracting(droppingFirst: around.start)
        guard around.layer.header == .ipv4 else {
            return .v6(source: packet.address(at: 8), destination: packet.address(at: 24))
        }
        var destination: IPv4Address = packet.ipv4Address(at: 16)
        if around.length > 20, let options = try? IPv4Option.parseList(packet.extracting(20..<around.length)) {
            var header = IPv4Header(source: destination, destination: destination)
            header.options = options
            destination = header.finalDestination
        }
        return .v4(source: packet.ipv4Address(at: 12), destination: destination)
    }
}

extension ExpressionNode {
    /// Whether it is a header of IP.
    fileprivate var isInternet: Bool {
        if case .call(let name, _) = kind { name == "ipv4" || name == "ipv6" } else { false }
    }
}

extension WireLayer {
    static func find(_ name: String, at offset: Int) throws(ExpressionError) -> WireLayer {
        guard let layer = named(name) else {
            let names = all.map(\.name) + ExpressionBytes.names
            throw ExpressionError("there is no layer '\(name)'\(NearestName.hint(for: name, among: names))", at: offset)
        }
        return layer
    }

    /// Which field or tail an argument is for, and what it says. A field of one bit is set where its name alone stands.
    func named(_ argument: ExpressionArgument) throws(ExpressionError) -> (String, ExpressionNode) {
        var (name, value) = (argument.name, argument.value)
        if name == nil, case .word(let word) = value.kind, let field = field(word), field.width == 1 {
            (name, value) = (word, ExpressionNode(kind: .word("1"), offset: value.offset))
        }
        guard let name else {
            throw ExpressionError(
                "a value of \(self.name) without the name of its field: name=value", at: argument.offset)
        }
        guard argumentNames.contains(name) else {
            let hint = NearestName.hint(for: name, among: argumentNames)
            throw ExpressionError("\(self.name) has no field '\(name)'\(hint)", at: argument.offset)
        }
        return (name, value)
    }
}
