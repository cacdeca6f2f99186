import Glibc

/// The address of a Unix socket: `struct sockaddr_un`, unix(7).
public enum UnixAddress: Hashable, Sendable {
    /// A file's path: 1 to 108 bytes, none of them NUL.
    case path(Path)
    /// A name in the kernel's own name space: up to 107 bytes, which may be NUL.
    case abstract(Name)
    /// No name: what a socket has that was not bound, as those of a pair. To bind to it has the kernel choose an
    /// abstract name.
    case unnamed

    /// The path of a socket in the file system.
    public struct Path: Hashable, Sendable {
        /// The path's bytes, without a NUL at the end.
        public let bytes: [UInt8]

        /// - Throws: `invalidArgument` for an empty path, one with a NUL, and one of more than 108 bytes.
        public init(_ path: String) throws(SocketError) {
            let bytes = Array(path.utf8)
            guard !bytes.isEmpty else { throw .invalidArgument("path", "is empty") }
            guard !bytes.contains(0) else { throw .invalidArgument("path", "has a NUL in it") }
            guard bytes.count <= UnixAddress.nameSize else {
                throw .invalidArgument("path", "has \(bytes.count) bytes; \(UnixAddress.nameSize) are the most")
            }
            self.bytes = bytes
        }

        fileprivate init(loading bytes: [UInt8]) { self.bytes = bytes }
    }

    /// An abstract name.
    public struct Name: Hashable, Sendable {
        /// The name's bytes, without the NUL that `sun_path` begins with.
        public let bytes: [UInt8]

        /// - Throws: `invalidArgument` for more than 107 bytes.
        public init(_ bytes: some Collection<UInt8>) throws(SocketError) {
            guard bytes.count < UnixAddress.nameSize else {
                throw .invalidArgument("name", "has \(bytes.count) bytes; \(UnixAddress.nameSize - 1) are the most")
            }
            self.bytes = Array(bytes)
        }

        fileprivate init(loading bytes: [UInt8]) { self.bytes = bytes }
    }
}

extension UnixAddress: CustomStringConvertible {
    /// The path; an abstract name behind an `@`, with its NULs as `@` too, as ss(8) shows it; "unnamed".
    public var description: String {
        switch self {
        case .path(let path): String(decoding: path.bytes, as: UTF8.self)
        case .abstract(let name):
            "@" + String(decoding: name.bytes.map { $0 == 0 ? UInt8(ascii: "@") : $0 }, as: UTF8.self)
        case .unnamed: "unnamed"
        }
    }
}

// MARK: - The C structure

extension UnixAddress {
    /// The room in `sun_path`.
    static let nameSize = MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size

    /// Writes the C structure to `storage`, which has room for any; returns how many bytes it took.
    func store(to storage: UnsafeMutableRawPointer) -> socklen_t {
        storage.storeBytes(of: sa_family_t(AF_UNIX), as: sa_family_t.self)
        let (start, bytes): (Int, [UInt8]) =
            switch self {
            case .path(let path): (0, path.bytes)
            case .abstract(let name): (1, name.bytes)
            case .unnamed: (0, [])
            }
        let name = storage + MemoryLayout<sa_family_t>.size
        if start > 0 { name.storeBytes(of: 0, as: UInt8.self) }
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            (name + start).copyMemory(from: base, byteCount: bytes.count)
        }
        // A NUL behind a path that leaves room for one, as unix(7) asks for.
        if case .path = self, bytes.count < Self.nameSize {
            name.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
            return socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + 1)
        }
        return socklen_t(MemoryLayout<sa_family_t>.size + start + bytes.count)
    }

    /// Reads a C structure of `length` bytes, which are those of the family at least.
    init(loading storage: UnsafeRawPointer, length: socklen_t) {
        let name = UnsafeRawBufferPointer(start: storage, count: Int(length)).dropFirst(MemoryLayout<sa_family_t>.size)
        switch name.first {
        case nil: self = .unnamed
        case 0: self = .abstract(Name(loading: Array(name.dropFirst().prefix(Self.nameSize - 1))))
        default: self = .path(Path(loading: Array(name.prefix { $0 != 0 }.prefix(Self.nameSize))))
        }
    }
}
