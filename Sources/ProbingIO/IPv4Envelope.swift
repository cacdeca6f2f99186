import Addresses
import Packets
import Probing
import Sockets

/// Puts ICMP messages into IPv4 packets of our own making, for a socket with `IP_HDRINCL`.
///
/// The kernel neither fragments such packets nor keeps them within the path MTU, so both is done here.
struct IPv4Envelope {
    let source: IPv4Address
    let destination: IPv4Address
    let options: EchoOptions
    /// The largest packet that the path is known to take.
    private(set) var mtu: Int
    private var identification: UInt16
    /// The length of the headers, which all carry the same option.
    private let headerLength: Int

    init(source: IPv4Address, destination: IPv4Address, options: EchoOptions, mtu: Int) {
        self.source = source
        self.destination = destination
        self.options = options
        self.mtu = mtu
        identification = .random(in: .min ... .max)
        let now = InternetTimestamp(millisecondsSinceMidnight: 0)
        headerLength =
            IPv4Header.minimumLength
            + IPv4Option.paddedLength(
                of: options.headerOption?.options(source: source, destination: destination, now: now) ?? [])
    }

    /// The room that a whole packet takes at most.
    static func room(for messageLength: Int) -> Int { IPv4Header.maximumLength + messageLength }

    private var discovery: PathMTUDiscovery { options.pathMTUDiscovery ?? .want }

    /// A router has said that the path takes no more than this.
    mutating func learn(mtu: Int) {
        // RFC 1191 §3: no link takes less than 68 bytes.
        if discovery == .want || discovery == .do { self.mtu = min(self.mtu, max(68, mtu)) }
    }

    /// A header for the next packet.
    mutating func nextHeader(timeOfDay: Int64, dontFragment: Bool) -> IPv4Header {
        identification = identification == .max ? 1 : identification + 1
        let now = InternetTimestamp(millisecondsSinceMidnight: UInt32(timeOfDay / 1_000_000 % 86_400_000))
        return IPv4Header(
            source: source, destination: options.headerOption?.firstHop(towards: destination) ?? destination,
            protocolNumber: .icmp, timeToLive: options.hopLimit ?? 64,
            differentiatedServices: DifferentiatedServices(rawValue: options.trafficClass ?? 0),
            identification: identification, flags: dontFragment ? .dontFragment : [],
            options: options.headerOption?.options(source: source, destination: destination, now: now) ?? [])
    }

    /// What becomes of a packet of this length.
    enum Fit: Equatable {
        /// It goes as one.
        case whole(dontFragment: Bool)
        case inFragments
        case tooLarge
    }

    /// What becomes of a packet that carries a message of this length.
    func fit(of messageLength: Int) -> Fit {
        let fits = headerLength + messageLength <= mtu
        return switch discovery {
        case .probe: .whole(dontFragment: true)
        case .do: fits ? .whole(dontFragment: true) : .tooLarge
        case .want: fits ? .whole(dontFragment: true) : .inFragments
        case .dont, .omit: fits ? .whole(dontFragment: false) : .inFragments
        case .interface: fits ? .whole(dontFragment: false) : .tooLarge
        }
    }

    /// How many fragments a message of this length takes.
    func fragmentCount(of messageLength: Int, under header: IPv4Header) -> Int {
        let step = fragmentLength(under: header)
        return (messageLength + step - 1) / step
    }

    private func fragmentLength(under header: IPv4Header) -> Int { max(8, (mtu - header.length) & ~7) }

    /// Appends the fragments of a message to a batch that has room for them (RFC 791 §3.2).
    func appendFragments(of message: RawSpan, under header: IPv4Header, to batch: inout SendBatch) {
        let step = fragmentLength(under: header)
        let copied = header.options.filter { $0.type & 0x80 != 0 }
        for offset in stride(from: 0, to: message.byteCount, by: step) {
            var header = header
            if offset > 0 { header.options = copied }
            header.fragmentOffset = UInt16(offset / 8)
            let end = min(offset + step, message.byteCount)
            if end < message.byteCount { header.flags.insert(.moreFragments) }
            batch.append(to: SocketAddress(.v4(header.destination))) { output in
                header.serialize(into: &output, payloadLength: end - offset)
                for index in offset..<end { output.append(message.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
            }
        }
    }
}
