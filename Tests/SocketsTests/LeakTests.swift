import Glibc
import Sockets
import SystemPackage
import Testing

@Suite struct LeakTests {
    @Test("whatever goes wrong, no socket is left open")
    func nothingIsLeft() async {
        await #expect(processExitsWith: .success) {
            let listener = try Loopback.ipv4.listener()
            let taken = Int(try listener.port)
            let ends = try Socket.pair()
            let before = OpenSockets.count
            try #require(before >= 3)

            for _ in 0..<10 {
                #expect(fails { () throws(SocketError) in _ = try Socket(.unix, .reliableDatagram) })
                #expect(fails { () throws(SocketError) in _ = try Socket.pair(.ipv4, .stream) })
                #expect(fails { () throws(SocketError) in _ = try Socket(adopting: FileDescriptor(rawValue: 9999)) })
                #expect(fails { () throws(SocketError) in _ = try Socket.server(host: "127.0.0.1", port: taken) })
                #expect(fails { () throws(SocketError) in _ = try Socket.server(port: 65_536) })
                #expect(fails { () throws(SocketError) in _ = try Socket.server(host: "a\0b", port: 0) })
                #expect(fails { () throws(SocketError) in _ = try Socket.server(port: 0, backlog: -1) })
                #expect(fails { () throws(SocketError) in _ = try Socket.connection(toHost: "127.0.0.1", port: 1) })
                #expect(fails { () throws(SocketError) in _ = try Socket.connection(toHost: "127.0.0.1", port: -1) })
                #expect(
                    fails { () throws(SocketError) in _ = try Socket.connection(toHost: "".padding(to: 300), port: 1) })
                #expect(fails { () throws(SocketError) in _ = try ends.first.accept() })
                #expect(fails { () throws(SocketError) in _ = try ends.first.receive(upTo: -1) })
                #expect(fails { () throws(SocketError) in _ = try ends.first.receive(upTo: 9, flags: .dontWait) })
                #expect(fails { () throws(SocketError) in _ = try ends.first.option(level: SOL_SOCKET, number: 9999) })
                #expect(
                    fails { () throws(SocketError) in
                        try ends.first.setOption(level: SOL_SOCKET, number: SO_LINGER, to: [1, 2, 3])
                    })
            }
            #expect(OpenSockets.count == before)
        }
    }
}

/// Whether `body` throws.
private func fails(_ body: () throws(SocketError) -> Void) -> Bool { socketError(of: body) != nil }

private enum OpenSockets {
    /// The sockets among `/proc/self/fd`.
    static var count: Int {
        guard let directory = opendir("/proc/self/fd") else { return -1 }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let target = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer -> [UInt8] in
                guard let start = buffer.baseAddress else { return [] }
                let length = readlink("/proc/self/fd/\(name)", start, buffer.count)
                return buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
            }
            if target.starts(with: "socket:".utf8) { count += 1 }
        }
        return count
    }
}
