import Glibc
import Sockets
import SystemPackage
import Testing

/// `SO_BINDTODEVICE`.
@Suite struct DeviceTests {
    private func error(binding name: String) throws -> SocketError? {
        let socket = try Socket(.ipv4, .datagram)
        return socketError { () throws(SocketError) in try socket.bind(toDevice: name) }
    }

    @Test("a socket is bound to the interface of that name")
    func bound() throws {
        let socket = try Socket(.ipv4, .datagram)
        try socket.bind(toDevice: "lo")
        var name = [UInt8](repeating: 0xFF, count: Int(IF_NAMESIZE))
        var length = socklen_t(name.count)
        #expect(getsockopt(socket.fileDescriptor.rawValue, SOL_SOCKET, SO_BINDTODEVICE, &name, &length) == 0)
        #expect(name.prefix(Int(length)) == [UInt8(ascii: "l"), UInt8(ascii: "o"), 0])
    }

    @Test(
        "a name that no interface has: ENODEV, and the name",
        arguments: ["nosuch0", "", "lo\0", "lo\0x", "lo ", String(repeating: "l", count: 300)])
    func unknown(name: String) throws {
        #expect(
            try error(binding: name)
                == .failed(.setOption("SO_BINDTODEVICE \(name)"), nil, Errno(rawValue: ENODEV)))
    }

    @Test(
        "a name that is too long is not cut to one that exists",
        .enabled(if: Machine.addsInterfaces, "an interface can be added only in a network namespace"))
    func tooLong() throws {
        let name = "fifteen-letters"
        #expect(
            PythonPeer.runs("import subprocess as s; s.check_call(['ip', 'link', 'add', '\(name)', 'type', 'bridge'])"))
        defer { _ = PythonPeer.runs("import subprocess as s; s.check_call(['ip', 'link', 'delete', '\(name)'])") }
        #expect(try error(binding: name) == nil)
        #expect(try error(binding: name + "x")?.errno == Errno(rawValue: ENODEV))
    }

    @Test("a socket that is bound to an interface is not taken off it without the capability: EPERM")
    func rebound() async {
        await #expect(processExitsWith: .success) {
            #expect(Machine.dropCapabilities())
            let socket = try Socket(.ipv4, .datagram)
            try socket.bind(toDevice: "lo")
            let error = socketError { () throws(SocketError) in try socket.bind(toDevice: "lo") }
            #expect(error == .failed(.setOption("SO_BINDTODEVICE lo"), nil, .notPermitted))
        }
    }
}
