import Addresses

/// What an IPv6 routing header says (RFC 8200 section 4.4): where the packet is to go besides.
public struct IPv6RoutingHeader: Hashable, Sendable {
    /// The types of route.
    public enum Route: Hashable, Sendable {
        /// Type 0: these in order, the first that is still to come being the last but `segmentsLeft`; deprecated
        /// (RFC 5095).
        case source([IPv6Address])
        /// Type 2: a mobile node's address at home (RFC 6275 section 6.4).
        case home(IPv6Address)
        /// Type 4 (RFC 8754): the segments in reverse, the last one of the way first.
        case segments(SegmentRoute)
        /// Any other type, and what follows `segmentsLeft`: 4 bytes and then a multiple of 8.
        case unknown(type: UInt8, data: [UInt8])
    }

    /// What a segment routing header says (RFC 8754 section 2).
    public struct SegmentRoute: Hashable, Sendable {
        /// The segments, in reverse; at least one.
        public var segments: [IPv6Address]
        /// None is defined.
        public var flags: UInt8
        /// Marks the packet as one of a class.
        public var tag: UInt16
        /// Type-length-value objects behind the segments, a multiple of 8 bytes.
        public var objects: [UInt8]

        /// A way of segments, the last one first.
        public init(segments: [IPv6Address], flags: UInt8 = 0, tag: UInt16 = 0, objects: [UInt8] = []) {
            self.segments = segments
            self.flags = flags
            self.tag = tag
            self.objects = objects
        }
    }

    /// The way.
    public var route: Route
    /// How many stops are still to come.
    public var segmentsLeft: UInt8

    /// A way, of which so many stops are still to come.
    public init(_ route: Route, segmentsLeft: UInt8) {
        self.route = route
        self.segmentsLeft = segmentsLeft
    }

    /// The number of the type of route.
    public var type: UInt8 {
        switch route {
        case .source: 0
        case .home: 2
        case .segments: 4
        case .unknown(let type, _): type
        }
    }

    /// Where the packet is to end: `destination`, or what is still to come. `nil` if that can't be known.
    func finalDestination(of destination: IPv6Address) -> IPv6Address? {
        guard segmentsLeft > 0 else { return destination }
        return switch route {
        case .source(let addresses): addresses.last
        case .home(let address): address
        case .segments(let way): way.segments.first
        case .unknown: nil
        }
    }

    /// Bytes of the header without its first two.
    var length: Int {
        switch route {
        case .source(let addresses): 6 + 16 * addresses.count
        case .home: 22
        case .segments(let way): 6 + 16 * way.segments.count + way.objects.count
        case .unknown(_, let data): 2 + data.count
        }
    }
}

extension IPv6RoutingHeader {
    /// Reads what follows the length byte: at least 6 bytes.
    init(parsing bytes: RawSpan) throws(ParseError) {
        segmentsLeft = bytes.uint8(at: 1)
        func addresses(_ count: Int) -> [IPv6Address] {
            (0..<count).map { bytes.ipv6Address(at: Self.addressesOffset + 16 * $0) }
        }
        let room = bytes.byteCount - Self.addressesOffset
        let badLength = ParseError(.ipv6, .badHeaderLength(2 + bytes.byteCount), at: 0)
        switch bytes.uint8(at: 0) {
        case 0:
            guard room.isMultiple(of: 16) else { throw badLength }
            route = .source(addresses(room / 16))
        case 2:
            guard room == 16 else { throw badLength }
            route = .home(bytes.ipv6Address(at: Self.addressesOffset))
        case 4:
            let count = Int(bytes.uint8(at: 2)) + 1
            guard room >= 16 * count else { throw badLength }
            route = .segments(
                SegmentRoute(
                    segments: addresses(count), flags: bytes.uint8(at: 3), tag: bytes.uint16(at: 4),
                    objects: bytes.extracting(droppingFirst: Self.addressesOffset + 16 * count).array))
        case let type: route = .unknown(type: type, data: bytes.extracting(droppingFirst: 2).array)
        }
    }

    /// Appends what follows the length byte.
    func serialize(into output: inout OutputRawSpan) {
        output.append(type)
        output.append(segmentsLeft)
        switch route {
        case .source(let addresses):
            output.append(bigEndian: 0 as UInt32)
            for address in addresses { output.append(address) }
        case .home(let address):
            output.append(bigEndian: 0 as UInt32)
            output.append(address)
        case .segments(let way):
            output.append(bigEndian: row(UInt8(clamping: way.segments.count - 1), way.flags, way.tag))
            for address in way.segments { output.append(address) }
            output.append(contentsOf: way.objects.span.bytes)
        case .unknown(_, let data): output.append(contentsOf: data.span.bytes)
        }
    }

    /// Behind type, segments left and four bytes more.
    static let addressesOffset = 6
}
