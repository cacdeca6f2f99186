import CLinux
import Glibc
import SystemPackage

/// A socket option with the type of its value: `SocketOption<Bool>.broadcast`.
public struct SocketOption<Value: SocketOptionValue>: Sendable {
    /// The protocol level, such as `SOL_SOCKET` or `IPPROTO_IP`.
    public let level: Int32
    /// The option's number within its level.
    public let number: Int32
    /// The name of its C constant, for errors.
    public let name: String

    /// An option that is not among those declared here.
    public init(level: Int32, number: Int32, name: String) {
        self.level = level
        self.number = number
        self.name = name
    }
}

/// A type whose values a socket option can have.
public protocol SocketOptionValue: Sendable {
    /// How the value stands in memory for the kernel: the type that C has for it. The kernel may write any bits into it, so
    /// it must have a value for each: integers and structures of integers, and not `Bool` or an enumeration.
    associatedtype Representation: BitwiseCopyable
    /// The value that the kernel means.
    init(optionRepresentation: Representation)
    /// The value for the kernel.
    var optionRepresentation: Representation { get }
}

extension Int32: SocketOptionValue {
    public init(optionRepresentation: Int32) { self = optionRepresentation }
    public var optionRepresentation: Int32 { self }
}

extension UInt32: SocketOptionValue {
    public init(optionRepresentation: UInt32) { self = optionRepresentation }
    public var optionRepresentation: UInt32 { self }
}

extension Bool: SocketOptionValue {
    public init(optionRepresentation: Int32) { self = optionRepresentation != 0 }
    public var optionRepresentation: Int32 { self ? 1 : 0 }
}

extension Socket {
    /// Sets an option. The corresponding C function is `setsockopt`.
    public func setOption<Value>(_ option: SocketOption<Value>, to value: Value) throws(SocketError) {
        let result = withUnsafeBytes(of: value.optionRepresentation) {
            CallResult(
                setsockopt(fileDescriptor.rawValue, option.level, option.number, $0.baseAddress, socklen_t($0.count)))
        }
        try result.check(.setOption(option.name))
    }

    /// An option's value. The corresponding C function is `getsockopt`.
    /// - Throws: `EINVAL` where the kernel tells less than the value: `IP_MULTICAST_IF` is set with an interface's index,
    ///   and read without.
    public func option<Value>(_ option: SocketOption<Value>) throws(SocketError) -> Value {
        let (result, representation) = withUnsafeTemporaryAllocation(of: Value.Representation.self, capacity: 1) {
            room -> (CallResult, Value.Representation?) in
            let bytes = UnsafeMutableRawBufferPointer(room)
            var length = socklen_t(bytes.count)
            let result = CallResult(
                getsockopt(fileDescriptor.rawValue, option.level, option.number, bytes.baseAddress, &length))
            // Only what the kernel has written as a whole is initialized memory.
            guard result.value == 0, Int(length) == bytes.count else { return (result, nil) }
            return (result, bytes.loadUnaligned(as: Value.Representation.self))
        }
        try result.check(.getOption(option.name))
        guard let representation else { throw .failed(.getOption(option.name), nil, .invalidArgument) }
        return Value(optionRepresentation: representation)
    }

    /// Sends and receives through one interface only, by name; a VRF's name selects its routing table.
    /// The corresponding C option is `SO_BINDTODEVICE`, socket(7).
    /// - Throws: `ENODEV` where no interface has the name, `EPERM` from a process that may not take a socket off another
    ///   interface.
    public func bind(toDevice name: String) throws(SocketError) {
        let operation = SocketOperation.setOption("SO_BINDTODEVICE \(name)")
        var name = name
        let result = name.withUTF8 { name in
            // The kernel would cut a longer name, or one with a NUL, to one that may exist; an empty name unbinds.
            guard (1..<Int(IF_NAMESIZE)).contains(name.count), !name.contains(0) else { return CallResult?.none }
            return CallResult(
                setsockopt(
                    fileDescriptor.rawValue, SOL_SOCKET, SO_BINDTODEVICE, name.baseAddress, socklen_t(name.count)))
        }
        guard let result else { throw .failed(operation, nil, Errno(rawValue: ENODEV)) }
        try result.check(operation)
    }

    /// Gives every packet these IPv4 options, as they stand in the header: `IP_OPTIONS`, ip(7). No bytes, no options.
    /// - Throws: `EINVAL` for more than 40 bytes and for options that are malformed, `EPERM` for those that need
    ///   `CAP_NET_RAW`.
    public func setIPv4Options(_ bytes: [UInt8]) throws(SocketError) {
        let result = bytes.withUnsafeBytes {
            CallResult(
                setsockopt(
                    fileDescriptor.rawValue, Int32(IPPROTO_IP), IP_OPTIONS, $0.baseAddress,
                    socklen_t(clamping: $0.count)))
        }
        try result.check(.setOption("IP_OPTIONS"))
    }
}
