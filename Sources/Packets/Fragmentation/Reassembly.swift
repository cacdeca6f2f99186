import Addresses

/// Puts packets together from their fragments, IPv4 (RFC 791 section 3.2) and IPv6 (RFC 8200 section 4.5).
///
/// It has no clock and does no I/O: it is told the fragments and the time, and gives whole packets.
///
/// ```swift
/// switch reassembly.receive(packet, at: now) {
/// case .whole(let bytes): handle(bytes.span.bytes)
/// case .notFragment: handle(packet)
/// case .waiting, .discarded: break
/// }
/// ```
///
/// Fragments that overlap are an attack, never an accident: in both families they end the packet that they belong to,
/// those that are still to come included (RFC 8200; RFC 5722). The same fragment twice is no overlap. What is kept is
/// bounded: where there is no room for more, the packet that has waited longest is given up.
public struct Reassembly: Sendable {
    /// How much is kept, and for how long.
    public struct Limits: Hashable, Sendable {
        /// Packets that wait for parts.
        public var datagrams: Int
        /// Memory for all of them, in bytes.
        public var bytes: Int
        /// From a packet's first fragment to its last.
        public var timeout: Duration

        /// By default, what a host can spare, and the minute of RFC 8200 section 4.5 and RFC 1122 section 3.3.2.
        public init(datagrams: Int = 1_024, bytes: Int = 4 << 20, timeout: Duration = .seconds(60)) {
            self.datagrams = datagrams
            self.bytes = bytes
            self.timeout = timeout
        }
    }

    /// What became of a packet.
    public enum Outcome: Hashable, Sendable {
        /// It is whole already.
        case notFragment
        /// Others of the same packet are missing.
        case waiting
        /// It was the last that was missing: the whole packet, without any trace of having been cut.
        case whole([UInt8])
        /// It is of no use.
        case discarded(Discard)
    }

    /// Why a fragment is of no use.
    public enum Discard: Hashable, Sendable {
        /// Its header can't be read, or bytes of it are missing.
        case malformed(ParseError)
        /// It has no data, or it isn't the last, and the length of its data is no multiple of eight.
        case badLength
        /// The whole packet would be longer than any is.
        case tooLong
        /// It overlaps another fragment of the packet, which ends with it.
        case overlap
        /// It says otherwise than another fragment where the packet ends. So it does here.
        case contradictoryEnds
        /// There is no room for it at all.
        case limit
    }

    /// A packet of which parts never came.
    public struct Expired: Hashable, Sendable {
        /// Who sent it.
        public let source: IPAddress
        /// Who should have received it.
        public let destination: IPAddress
        /// What its fragments have in common.
        public let identification: UInt32
        /// The fragment with its beginning, if that came: only then its sender is told (code 1 of ICMP's time exceeded).
        public let firstFragment: [UInt8]?
    }

    /// How much is kept.
    public let limits: Limits
    /// Bytes of memory that are in use, roughly.
    public private(set) var byteCount = 0
    private var datagrams: [Fragment.Key: Datagram] = [:]
    /// In the order in which their first fragments came. Those that are done are still in it for a while.
    private var arrivals: [(key: Fragment.Key, serial: UInt64)] = []
    private var oldest = 0
    private var serial: UInt64 = 0

    /// Nothing yet.
    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Packets that wait for parts.
    public var datagramCount: Int { datagrams.count }
}

extension Reassembly {
    /// Takes a packet, from its IP header on; bytes behind its length, as Ethernet pads short packets, don't count.
    ///
    /// - Parameters:
    ///   - packet: a fragment or not.
    ///   - time: when it came, from any fixed moment on; never less than before.
    public mutating func receive(_ packet: RawSpan, at time: Duration) -> Outcome {
        let fragment: Fragment
        do throws(ParseError) {
            guard let read = try Fragment(of: packet) else { return .notFragment }
            fragment = read
        } catch {
            return .discarded(.malformed(error))
        }
        guard fragment.offset + fragment.part.count <= fragment.maximumLength else { return .discarded(.tooLong) }
        if fragment.offset == 0, !fragment.moreFragments {
            // A packet in one piece has nothing to do with others of the same number (RFC 6946).
            return .whole(
                fragment.head(of: packet, before: fragment.part.count) + packet.extracting(fragment.part).array)
        }
        guard !fragment.part.isEmpty, !fragment.moreFragments || fragment.part.count.isMultiple(of: 8) else {
            return .discarded(.badLength)
        }
        return add(fragment, of: packet, at: time)
    }

    private mutating func add(_ fragment: Fragment, of packet: RawSpan, at time: Duration) -> Outcome {
        let key = fragment.key
        if let known = datagrams[key], time - known.start >= limits.timeout { remove(key) }
        if datagrams[key] == nil {
            datagrams[key] = Datagram(start: time, serial: serial)
            byteCount += Datagram.overhead
            arrivals.append((key, serial))
            serial += 1
        }
        let costBefore = datagrams[key]?.cost ?? 0
        let discard = datagrams[key]?.add(fragment, of: packet)
        guard let datagram = datagrams[key] else { return .discarded(.limit) }
        byteCount += datagram.cost - costBefore
        if datagram.isWhole {
            remove(key)
            return datagram.packet.map { .whole($0) } ?? .discarded(.tooLong)
        }
        trim()
        if let discard = discard ?? nil { return .discarded(discard) }
        return datagrams[key] == nil ? .discarded(.limit) : .waiting
    }

    /// The packets whose time is over at `time`, which are given up.
    public mutating func expire(at time: Duration) -> [Expired] {
        var expired: [Expired] = []
        while let (key, datagram) = nextToExpire, time - datagram.start >= limits.timeout {
            remove(key)
            guard datagram.discard == nil else { continue }
            expired.append(
                Expired(
                    source: key.source, destination: key.destination, identification: key.identification,
                    firstFragment: datagram.first))
        }
        return expired
    }

    /// When ``expire(at:)`` will have something to do; `nil` if nothing waits.
    public var nextExpiry: Duration? {
        mutating get { nextToExpire.map { $0.1.start + limits.timeout } }
    }

    /// The packet that has waited longest.
    private var nextToExpire: (Fragment.Key, Datagram)? {
        mutating get {
            while oldest < arrivals.count {
                let (key, serial) = arrivals[oldest]
                if let datagram = datagrams[key], datagram.serial == serial { return (key, datagram) }
                oldest += 1
            }
            return nil
        }
    }

    /// Gives packets up until the rest is within the limits, and forgets those that are done.
    private mutating func trim() {
        while datagrams.count > limits.datagrams || byteCount > limits.bytes, let (key, _) = nextToExpire {
            remove(key)
        }
        if arrivals.count > 2 * datagrams.count + 64 {
            arrivals = arrivals.filter { datagrams[$0.key]?.serial == $0.serial }
            oldest = 0
        }
    }

    private mutating func remove(_ key: Fragment.Key) {
        if let datagram = datagrams.removeValue(forKey: key) { byteCount -= datagram.cost }
    }
}
