/// A type whose values a socket option can have.
///
/// A structure that is laid out as C's, made of integers, needs no more than to be `BitwiseCopyable`: its bytes are the
/// value. The kernel may write any bits into it, so it must have a value for each: no `Bool` and no enumeration in it.
public protocol SocketOptionValue: Sendable {
    /// How many bytes the kernel gets to write a value into.
    static var optionRoom: Int { get }
    /// The value that the kernel means by these bytes; `nil` where they are too few, or mean none.
    init?(optionBytes bytes: [UInt8])
    /// The value's bytes for the kernel.
    /// - Throws: `invalidArgument` for a value that the kernel would take for another.
    func optionBytes() throws(SocketError) -> [UInt8]
}

extension SocketOptionValue where Self: BitwiseCopyable {
    public static var optionRoom: Int { MemoryLayout<Self>.size }

    public init?(optionBytes bytes: [UInt8]) {
        guard let value = bytes.loaded(as: Self.self) else { return nil }
        self = value
    }

    public func optionBytes() throws(SocketError) -> [UInt8] { [UInt8](layingOut: self) }
}

extension SocketOptionValue where Self: RawRepresentable, RawValue: SocketOptionValue {
    public static var optionRoom: Int { RawValue.optionRoom }

    public init?(optionBytes bytes: [UInt8]) {
        guard let rawValue = RawValue(optionBytes: bytes) else { return nil }
        self.init(rawValue: rawValue)
    }

    public func optionBytes() throws(SocketError) -> [UInt8] { try rawValue.optionBytes() }
}

extension Int32: SocketOptionValue {}
extension UInt32: SocketOptionValue {}
extension UInt64: SocketOptionValue {}

/// A C `int`: 0 is false, and any other true.
extension Bool: SocketOptionValue {
    public static var optionRoom: Int { Int32.optionRoom }

    public init?(optionBytes bytes: [UInt8]) {
        guard let value = Int32(optionBytes: bytes) else { return nil }
        self = value != 0
    }

    public func optionBytes() throws(SocketError) -> [UInt8] { [UInt8](layingOut: Int32(self ? 1 : 0)) }
}

/// A name of the kernel's, such as that of a congestion control: up to 15 bytes, none of them NUL.
extension String: SocketOptionValue {
    public static var optionRoom: Int { 16 }

    public init?(optionBytes bytes: [UInt8]) { self.init(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    public func optionBytes() throws(SocketError) -> [UInt8] {
        let bytes = Array(utf8)
        guard !bytes.contains(0) else { throw .invalidArgument("value", "has a NUL in it") }
        // The kernel would cut a longer name to one that may exist.
        guard bytes.count < Self.optionRoom else {
            throw .invalidArgument("value", "has \(bytes.count) bytes; \(Self.optionRoom - 1) are the most")
        }
        return bytes
    }
}

/// Bytes as the kernel lays them out: the options of an IPv4 header, an extension header of IPv6.
extension [UInt8]: SocketOptionValue {
    /// The longest extension header, RFC 8200 §4.3.
    public static var optionRoom: Int { 2048 }
    public init?(optionBytes bytes: [UInt8]) { self = bytes }
    public func optionBytes() throws(SocketError) -> [UInt8] { self }
}

extension [UInt8] {
    /// The bytes of a C structure.
    init(layingOut structure: some BitwiseCopyable) { self = Swift.withUnsafeBytes(of: structure) { Array($0) } }

    /// The C structure of these bytes; `nil` where they are not as many as it has.
    func loaded<C: BitwiseCopyable>(as type: C.Type) -> C? {
        guard count == MemoryLayout<C>.size else { return nil }
        return withUnsafeBytes { $0.loadUnaligned(as: C.self) }
    }
}
