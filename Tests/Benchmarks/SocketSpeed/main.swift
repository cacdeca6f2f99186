// What sockets.c does, with `Sockets`, call by call. It is the place to read what each work is.
//
//     SocketSpeed WORK PORT COUNT

import Addresses
import Glibc
import Sockets

let pieceSize = 64 << 10
let messageSize = 64
let batchSize = 64
let backlog = 1000

/// A peer that did something else than agreed.
struct Disagreement: Error {
    let what: String
}

func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    guard condition else { throw Disagreement(what: what()) }
}

/// The wall and the processor seconds that the timed parts took.
struct Stopwatch {
    private(set) var wall = 0.0
    private(set) var processor = 0.0

    mutating func start() {
        wall -= Self.seconds(CLOCK_MONOTONIC)
        processor -= Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
    }

    mutating func stop() {
        wall += Self.seconds(CLOCK_MONOTONIC)
        processor += Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

func loopback(_ port: UInt16) -> SocketAddress { .ipv4(.loopback, port: port) }

func workWithPeer(_ port: UInt16, _ what: Character) throws -> Socket {
    let socket = try Socket(.ipv4, .stream)
    try socket.connect(to: loopback(port))
    try socket.setOption(.tcpNoDelay, to: true)
    try socket.sendAll(what.utf8)
    return socket
}

func send(_ port: UInt16, _ count: Int) throws -> Stopwatch {
    let socket = try workWithPeer(port, "s")
    let piece = [UInt8](repeating: 0, count: pieceSize)
    var watch = Stopwatch()
    watch.start()
    for _ in 0..<count { try socket.sendAll(piece) }
    try socket.shutdown(.send)
    try require(try socket.receive(upTo: 1)?.count == 1, "the peer did not take it")
    watch.stop()
    return watch
}

func receive(_ port: UInt16, _ count: Int) throws -> Stopwatch {
    let socket = try workWithPeer(port, "r")
    var piece = [UInt8](repeating: 0, count: pieceSize)
    var rest = count * pieceSize
    var watch = Stopwatch()
    watch.start()
    while rest > 0 {
        guard let received = try socket.receive(into: &piece) else { throw Disagreement(what: "the peer has ended") }
        rest -= received
    }
    watch.stop()
    return watch
}

func datagrams(_ count: Int) throws -> Stopwatch {
    let sender = try Socket(.ipv4, .datagram)
    let receiver = try Socket(.ipv4, .datagram)
    try sender.bind(to: loopback(0))
    try receiver.bind(to: loopback(0))
    let senderPort = try sender.localAddress().port
    let destination = try receiver.localAddress()
    var sent = SendBatch(capacity: batchSize, messageSize: messageSize)
    var received = ReceiveBatch(capacity: batchSize, messageSize: messageSize, controlSize: 0)
    var number: UInt64 = 0
    var expected: UInt64 = 0
    var watch = Stopwatch()
    watch.start()
    while expected < count {
        sent.removeAll()
        while !sent.isFull {
            sent.append(to: destination) {
                $0.append(number, as: UInt64.self)
                $0.append(repeating: UInt8(ascii: "x"), count: messageSize - 8, as: UInt8.self)
            }
            number += 1
        }
        var done = 0
        while done < batchSize { done += try sender.send(sent, from: done) }
        while expected < number {
            for index in 0..<(try receiver.receive(into: &received)) {
                let message = received[index]
                try require(message.bytes.byteCount == messageSize, "a datagram is cut")
                // Safe: the bytes are there, and any are an integer.
                let found = unsafe message.bytes.unsafeLoadUnaligned(as: UInt64.self)
                try require(found == expected, "a datagram is missing")
                try require(message.source?.port == senderPort, "from another sender")
                expected += 1
            }
        }
    }
    watch.stop()
    return watch
}

func echo(_ port: UInt16, _ count: Int) throws -> Stopwatch {
    let socket = try workWithPeer(port, "e")
    var byte: [UInt8] = [0]
    var answer: [UInt8] = [0]
    var watch = Stopwatch()
    watch.start()
    for number in 0..<count {
        byte[0] = UInt8(truncatingIfNeeded: number)
        _ = try socket.send(byte)
        try require(try socket.receive(into: &answer) == 1 && answer == byte, "no echo")
    }
    watch.stop()
    return watch
}

func accept(_ port: UInt16, _ count: Int) throws -> Stopwatch {
    let listener = try Socket(.ipv4, .stream)
    try listener.bind(to: loopback(0))
    try listener.listen(backlog: backlog)
    let ownPort = try listener.localAddress().port ?? 0
    let control = try workWithPeer(port, "a")
    try control.sendAll([UInt8(ownPort >> 8), UInt8(truncatingIfNeeded: ownPort)])
    var watch = Stopwatch()
    for _ in 0..<(count / backlog) {
        try control.sendAll([0])
        try require(try control.receive(upTo: 1)?.count == 1, "the peer has ended")
        watch.start()
        for _ in 0..<backlog {
            let connection = try listener.accept()
            try require(connection.peer?.family == .ipv4, "from another family")
            connection.socket.close()
        }
        watch.stop()
        try control.sendAll([0])
        try require(try control.receive(upTo: 1)?.count == 1, "the peer has ended")
    }
    return watch
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 3, let work = arguments.first, let port = UInt16(arguments[2]),
    let count = Int(arguments[3])
else {
    print("usage: SocketSpeed WORK PORT COUNT")
    exit(2)
}
let watch: Stopwatch
switch work {
case "send": watch = try send(port, count)
case "receive": watch = try receive(port, count)
case "datagrams": watch = try datagrams(count)
case "echo": watch = try echo(port, count)
case "accept": watch = try accept(port, count)
default:
    print("no work '\(work)'")
    exit(2)
}
print(watch.wall, watch.processor)
