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

extension Socket {
    /// Sets an option. The corresponding C function is `setsockopt`; Python's `socket.setsockopt`.
    /// - Throws: `invalidArgument` for a value that the kernel would cut to another; `EINVAL` for one that it does not
    ///   take, `ENOPROTOOPT` where the socket has no such option, `EPERM` where the option needs a capability.
    public func setOption<Value>(_ option: SocketOption<Value>, to value: Value) throws(SocketError) {
        try setOption(option.level, option.number, option.name, to: try value.optionBytes())
    }

    /// An option's value. The corresponding C function is `getsockopt`; Python's `socket.getsockopt`.
    /// - Throws: `ENOPROTOOPT` for an option that can't be read or that the socket does not have, `EINVAL` where the
    ///   kernel tells less than the value: `IP_MULTICAST_IF` is set with an interface's index, and read without.
    public func option<Value>(_ option: SocketOption<Value>) throws(SocketError) -> Value {
        let bytes = try self.option(option.level, option.number, option.name, room: Value.optionRoom)
        guard let value = Value(optionBytes: bytes) else {
            throw .failed(.getOption(option.name), nil, .invalidArgument)
        }
        return value
    }
}

// MARK: - Options by number

extension Socket {
    /// Sets an option to an integer. The corresponding C function is `setsockopt`; Python's
    /// `socket.setsockopt(level, number, int)`.
    public func setOption(level: Int32, number: Int32, to value: Int32) throws(SocketError) {
        try setOption(SocketOption(level: level, number: number), to: value)
    }

    /// Sets an option to bytes, laid out as C lays out the option's structure. The corresponding C function is
    /// `setsockopt`; Python's `socket.setsockopt(level, number, bytes)`.
    /// - Throws: `EINVAL` for bytes of another number than the option's.
    public func setOption(level: Int32, number: Int32, to bytes: [UInt8]) throws(SocketError) {
        try setOption(SocketOption(level: level, number: number), to: bytes)
    }

    /// Sets an option to no value, only its length. The corresponding C function is `setsockopt` with a null pointer;
    /// Python's `socket.setsockopt(level, number, None, length)`.
    /// - Throws: `invalidArgument` for a length that is negative or no C `int`; `EFAULT` for an option that wants a
    ///   value.
    public func setOption(level: Int32, number: Int32, toNoneOfLength length: Int) throws(SocketError) {
        guard (0...Int(Int32.max)).contains(length) else {
            throw .invalidArgument("length", "is \(length); it is 0 to \(Int32.max)")
        }
        let result = CallResult(setsockopt(fileDescriptor.rawValue, level, number, nil, socklen_t(length)))
        try result.check(.setOption(SocketOption<Int32>(level: level, number: number).name))
    }

    /// An option's value as an integer. The corresponding C function is `getsockopt`; Python's
    /// `socket.getsockopt(level, number)`.
    /// - Throws: `EINVAL` where the value has fewer bytes than a C `int`.
    public func option(level: Int32, number: Int32) throws(SocketError) -> Int32 {
        try option(SocketOption(level: level, number: number))
    }

    /// An option's value as bytes, `length` at most. The corresponding C function is `getsockopt`; Python's
    /// `socket.getsockopt(level, number, length)`.
    /// - Throws: `invalidArgument` for a length below 1 or above 65,536.
    public func option(level: Int32, number: Int32, length: Int) throws(SocketError) -> [UInt8] {
        guard (1...65_536).contains(length) else {
            throw .invalidArgument("length", "is \(length); it is 1 to 65536")
        }
        return try option(level, number, SocketOption<Int32>(level: level, number: number).name, room: length)
    }

    private func setOption(_ level: Int32, _ number: Int32, _ name: String, to bytes: [UInt8]) throws(SocketError) {
        let result = bytes.withUnsafeBytes {
            CallResult(
                setsockopt(fileDescriptor.rawValue, level, number, $0.baseAddress, socklen_t(clamping: $0.count)))
        }
        try result.check(.setOption(name))
    }

    private func option(_ level: Int32, _ number: Int32, _ name: String, room: Int) throws(SocketError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: room)
        var length = socklen_t(room)
        let result = bytes.withUnsafeMutableBytes {
            CallResult(getsockopt(fileDescriptor.rawValue, level, number, $0.baseAddress, &length))
        }
        try result.check(.getOption(name))
        // Some options report the length of the whole value, also where there was no room for all of it.
        bytes.removeLast(max(0, room - Int(length)))
        return bytes
    }
}

extension SocketOption {
    /// An option of which nothing is known but its numbers.
    fileprivate init(level: Int32, number: Int32) {
        self.init(level: level, number: number, name: "level \(level) option \(number)")
    }
}
