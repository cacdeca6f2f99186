import Addresses
import Packets
import Probing
import Sockets

/// Taking in what arrives.
extension SweepRunner {
    /// Takes in what waits on all sockets.
    mutating func receive() throws(Observer.Failure) {
        try settle()
        for socket in sockets.all {
            for receiver in socket.receivers { try receive(from: socket, receiver) }
        }
    }

    mutating func receive(from socket: SweepSocket, _ receiver: SweepReceiver) throws(Observer.Failure) {
        // Who sends faster than this can take in does not keep it from everything else.
        for _ in 0..<64 {
            let count = try? receiver.socket.receive(into: &answers, flags: .dontWait)
            guard let count else {
                // An error about a probe is pending; its details are in the error queue.
                if socket.kind == .datagram { _ = try receiveErrors(from: socket) }
                return
            }
            guard count > 0 else { return }
            now = Clock.now
            for index in 0..<count { try received(at: index, from: socket, receiver) }
            if count < answers.capacity { return }
        }
    }

    private mutating func received(
        at index: Int, from socket: SweepSocket, _ receiver: SweepReceiver
    ) throws(Observer.Failure) {
        var packet = Received()
        packet.read(answers[index].controlMessages)
        if let drops = packet.drops { receiver.drops = drops }
        guard var answer = answer(at: index, from: socket, receiver, &packet) else { return }
        answer.hopLimit = packet.hopLimit
        answer.trafficClass = packet.trafficClass
        answer.replyDestination = packet.destination
        let arrival = Arrival(now: now, wallClock: wallClock, kernel: packet.timestamp)
        try take(answer, at: arrival)
    }

    private func answer(
        at index: Int, from socket: SweepSocket, _ receiver: SweepReceiver, _ packet: inout Received
    ) -> SweepAnswer? {
        let message = answers[index]
        let source: IPAddress
        var bytes = message.bytes
        if socket.kind == .raw, socket.family == .v4 {
            // A raw IPv4 socket hands over the whole packet.
            guard let header = try? IPv4Header(parsing: bytes) else { return nil }
            source = .v4(header.source)
            packet.destination = .v4(header.destination)
            packet.hopLimit = header.timeToLive
            packet.trafficClass = header.differentiatedServices.rawValue
            bytes = bytes.extracting(header.length..<header.length + header.payloadLength(available: bytes.byteCount))
        } else {
            guard let address = message.source?.ipAddress else { return nil }
            source = address
        }
        return receiver.isICMP
            ? socket.format.answer(toICMP: bytes, from: source)
            : socket.format.answer(inSegment: bytes, from: source, at: now)
    }

    // MARK: - Error queues

    /// Takes in the error queue of a datagram socket; returns how many ICMP errors there were.
    mutating func receiveErrors(from socket: SweepSocket) throws(Observer.Failure) -> Int {
        var errorCount = 0
        var isEmpty = false
        while !isEmpty, let count = try? socket.sender.receive(into: &errors, flags: [.errorQueue, .dontWait]) {
            isEmpty = count < errors.capacity
            now = Clock.now
            for index in 0..<count {
                guard
                    case .icmp(let error, let offender, let destination, _, _)? = ErrorQueueEntry(
                        errors[index], kind: socket.kind)
                else { continue }
                errorCount += 1
                let answer = socket.format.answer(
                    to: error, from: offender, about: destination, quoting: errors[index].bytes)
                guard let answer else { continue }
                let event = session.received(answer, at: Arrival(now: now, wallClock: wallClock))
                if let event { try observer.observed(event, &session) }
            }
        }
        return errorCount
    }
}

/// What the kernel says of a packet besides its bytes.
private struct Received {
    /// When it came, in nanoseconds of the wall clock.
    var timestamp: Int64?
    var hopLimit: UInt8?
    var trafficClass: UInt8?
    var destination: IPAddress?
    var drops: UInt32?

    mutating func read(_ controlMessages: ControlMessages) {
        var controlMessages = controlMessages
        while let control = controlMessages.next() {
            switch control {
            case .timestamp(let time): timestamp = time
            case .hopLimit(let limit): hopLimit = UInt8(clamping: limit)
            case .trafficClass(let value): trafficClass = value
            case .packetInfo(_, let address): destination = address
            case .dropCount(let count): drops = count
            default: continue
            }
        }
    }
}
