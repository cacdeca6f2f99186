import Addresses
import Packets
import Probing
import Sockets

extension PingSession {
    /// Tells the session of an ICMP error that the message at `index` quotes in this range of its bytes.
    mutating func receivedError(
        _ error: ICMPError, from source: IPAddress, about destination: IPAddress, quoting quote: Range<Int>,
        of batch: borrowing ReceiveBatch, at index: Int
    ) -> PingEvent {
        receivedError(error, from: source, about: destination, quoting: batch[index].bytes.extracting(quote))
    }

    /// Tells the session of the message at `index` as its kind of socket hands it over.
    mutating func received(
        _ batch: borrowing ReceiveBatch, at index: Int, over kind: EchoSocket.Kind, now: MonotonicTime, wallClock: Int64
    ) -> PingEvent {
        let message = batch[index]
        guard let source = message.source?.ipAddress else { return .ignored }
        var arrival = Arrival(now: now, wallClock: wallClock)
        var hopLimit: Int?
        var options: [IPv4Option] = []
        var controlMessages = message.controlMessages
        while let control = controlMessages.next() {
            switch control {
            case .timestamps(let software, _) where software != 0: arrival.kernel = software
            case .hopLimit(let limit): hopLimit = limit
            case .ipv4Options(let range):
                // Options that can't be read are left out: they are not what was asked for.
                options = (try? IPv4Option.parseList(controlMessages.bytes.extracting(range))) ?? []
            default: continue
            }
        }
        guard kind == .raw, case .v4 = source else {
            return received(message.bytes, from: source, hopLimit: hopLimit, options: options, at: arrival)
        }
        // A raw IPv4 socket hands over the whole packet.
        guard let header = try? IPv4Header(parsing: message.bytes) else { return .ignored }
        let length = header.payloadLength(available: message.bytes.byteCount)
        let payload = message.bytes.extracting(header.length..<(header.length + length))
        return received(
            payload, from: source, hopLimit: Int(header.timeToLive), options: header.options, at: arrival)
    }
}
