// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

// Views into a batch of messages live no longer than the batch: `@_lifetime` says so to the compiler.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

// Five floors; a target may depend only on floors below its own.
let package = Package(
    name: "netprobe",
    products: [
        .executable(name: "netprobe", targets: ["netprobe"]),
        .library(name: "Addresses", targets: ["Addresses"]),
        .library(name: "Packets", targets: ["Packets"]),
        .library(name: "Sockets", targets: ["Sockets"]),
        .library(name: "AsyncSockets", targets: ["AsyncSockets"]),
        .library(name: "Probing", targets: ["Probing"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // Floor 5: the program.
        .executableTarget(
            name: "netprobe",
            dependencies: ["ProbingIO", "Probing", "Sockets", "Packets", "Privileges", "Addresses", argumentParser]
        ),
        // Floor 4: sessions over real sockets.
        .target(name: "ProbingIO", dependencies: ["Probing", "Packets", "Sockets", "Addresses", "CAres", "CPcap"]),
        // Floor 3: what a probe means.
        .target(name: "Probing", dependencies: ["Packets", "Addresses", deque, histogram]),
        // Floor 2: sockets, wire formats, privileges.
        .target(name: "Sockets", dependencies: ["Addresses", "CLinux", systemPackage], swiftSettings: lifetimes),
        // Apart from Sockets: a program that does without never links the concurrency runtime.
        .target(
            name: "AsyncSockets", dependencies: ["Sockets", "CLinux", systemPackage, heap],
            swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]
        ),
        .target(name: "Packets", dependencies: ["Addresses"]),
        .target(name: "Privileges", dependencies: ["CLibcap", "CSeccomp", "CLinux", systemPackage]),
        // Floor 1: addresses, and the C headers that Swift can't see by itself.
        .target(name: "Addresses"),
        .target(name: "CLinux"),
        .systemLibrary(name: "CLibcap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CAres", pkgConfig: "libcares", providers: [.apt(["libc-ares-dev"])]),
        // Its declarations only: libpcap and the ten libraries that it needs are loaded when a filter is to be compiled.
        .systemLibrary(name: "CPcap", providers: [.apt(["libpcap-dev"])]),

        .target(name: "TestSupport", dependencies: [systemPackage], path: "Tests/TestSupport"),
        .testTarget(name: "AddressesTests", dependencies: ["Addresses", "TestSupport"]),
        // Random packets of every format, for the tests here and for the oracles.
        .target(name: "PacketSamples", dependencies: ["Packets", "Addresses", "TestSupport"], path: "Tests/PacketSamples"),
        .testTarget(
            name: "PacketsTests", dependencies: ["Packets", "PacketSamples", "Addresses", "TestSupport"], exclude: ["Vectors"]
        ),
        // What `Packets` makes of packets, for scapy and tshark to look at.
        .executableTarget(
            name: "PacketOracle", dependencies: ["Packets", "PacketSamples", "TestSupport"],
            path: "Tests/Oracles/PacketOracle"
        ),
        .testTarget(name: "SocketsTests", dependencies: ["Sockets", "Addresses", "TestSupport"]),
        .testTarget(
            name: "AsyncSocketsTests",
            dependencies: ["AsyncSockets", "Sockets", "Addresses", "AsyncConnections", "TestSupport"]
        ),
        // Very many connections in one process: in how much memory, and whether every echo comes back.
        .executableTarget(
            name: "AsyncConnections", dependencies: ["AsyncSockets", "Sockets", "Addresses"],
            path: "Tests/Benchmarks/AsyncConnections"
        ),
        .testTarget(name: "PrivilegesTests", dependencies: ["Privileges", "PrivilegesProbe"]),
        // A process that the tests can take every privilege from.
        .executableTarget(
            name: "PrivilegesProbe", dependencies: ["Privileges", "CLinux"], path: "Tests/PrivilegesProbe"
        ),
        // Networks in virtual time for the tests of traces, declared by small files.
        .target(
            name: "SimulatedNetworks", dependencies: ["Probing", "Packets", "Addresses", "TestSupport"],
            path: "Tests/SimulatedNetworks", exclude: ["Networks"]
        ),
        // The same in real time, behind an interface.
        .executableTarget(
            name: "SimulatedRouter", dependencies: ["SimulatedNetworks", "Sockets", "Probing", "Packets", systemPackage],
            path: "Tests/Lab/SimulatedRouter"
        ),
        .testTarget(
            name: "SimulatedNetworksTests", dependencies: ["SimulatedNetworks", "Probing", "Packets", "Addresses"]
        ),
        .testTarget(
            name: "ProbingTests",
            dependencies: ["Probing", "Packets", "Addresses", "SimulatedNetworks", "SessionMemory", "TestSupport"]
        ),
        // Very many echoes through one session: how fast, and in how much memory.
        .executableTarget(
            name: "SessionMemory", dependencies: ["Probing", "Packets", "Addresses"],
            path: "Tests/Benchmarks/SessionMemory"
        ),
        // What a C program does with sockets, done with `Sockets`.
        .executableTarget(
            name: "SocketSpeed", dependencies: ["Sockets", "Addresses"], path: "Tests/Benchmarks/SocketSpeed"
        ),
        // What a prober does with every packet, very often.
        .executableTarget(
            name: "PacketSpeed", dependencies: ["Packets", "Addresses"], path: "Tests/Benchmarks/PacketSpeed"
        ),
        .testTarget(
            name: "DocumentationTests", dependencies: ["AsyncSockets", "Sockets", "Probing", "Packets", "Addresses"]
        ),
        .testTarget(
            name: "ProbingIOTests", dependencies: ["ProbingIO", "Probing", "Sockets", "Addresses", "TestSupport"]
        ),
        .testTarget(name: "NetprobeTests", dependencies: ["netprobe"]),
    ],
    swiftLanguageModes: [.v6]
)
