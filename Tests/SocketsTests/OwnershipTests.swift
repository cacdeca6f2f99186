import Glibc
import Sockets
import SystemPackage
import Testing

/// What the compiler says to programs that use a socket which is no longer theirs.
@Suite(.enabled(if: Compiler.accepts("let socket = try Socket(.ipv4, .stream)\nsocket.close()"), "no compiler is at hand"))
struct OwnershipTests {
    @Test("a socket that was closed can't be used: it does not compile")
    func useAfterClose() {
        #expect(
            !Compiler.accepts(
                """
                let socket = try Socket(.ipv4, .stream)
                socket.close()
                _ = try socket.localAddress()
                """))
    }

    @Test("a socket that was detached can't be closed: it does not compile")
    func closeAfterDetach() {
        #expect(
            !Compiler.accepts(
                """
                let socket = try Socket(.ipv4, .stream)
                _ = socket.detach()
                socket.close()
                """))
    }

    @Test("a socket has one owner: it can't be copied")
    func copy() {
        #expect(
            !Compiler.accepts(
                """
                let socket = try Socket(.ipv4, .stream)
                let other = socket
                _ = try socket.localAddress()
                other.close()
                """))
    }

    @Test("a message does not outlive its batch's next call: it does not compile")
    func staleMessage() {
        #expect(
            !Compiler.accepts(
                """
                let socket = try Socket(.ipv4, .datagram)
                var batch = ReceiveBatch(capacity: 1, messageSize: 9)
                _ = try socket.receive(into: &batch)
                let message = batch[0]
                _ = try socket.receive(into: &batch)
                _ = message.bytes.byteCount
                """))
    }
}

/// The Swift compiler, with the library as the tests were built with it.
enum Compiler {
    /// Whether a function with this body compiles.
    static func accepts(_ body: String) -> Bool {
        do {
            let directory = try TemporaryDirectory()
            let path = directory.path + "/example.swift"
            let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.closeAfter {
                _ = try file.writeAll("import Sockets\nfunc example() throws {\n\(body)\n}\n".utf8)
            }
            let maps = ["\(products)/CLinux.build", "\(products)/../../checkouts/swift-system/Sources/CSystem/include"]
            return try Program(
                ["swiftc", "-emit-sil", "-o", "/dev/null", "-suppress-warnings", path, "-I", products + "/Modules"]
                    + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0)/module.modulemap"] }, isSilent: true
            ).exitStatus() == 0
        } catch {
            return false
        }
    }

    /// Where the tests were built.
    private static var products: String {
        let path = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer -> [UInt8] in
            guard let start = buffer.baseAddress else { return [] }
            return buffer.prefix(max(0, readlink("/proc/self/exe", start, buffer.count))).map { UInt8(bitPattern: $0) }
        }
        return String(decoding: path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)], as: UTF8.self)
    }
}
