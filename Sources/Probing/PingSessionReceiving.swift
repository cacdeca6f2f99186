public import Addresses
public import Packets

extension PingSession {
    /// An ICMP message arrived.
    /// - Parameters:
    ///   - message: the message from its type on; nothing about it is believed.
    ///   - source: the address that it came from.
    ///   - hopLimit: the TTL or hop limit that it arrived with, where known.
    ///   - options: the IPv4 options of its packet.
    ///   - arrival: when it arrived.
    /// - Returns: what it means to the session.
    public mutating func received(
        _ message: RawSpan, from source: IPAddress, hopLimit: Int?, options: [IPv4Option] = [], at arrival: Arrival
    ) -> PingEvent {
        guard let parsed = EchoMessage(parsing: message, family: configuration.destination.family) else {
            return .ignored
        }
        switch parsed.content {
        case .reply(let echo):
            guard let sequence = request(of: echo) else { return .ignored }
            var reply = PingReply(
                sequence: sequence, source: source, byteCount: message.byteCount, hopLimit: hopLimit, roundTrip: nil,
                timing: .userSpace, options: options)
            let roundTrip: Int64
            (roundTrip, reply.timing) = self.roundTrip(of: sequence, arrival)
            reply.roundTrip = .nanoseconds(roundTrip)
            if let rejection = rejection(from: source, message.byteCount, checksumIsGood: parsed.checksumIsGood) {
                return .rejected(reply, rejection)
            }
            reply.damage = configuration.payload.damage(in: message.extracting(8...))
            count(&reply, roundTrip)
            return .reply(reply)
        case .notice(let error):
            guard parsed.checksumIsGood, let quote = try? QuotedPacket(parsing: message.extracting(8...)),
                quote.destination == configuration.destination, let sequence = request(of: quote.echoRequest)
            else { return .ignored }
            return .notice(PathError(sequence: sequence, source: source, error: error))
        }
    }

    /// An ICMP error about one of our packets came through a socket's error queue.
    /// - Parameters:
    ///   - error: its type, code and information.
    ///   - source: who sent it.
    ///   - destination: the destination of the packet that it quotes.
    ///   - quote: the quoted ICMP message, from its type on.
    /// - Returns: what it means to the session.
    public mutating func receivedError(
        _ error: ICMPError, from source: IPAddress, about destination: IPAddress, quoting quote: RawSpan
    ) -> PingEvent {
        guard destination == configuration.destination,
            let sequence = request(of: EchoMessage.echoRequest(in: quote, family: destination.family))
        else { return .ignored }
        // An error about a request that has already ended, by an answer or by an error, ends nothing.
        guard records[sequence].outcome == .pending || records[sequence].outcome == .expired else { return .ignored }
        acknowledge(sequence)
        records[sequence].outcome = .failed
        hasPathError = true
        ended += 1
        statistics.errors += 1
        return .pathError(PathError(sequence: sequence, source: source, error: error))
    }

    // MARK: - What it belongs to, and whether it counts

    /// The number of the request that went out with this identifier and sequence number and is still remembered.
    private func request(of echo: ICMPEcho?) -> UInt64? {
        guard let echo, echo.identifier == configuration.identifier,
            let sequence = records.sequence(echo.sequenceNumber), records[sequence].outcome != .unsent
        else { return nil }
        return sequence
    }

    private mutating func rejection(
        from source: IPAddress, _ byteCount: Int, checksumIsGood: Bool
    ) -> PingRejection? {
        guard configuration.acceptsAnySource || source == configuration.destination else {
            return .differentAddress
        }
        let rejection: PingRejection? =
            !checksumIsGood ? .badChecksum : byteCount < requestLength ? .truncated : nil
        if rejection != nil { statistics.corrupted += 1 }
        return rejection
    }

    private mutating func count(_ reply: inout PingReply, _ roundTrip: Int64) {
        acknowledge(reply.sequence)
        let outcome = records[reply.sequence].outcome
        if outcome == .answered {
            reply.isDuplicate = true
            statistics.duplicates += 1
        } else {
            records[reply.sequence].outcome = .answered
            statistics.received += 1
            if outcome != .failed { ended += 1 }
            if outcome == .expired {
                reply.isLate = true
                statistics.late += 1
            }
            if reply.sequence < latestAnswered { statistics.reordered += 1 }
            latestAnswered = max(latestAnswered, reply.sequence)
        }
        statistics.roundTrips.record(nanoseconds: roundTrip)
        schedule.measured(statistics.roundTrips.exponentialAverageNanoseconds)
    }

    private mutating func acknowledge(_ sequence: UInt64) {
        acknowledged = max(acknowledged, sequence)
        statistics.pipe = max(statistics.pipe, records.last - sequence + 1)
    }

    // MARK: - Round-trip times

    /// The round-trip time in nanoseconds by the best clocks there are.
    private func roundTrip(of sequence: UInt64, _ arrival: Arrival) -> (Int64, RoundTripTiming) {
        var arrival = arrival
        if configuration.userSpaceTiming { arrival.kernel = nil }
        return records[sequence].departure.roundTrip(until: arrival)
    }
}
