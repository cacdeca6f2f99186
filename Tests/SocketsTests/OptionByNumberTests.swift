import Glibc
import Sockets
import SystemPackage
import Testing

/// Options by their numbers, and what the kernel or this layer does not take.
@Suite struct OptionByNumberTests {
    @Test("an integer is set and read back")
    func integer() throws {
        let socket = try Socket(.ipv4, .datagram)
        try socket.setOption(level: 0, number: IP_TTL, to: 37)
        #expect(try socket.option(level: 0, number: IP_TTL) == 37)
    }

    @Test("bytes are set and read back, no more than there are")
    func bytes() throws {
        let socket = try Socket(.ipv4, .stream)
        try socket.setOption(level: SOL_SOCKET, number: SO_LINGER, to: [1, 0, 0, 0, 5, 0, 0, 0])
        #expect(try socket.option(level: SOL_SOCKET, number: SO_LINGER, length: 64) == [1, 0, 0, 0, 5, 0, 0, 0])
    }

    @Test("bytes are read as far as the length goes")
    func shortened() throws {
        let socket = try Socket(.ipv4, .stream)
        try socket.setOption(.linger, to: .on(seconds: 5))
        #expect(try socket.option(level: SOL_SOCKET, number: SO_LINGER, length: 5) == [1, 0, 0, 0, 5])
    }

    @Test("no value at all detaches a socket from its interface")
    func none() throws {
        let socket = try Socket(.ipv4, .datagram)
        try socket.setOption(level: SOL_SOCKET, number: SO_BINDTODEVICE, toNoneOfLength: 0)
        #expect(try socket.boundDevice() == nil)
    }

    @Test("no value for an option that wants one: EFAULT, and the option's numbers")
    func noneUnwanted() throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in
            try socket.setOption(level: SOL_SOCKET, number: SO_BROADCAST, toNoneOfLength: 4)
        }
        #expect(error == .failed(.setOption("level 1 option 6"), nil, .badAddress))
    }

    @Test("a length to set that is no C int names the argument", arguments: [-1, .min, Int(Int32.max) + 1, .max])
    func lengthToSet(length: Int) throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in
            try socket.setOption(level: SOL_SOCKET, number: SO_BINDTODEVICE, toNoneOfLength: length)
        }
        #expect(error == .invalidArgument("length", "is \(length); it is 0 to 2147483647"))
    }

    @Test("a length to read that is out of bounds names the argument", arguments: [-1, .min, 0, 65_537, .max])
    func lengthToRead(length: Int) throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in
            _ = try socket.option(level: SOL_SOCKET, number: SO_LINGER, length: length)
        }
        #expect(error == .invalidArgument("length", "is \(length); it is 1 to 65536"))
    }

    @Test("bytes of the wrong number: EINVAL", arguments: [[], [1], [1, 0, 0, 0, 5, 0, 0]] as [[UInt8]])
    func wrongSize(bytes: [UInt8]) throws {
        let socket = try Socket(.ipv4, .stream)
        let error = socketError { () throws(SocketError) in
            try socket.setOption(level: SOL_SOCKET, number: SO_LINGER, to: bytes)
        }
        #expect(error == .failed(.setOption("level 1 option 13"), nil, .invalidArgument))
    }

    @Test("an option that no kernel has: ENOPROTOOPT")
    func unknown() throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in _ = try socket.option(level: SOL_SOCKET, number: 9999) }
        #expect(error == .failed(.getOption("level 1 option 9999"), nil, Errno(rawValue: ENOPROTOOPT)))
    }

    @Test(
        "a name that the kernel would cut is not set",
        arguments: [
            ("reno\0", "has a NUL in it"), ("sixteen-letters!", "has 16 bytes; 15 are the most"),
        ])
    func name(value: String, reason: String) throws {
        let socket = try Socket(.ipv4, .stream)
        let error = socketError { () throws(SocketError) in try socket.setOption(.tcpCongestionControl, to: value) }
        #expect(error == .invalidArgument("value", reason))
    }

    @Test("lingering for less than no time names the argument")
    func negativeLinger() throws {
        let socket = try Socket(.ipv4, .stream)
        let error = socketError { () throws(SocketError) in try socket.setOption(.linger, to: .on(seconds: -1)) }
        #expect(error == .invalidArgument("seconds", "is -1; it is at least 0"))
    }

    @Test("what is read only can't be set", .enabled(if: Machine.hasPython))
    func readOnly() throws {
        let socket = try Socket(.ipv4, .stream)
        let information = try socket.option(.tcpInformation)
        let error = socketError { () throws(SocketError) in try socket.setOption(.tcpInformation, to: information) }
        #expect(error == .invalidArgument("value", "can't be set; TCP_INFO is only read"))
    }
}
