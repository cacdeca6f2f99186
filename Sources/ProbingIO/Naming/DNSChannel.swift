import Addresses
import CAres
import Glibc
import Probing

/// A channel of c-ares to one server, or to those of `resolv.conf`. Every question is answered once, at the latest when
/// the channel ends; no answer is an empty one.
///
/// Here is all that is unsafe about look-ups: c-ares hands back the pointers that it was given, and lends the memory of
/// an answer for the length of a call.
final class DNSChannel {
    typealias Completion = ([String]) -> Void

    /// Longer names can't be in the domain name system (RFC 1035 §2.3.4), though in a file.
    static var longestName: Int { 255 }
    static var longestText: Int { 1024 }
    static var mostTexts: Int { 32 }
    static var mostAddresses: Int { 1024 }

    private static let isLibraryReady = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS

    private let channel: ares_channel
    private let sockets: WatchedSockets

    init?(to server: NameServer?, patience: Duration, _ sockets: WatchedSockets) {
        guard Self.isLibraryReady else { return nil }
        var options = ares_options()
        options.timeout = CInt(max(1, min(patience, .seconds(60)).clampedNanoseconds / 1_000_000))
        options.tries = 3
        // Safe: this channel, which owns the sockets, outlives all such calls.
        options.sock_state_cb_data = Unmanaged.passUnretained(sockets).toOpaque()
        options.sock_state_cb = { sockets, socket, isReading, isWriting in
            guard let sockets else { return }
            let watched = Unmanaged<WatchedSockets>.fromOpaque(sockets).takeUnretainedValue()
            watched.watch(socket, isReading: isReading != 0, isWriting: isWriting != 0)
        }
        var channel: ares_channel?
        let given = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB
        guard ares_init_options(&channel, &options, given) == ARES_SUCCESS, let channel else { return nil }
        self.channel = channel
        self.sockets = sockets
        if let server, ares_set_servers_ports_csv(channel, "\(server)") != ARES_SUCCESS { return nil }
    }

    deinit { ares_destroy(channel) }

    /// Asks for the name of an address.
    func askName(of address: IPAddress, _ completion: @escaping Completion) {
        let family = address.family == .v4 ? AF_INET : AF_INET6
        let bytes = address.bytes
        ares_gethostbyaddr(
            channel, bytes, CInt(bytes.count), family,
            { completion, status, _, host in
                let name = status == ARES_SUCCESS ? host?.pointee.h_name.map(DNSChannel.name) : nil
                DNSChannel.complete(completion, name.flatMap { $0.isEmpty ? nil : [$0] } ?? [])
            }, Self.retained(completion))
    }

    /// Asks for the addresses of a name: in the file of hosts too, and sorted by which is to be tried first.
    /// - Parameter family: the only one wanted; `nil` for both.
    func askAddresses(of name: String, _ family: IPFamily?, _ completion: @escaping (HostLookUp) -> Void) {
        var hints = ares_addrinfo_hints()
        hints.ai_family = family.map { $0 == .v4 ? AF_INET : AF_INET6 } ?? AF_UNSPEC
        let box = HostBox(completion)
        ares_getaddrinfo(
            channel, name, nil, &hints,
            { completion, status, _, result in
                guard let completion else { return }
                defer { ares_freeaddrinfo(result) }
                let addresses = status == ARES_SUCCESS ? DNSChannel.addresses(in: result) : []
                let failure = status == ARES_SUCCESS ? .noAddress : HostLookUpFailure(status: status)
                // Safe: c-ares calls back once for every question.
                Unmanaged<HostBox>.fromOpaque(completion).takeRetainedValue()
                    .completion(addresses.isEmpty ? .failed(failure) : .found(addresses))
            }, Unmanaged.passRetained(box).toOpaque())
    }

    /// Asks for the TXT records of a name, each with its strings put together.
    func askTexts(of name: String, _ completion: @escaping Completion) {
        let internetClass: CInt = 1
        let textType: CInt = 16
        ares_query(
            channel, name, internetClass, textType,
            { completion, status, _, answer, length in
                let isAnswer = status == ARES_SUCCESS
                DNSChannel.complete(completion, isAnswer ? DNSChannel.texts(in: answer, length: length) : [])
            }, Self.retained(completion))
    }

    /// Has the channel look at a socket of its own that is ready, and at the time.
    func process(_ event: WatchedSockets.Event?) {
        let nothing: CInt = -1
        ares_process_fd(
            channel, event.map { $0.isReadable ? $0.socket : nothing } ?? nothing,
            event.map { $0.isWritable ? $0.socket : nothing } ?? nothing)
    }

    /// In how long it is to be called whatever happens; `nil` for never.
    var timeout: Duration? {
        var time = timeval()
        guard ares_timeout(channel, nil, &time) != nil else { return nil }
        return .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }

    // MARK: - Answers

    private final class HostBox {
        let completion: (HostLookUp) -> Void
        init(_ completion: @escaping (HostLookUp) -> Void) { self.completion = completion }
    }

    private final class Box {
        let completion: Completion
        init(_ completion: @escaping Completion) { self.completion = completion }
    }

    /// Safe: c-ares calls back once for every question, and ``complete(_:_:)`` then releases it.
    private static func retained(_ completion: @escaping Completion) -> UnsafeMutableRawPointer {
        Unmanaged.passRetained(Box(completion)).toOpaque()
    }

    private static func complete(_ pointer: UnsafeMutableRawPointer?, _ answer: [String]) {
        guard let pointer else { return }
        Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().completion(answer)
    }

    /// Safe: a list whose last node has no next one; each address is a structure of its family.
    private static func addresses(in result: UnsafeMutablePointer<ares_addrinfo>?) -> [IPAddress] {
        var addresses: [IPAddress] = []
        var next = result?.pointee.nodes
        while let node = next?.pointee, addresses.count < mostAddresses {
            next = node.ai_next
            guard let structure = UnsafeRawPointer(node.ai_addr) else { continue }
            switch node.ai_family {
            case AF_INET:
                let address = structure.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
                addresses.append(.v4(IPv4Address(rawValue: UInt32(bigEndian: address))))
            case AF_INET6:
                let address = structure.loadUnaligned(as: sockaddr_in6.self).sin6_addr
                let number = withUnsafeBytes(of: address) { $0.loadUnaligned(as: UInt128.self) }
                addresses.append(.v6(IPv6Address(rawValue: UInt128(bigEndian: number))))
            default: continue
            }
        }
        return addresses
    }

    /// Safe: a C string that ends with a zero.
    private static func name(_ name: UnsafeMutablePointer<CChar>) -> String {
        let bytes = UnsafeRawBufferPointer(start: name, count: strnlen(name, longestName))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Safe: a list whose last record has no next one, of as many bytes each as it says.
    private static func texts(in answer: UnsafeMutablePointer<UInt8>?, length: CInt) -> [String] {
        var first: UnsafeMutablePointer<ares_txt_ext>?
        guard ares_parse_txt_reply_ext(answer, length, &first) == ARES_SUCCESS else { return [] }
        defer { ares_free_data(first) }
        var records: [[UInt8]] = []
        var next = first
        while let part = next?.pointee {
            if part.record_start != 0 {
                guard records.count < mostTexts else { break }
                records.append([])
            }
            if let last = records.indices.last {
                let bytes = UnsafeBufferPointer(start: part.txt, count: part.length)
                records[last] += bytes.prefix(longestText - records[last].count)
            }
            next = part.next
        }
        return records.map { String(decoding: $0, as: UTF8.self) }
    }
}
