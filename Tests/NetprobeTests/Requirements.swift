import Glibc
import Testing

/// What a test needs of the machine, and else is skipped.
enum Requirements {
    /// The lab's responder needs it too.
    static let python = hasCommand("python3")
    static let ping = hasCommand("ping")
    static let tcpdump = hasCommand("tcpdump")
    static let tshark = hasCommand("tshark") && tcpdump
    static let graphviz = hasCommand("dot")

    /// The lab's router in user space.
    static let simulatedRouter: Bool = {
        let program = getenv("SIMULATED_ROUTER").map { String(cString: $0) }
        return access(program ?? Program.repository.path + "/.build/debug/SimulatedRouter", X_OK) == 0
    }()

    /// Whether the kernel has UDP-Lite, SCTP, DCCP and TIPC.
    static let udpLite = hasSocket(AF_INET, Int32(SOCK_DGRAM.rawValue), Int32(IPPROTO_UDPLITE))
    static let dccp = hasSocket(AF_INET, Int32(SOCK_DCCP.rawValue), Int32(IPPROTO_DCCP))
    static let sctp = hasSocket(AF_INET, Int32(SOCK_STREAM.rawValue), Int32(IPPROTO_SCTP))
    static let tipc = hasSocket(AF_TIPC, Int32(SOCK_STREAM.rawValue), 0)

    private static func hasSocket(_ family: Int32, _ type: Int32, _ proto: Int32) -> Bool {
        let descriptor = socket(family, type, proto)
        return descriptor >= 0 && close(descriptor) == 0
    }

    /// Whether the tests can become an ordinary user who can run the program, with what its file grants: by the real
    /// root, where files grant anything, and the program's libraries are open to all.
    static let ordinaryUser: Bool = {
        var fileSystem = statvfs()
        guard Program.isRealRoot, statvfs("/tmp", &fileSystem) == 0, fileSystem.f_flag & UInt(ST_NOSUID) == 0 else {
            return false
        }
        let runs = AsUser.prelude(granting: nil) + "user \"$netprobe\" ping -V >/dev/null 2>&1"
        return system(runs.replacing("$0", with: Program.netprobe)) == 0
    }()
    static let whyNoUser: Comment =
        "only the real root can become another user, and that user must be able to run netprobe"

    /// Whether `PATH`, or where administrators' commands are, has a command.
    private static func hasCommand(_ name: String) -> Bool {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
        return directories.contains { access("\($0)/\(name)", X_OK) == 0 }
    }
}
