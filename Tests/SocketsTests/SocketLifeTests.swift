import Glibc
import Sockets
import SystemPackage
import Testing

// What is counted here is the whole process's: each test has one of its own.
@Suite struct SocketLifeTests {
    @Test("a socket is closed at the end of its life")
    func endOfLife() async {
        await #expect(processExitsWith: .success) {
            let before = Machine.openSockets
            do {
                let socket = try Socket(.ipv4, .datagram)
                #expect(Machine.openSockets == before + 1)
                _ = try socket.option(.broadcast)
            }
            #expect(Machine.openSockets == before)
        }
    }

    @Test("a socket that was closed leaves the next owner of its number alone")
    func closedOnce() async {
        await #expect(processExitsWith: .success) {
            let other = try Socket(.ipv4, .datagram)
            func closeAndReuse() throws -> Int32 {
                let socket = try Socket(.ipv4, .datagram)
                let number = socket.fileDescriptor.rawValue
                socket.close()
                #expect(!Machine.isSocket(number))
                return dup2(other.fileDescriptor.rawValue, number)
            }
            #expect(Machine.isSocket(try closeAndReuse()))
        }
    }

    @Test("a socket that could not be had leaves nothing open")
    func failedOpen() async {
        await #expect(processExitsWith: .success) {
            let before = Machine.openSockets
            #expect(throws: SocketError.self) { _ = try Socket(SocketFamily(rawValue: 9999), .datagram) }
            #expect(Machine.openSockets == before)
        }
    }

    @Test("a detached descriptor stays open, and its next owner closes it")
    func detachAndAdopt() async {
        await #expect(processExitsWith: .success) {
            let descriptor = try Socket(.ipv6, .datagram).detach()
            #expect(Machine.isSocket(descriptor.rawValue))
            do {
                let socket = try Socket(adopting: descriptor)
                #expect(socket.family == .ipv6 && socket.type == .datagram)
                _ = try socket.option(.broadcast)
            }
            #expect(!Machine.isSocket(descriptor.rawValue))
        }
    }

    @Test("no descriptor left: EMFILE, with what was to be opened")
    func noDescriptorLeft() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 0, rlim_max: 0)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let error = socketError { () throws(SocketError) in _ = try Socket(.ipv6, .datagram) }
            #expect(error == .failed(.open(.ipv6, .datagram, .unspecified), nil, .tooManyOpenFiles))
        }
    }

    @Test("a program that this process starts does not get the socket")
    func closeOnExec() throws {
        let socket = try Socket(.ipv4, .datagram)
        #expect(fcntl(socket.fileDescriptor.rawValue, F_GETFD) & FD_CLOEXEC != 0)
    }
}
