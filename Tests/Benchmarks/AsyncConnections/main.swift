// Holds very many connections to itself, idle but for some echoes, and prints how many there were of each and the most
// memory that it took.
//
//     swift run -c release AsyncConnections

import Addresses
import AsyncSockets
import Glibc
import Sockets

let connectionCount = 5_000
let exchangeCount = 10_000

/// What is open besides the two ends of each connection is little.
func allowDescriptors(_ count: Int) {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, rlim_t(count)))
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

func peakMemoryInKiB() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
}

func openListener() throws -> AsyncSocket {
    let socket = try Socket(.ipv4, .stream)
    try socket.bind(to: SocketAddress(.v4(.loopback)))
    try socket.listen(backlog: 4096)
    return AsyncSocket(socket)
}

func serve(_ listener: AsyncSocket) async throws {
    try await withThrowingDiscardingTaskGroup { group in
        for try await (connection, _) in listener.connections {
            group.addTask {
                while let bytes = try await connection.receive(upTo: 4096) { try await connection.sendAll(bytes) }
            }
        }
    }
}

func connections(_ count: Int, to address: SocketAddress) async throws -> [AsyncSocket] {
    var connections: [AsyncSocket] = []
    for _ in 0..<count {
        let connection = AsyncSocket(try Socket(.ipv4, .stream))
        try await connection.connect(to: address)
        connections.append(connection)
    }
    return connections
}

/// Sends the number and looks whether it comes back.
func exchange(_ number: Int, over connection: AsyncSocket) async throws -> Bool {
    let message = Array("\(number)".utf8)
    try await connection.sendAll(message)
    return try await connection.receive(upTo: message.count, flags: .waitAll) == message
}

/// Exchanges over each connection in turn, a hundred at a time; returns how many came back.
func exchanges(_ count: Int, over connections: [AsyncSocket]) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
        let workers = 100
        for worker in 0..<workers {
            group.addTask {
                var echoes = 0
                for number in stride(from: worker, to: count, by: workers)
                where try await exchange(number, over: connections[number % connections.count]) { echoes += 1 }
                return echoes
            }
        }
        return try await group.reduce(0, +)
    }
}

allowDescriptors(2 * connectionCount + 100)
let listener = try openListener()
let server = Task.detached { try await serve(listener) }
let clients = try await connections(connectionCount, to: try listener.localAddress())
let echoes = try await exchanges(exchangeCount, over: clients)
print("connections, echoes, peak memory in KiB: \(clients.count) \(echoes) \(peakMemoryInKiB())")
exit(0)
