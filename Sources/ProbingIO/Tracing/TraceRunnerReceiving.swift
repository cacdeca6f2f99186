import Addresses
import Packets
import Probing
import Sockets
import SystemPackage

/// What arrives, and which probe of which target it is about.
extension TraceRunner {
    mutating func receive(from receiver: TraceSocket) throws(Observer.Failure) {
        switch receiver.role {
        case .nothing: return
        case .connection(let probe, let target): try receive(from: receiver, about: probe, target)
        case .icmp, .segments: try receiveMessages(from: receiver)
        case .datagrams:
            _ = try receiveErrors(from: receiver)
            try receiveMessages(from: receiver)
        }
    }

    private mutating func receiveMessages(from receiver: TraceSocket) throws(Observer.Failure) {
        var isEmpty = false
        while !isEmpty {
            guard let count = try? receiver.socket.receive(into: &answers, flags: .dontWait), count > 0 else { return }
            isEmpty = count < answers.capacity
            readClocks()
            // The transmit timestamps of what is answered here are in the error queue by now.
            if hasTransmitTimestamps { _ = try receiveErrors(from: sockets.sender ?? receiver) }
            for index in 0..<count {
                var arrival = Arrival(now: now, wallClock: wallClock)
                guard let (target, answer) = answer(at: index, by: receiver, &arrival) else { continue }
                try received(target: target, answer, at: arrival)
            }
        }
    }

    private mutating func received(target: Int, _ answer: TraceAnswer, at arrival: Arrival) throws(Observer.Failure) {
        let event = fleet.received(target: target, answer, at: arrival)
        if let event { try observer.observed(event, target: target, fleet) }
    }

    // MARK: - Messages

    /// What the message at `index` answers, if anything.
    private func answer(
        at index: Int, by receiver: TraceSocket, _ arrival: inout Arrival
    ) -> (target: Int, TraceAnswer)? {
        let message = answers[index]
        guard let from = message.source, let source = from.ipAddress else { return nil }
        var hopLimit: UInt8?
        var controlMessages = message.controlMessages
        while let control = controlMessages.next() {
            switch control {
            case .timestamps(let software, _) where software != 0: arrival.kernel = software
            case .hopLimit(let limit): hopLimit = UInt8(clamping: limit)
            default: continue
            }
        }
        if case .datagrams = receiver.role, sockets.method != .icmp {
            // The payload alone. Of its header the ports are known.
            let ports = (from.port ?? 0, (try? receiver.socket.localAddress().port) ?? 0)
            let datagram = serialized(capacity: 8 + message.bytes.byteCount) {
                UDPHeader(sourcePort: ports.0, destinationPort: ports.1).serialize(into: &$0, payload: message.bytes)
            }
            return answer(in: datagram.span.bytes, from: source, hopLimit: hopLimit, isICMP: false)
        }
        var bytes = message.bytes
        if case .v4 = source, sockets.kind == .raw {
            // A raw IPv4 socket hands over the whole packet.
            guard let header = try? IPv4Header(parsing: bytes) else { return nil }
            hopLimit = header.timeToLive
            bytes = bytes.extracting(header.length..<header.length + header.payloadLength(available: bytes.byteCount))
        }
        return answer(in: bytes, from: source, hopLimit: hopLimit, isICMP: receiver.role != .segments)
    }

    private func answer(
        in bytes: RawSpan, from source: IPAddress, hopLimit: UInt8?, isICMP: Bool
    ) -> (target: Int, TraceAnswer)? {
        var target = fleet.count == 1 ? 0 : self.target(of: bytes, from: source, isICMP: isICMP)
        while let number = target {
            let format = fleet.format(of: number)
            let answer =
                isICMP
                ? format.answer(toICMP: bytes, from: source, hopLimit: hopLimit)
                : format.answer(inSegment: bytes, from: source, hopLimit: hopLimit)
            if let answer { return (number, answer) }
            target = fleet.target(before: number)
        }
        return nil
    }

    /// The first target that a message may be about: an error is about the destination of what it quotes.
    private func target(of bytes: RawSpan, from source: IPAddress, isICMP: Bool) -> Int? {
        guard isICMP, bytes.byteCount > 8, let quote = try? QuotedPacket(parsing: bytes.extracting(8...)) else {
            return fleet.target(to: source)
        }
        return fleet.target(to: quote.destination) ?? fleet.target(to: source)
    }

    // MARK: - Error queues

    /// Takes in all error queues; returns how many ICMP errors there were.
    mutating func receiveErrors() throws(Observer.Failure) -> Int {
        var count = 0
        for receiver in sockets.receivers { count += try receiveErrors(from: receiver) }
        return count
    }

    /// Takes in an error queue: transmit timestamps, what the first link takes, and the ICMP errors about datagrams.
    /// - Returns: how many ICMP errors there were.
    mutating func receiveErrors(from socket: TraceSocket) throws(Observer.Failure) -> Int {
        var errorCount = 0
        var isEmpty = false
        while !isEmpty, let count = try? socket.socket.receive(into: &errors, flags: [.errorQueue, .dontWait]) {
            isEmpty = count < errors.capacity
            readClocks()
            for index in 0..<count {
                switch ErrorQueueEntry(errors[index], kind: .datagram) {
                case .transmitted(let number, let time):
                    guard let token = socket.numbers.sequence(of: number) else { continue }
                    fleet.kernelSent(target: 0, token: UInt16(truncatingIfNeeded: token), at: time)
                case .icmp(let error, let offender, let destination, _, let time):
                    errorCount += 1
                    guard case .datagrams = socket.role else { continue }
                    let kernel = time == 0 ? nil : time
                    let arrival = Arrival(now: now, wallClock: wallClock, kernel: kernel)
                    guard let (target, answer) = answer(to: error, from: offender, about: destination, at: index) else {
                        continue
                    }
                    try received(target: target, answer, at: arrival)
                case .local(let mtu): linkMTU = mtu
                case nil: continue
                }
            }
        }
        return errorCount
    }

    private func answer(
        to error: ICMPError, from offender: IPAddress, about destination: IPAddress, at index: Int
    ) -> (target: Int, TraceAnswer)? {
        let message = errors[index]
        var target = fleet.count == 1 ? 0 : fleet.target(to: destination)
        while let number = target {
            if var answer = fleet.format(of: number).answer(to: error, from: offender, quoting: message.bytes) {
                answer.hopLimit = message.hopLimit
                return (number, answer)
            }
            target = fleet.target(before: number)
        }
        return nil
    }

    // MARK: - Connections

    /// What has become of a connection: made, refused, or what a router says about it.
    private mutating func receive(
        from receiver: TraceSocket, about probe: TraceProbe, _ target: Int
    ) throws(Observer.Failure) {
        var arrival = Arrival(now: now, wallClock: wallClock)
        var answer: TraceAnswer?
        if let count = try? receiver.socket.receive(into: &errors, flags: [.errorQueue, .dontWait]) {
            for index in 0..<count {
                guard
                    case .icmp(let error, let offender, _, _, let time)? = ErrorQueueEntry(
                        errors[index], kind: .datagram),
                    let meaning = error.meaning
                else { continue }
                answer = TraceAnswer(token: probe.token, from: offender, meaning)
                answer?.hopLimit = errors[index].hopLimit
                arrival.kernel = time == 0 ? nil : time
            }
        }
        let errno = receiver.socket.pendingError()
        sockets.remove(receiver)
        if answer == nil {
            let flags: TCPHeader.Flags
            switch errno {
            case Errno(rawValue: 0): flags = [.syn, .ack]
            case .connectionRefused: flags = [.rst, .ack]
            // What the kernel itself has given up is left to time out.
            default: return
            }
            answer = TraceAnswer(token: probe.token, from: fleet.format(of: target).destination, .reply(.tcp(flags)))
        }
        if let answer { try received(target: target, answer, at: arrival) }
    }
}

extension ReceivedMessage {
    /// The TTL or hop limit that it came with, where the socket was asked to say so.
    fileprivate var hopLimit: UInt8? {
        var controlMessages = controlMessages
        while let control = controlMessages.next() {
            if case .hopLimit(let limit) = control { return UInt8(clamping: limit) }
        }
        return nil
    }
}
