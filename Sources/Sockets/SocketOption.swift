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

    public init(level: Int32, number: Int32, name: String) {
        self.level = level
        self.number = number
        self.name = name
    }
}

/// A type whose values a socket option can have: how it stands in memory for the kernel.
public protocol SocketOptionValue: Sendable {
    associatedtype Representation: BitwiseCopyable
    init(optionRepresentation: Representation)
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
        let representation = value.optionRepresentation
        let status = withUnsafeBytes(of: representation) {
            setsockopt(fileDescriptor.rawValue, option.level, option.number, $0.baseAddress, socklen_t($0.count))
        }
        guard status == 0 else { throw .failed(.setOption(option.name), nil, .last) }
    }

    /// An option's value. The corresponding C function is `getsockopt`.
    public func option<Value>(_ option: SocketOption<Value>) throws(SocketError) -> Value {
        let (status, representation) = withUnsafeTemporaryAllocation(of: Value.Representation.self, capacity: 1) {
            room in
            // The kernel may write fewer bytes than asked for; the rest reads as zero.
            let bytes = UnsafeMutableRawBufferPointer(room)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            var length = socklen_t(bytes.count)
            let status = getsockopt(fileDescriptor.rawValue, option.level, option.number, bytes.baseAddress, &length)
            return (status, bytes.loadUnaligned(as: Value.Representation.self))
        }
        guard status == 0 else { throw .failed(.getOption(option.name), nil, .last) }
        return Value(optionRepresentation: representation)
    }

    /// Sends and receives through one interface only, by name; a VRF's name selects its routing table.
    /// The corresponding C option is `SO_BINDTODEVICE`, socket(7).
    public func bind(toDevice name: String) throws(SocketError) {
        let status = name.withCString {
            setsockopt(fileDescriptor.rawValue, SOL_SOCKET, SO_BINDTODEVICE, $0, socklen_t(strlen($0)))
        }
        guard status == 0 else { throw .failed(.setOption("SO_BINDTODEVICE \(name)"), nil, .last) }
    }

    /// Gives every packet these IPv4 options, as they stand in the header: `IP_OPTIONS`, ip(7).
    public func setIPv4Options(_ bytes: [UInt8]) throws(SocketError) {
        guard setsockopt(fileDescriptor.rawValue, Int32(IPPROTO_IP), IP_OPTIONS, bytes, socklen_t(bytes.count)) == 0
        else {
            throw .failed(.setOption("IP_OPTIONS"), nil, .last)
        }
    }
}
