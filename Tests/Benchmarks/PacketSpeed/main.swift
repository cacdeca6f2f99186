// What a prober does with every packet, very often: how many nanoseconds one takes.
//
//     PacketSpeed build|parse|checksum COUNT
//
// Prints the nanoseconds of one turn, and something that depends on every turn, so that none can be left out.

import Addresses
import Glibc
import Packets

let source = IPv4Address(rawValue: 0xC612_0001)
let destination = IPv4Address(rawValue: 0xC612_0002)

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// An echo request with its IPv4 header, written over and over into the same 64 bytes.
func build(_ count: Int) -> Int {
    let payload = [UInt8](repeating: 0x5A, count: 32)
    var room = [UInt8](repeating: 0, count: 64)
    var sum = 0
    room.withUnsafeMutableBytes { buffer in
        var header = IPv4Header(source: source, destination: destination, protocolNumber: .icmp)
        for turn in 0..<count {
            let number = UInt16(truncatingIfNeeded: turn)
            header.identification = number
            let request = ICMPv4Message.echoRequest(identifier: 7, sequenceNumber: number)
            var output = OutputRawSpan(buffer: buffer, initializedCount: 0)
            header.serialize(into: &output, payloadLength: request.length + payload.count)
            request.serialize(into: &output, payload: payload.span.bytes)
            sum &+= output.finalize(for: buffer) &+ Int(buffer[11])
        }
    }
    return sum
}

/// A time exceeded with a quote of 128 bytes and two labels of MPLS: the hop that a trace learns from it.
func parse(_ count: Int) throws -> Int {
    let probe = IPv4Packet(
        IPv4Header(source: source, destination: destination, timeToLive: 1),
        payload: .udp(
            UDPHeader(sourcePort: 50_000, destinationPort: 33_434), payload: [UInt8](repeating: 0, count: 100)))
    let stack = [
        MPLSLabel(label: 16_004, isBottomOfStack: false, timeToLive: 1),
        MPLSLabel(label: 24_001, isBottomOfStack: true, timeToLive: 1),
    ]
    let answer = IPv4Packet(
        IPv4Header(source: destination, destination: source),
        payload: .icmp(
            ICMPv4Message(.timeExceeded(.inTransit)), payload: serialized { probe.serialize(into: &$0) },
            extensions: [.mplsLabelStack(stack)]))
    let bytes = serialized { answer.serialize(into: &$0) }
    var sum = 0
    for _ in 0..<count {
        let packet = bytes.span.bytes
        let header = try IPv4Header(parsing: packet)
        let body = packet.extracting(droppingFirst: header.length)
        let message = try ICMPv4Message(parsing: body)
        let payload = body.extracting(droppingFirst: message.length)
        let quote = try QuotedPacket(parsing: payload)
        sum &+= Int(quote.ports?.destination ?? 0)
        guard
            let offset = ICMPExtensions.offset(in: payload, originalDatagramLength: message.originalDatagramLength)
        else { continue }
        let structure = payload.extracting(droppingFirst: offset)
        var walk = try ICMPExtensionWalk(parsing: structure)
        while let object = try walk.next(in: structure) {
            guard object.classNumber == 1, object.type == 1 else { continue }
            sum &+= Int(try MPLSLabel(parsing: structure.extracting(object.data)).label)
        }
    }
    return sum
}

/// The checksum of 1,500 bytes.
func checksum(_ count: Int) -> Int {
    var bytes = (0..<1500).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    var sum = 0
    for turn in 0..<count {
        bytes[0] = UInt8(truncatingIfNeeded: turn)
        sum &+= Int(InternetChecksum.of(bytes.span.bytes))
    }
    return sum
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let count = Int(arguments[2]), count > 0 else {
    print("PacketSpeed build|parse|checksum COUNT")
    exit(2)
}
let start = now()
let sum =
    switch arguments[1] {
    case "build": build(count)
    case "parse": try parse(count)
    default: checksum(count)
    }
print((now() - start) / Double(count), sum)
