import Addresses
import Packets

extension PingSession {
    /// Writes the next request as an ICMP message, header and payload. An ICMPv6 checksum is left to the kernel, which
    /// knows the source address (RFC 3542 §3.1).
    /// - Parameters:
    ///   - output: where to; room for less than `requestLength` bytes is the caller's bug, and stops the program.
    ///   - timeOfDay: nanoseconds since 1970, for the timestamp in the payload.
    public func writeRequest(into output: inout OutputRawSpan, timeOfDay: Int64) {
        let start = output.byteCount
        let echo = ICMPEcho(
            identifier: configuration.identifier, sequenceNumber: UInt16(truncatingIfNeeded: nextSequence))
        let nothing = RawSpan()
        switch configuration.destination {
        case .v4: ICMPv4Message(.echoRequest(echo), checksum: 0).serialize(into: &output, payload: nothing)
        case .v6: ICMPv6Message(.echoRequest(echo)).serialize(into: &output, payload: nothing)
        }
        configuration.payload.write(into: &output, timeOfDay: timeOfDay)
        if case .v4 = configuration.destination {
            let checksum = InternetChecksum.of(output.bytes.extracting(start...))
            var written = output.mutableBytes
            written.storeBytes(of: checksum.bigEndian, toByteOffset: start + 2, as: UInt16.self)
        }
    }

    /// The length of a request in bytes, ICMP header included.
    public var requestLength: Int { 8 + configuration.payload.bytes.count }

    /// The next request was handed to the kernel.
    /// - Parameters:
    ///   - now: the session's clock just before the call.
    ///   - wallClock: the wall clock at the same moment, in nanoseconds since 1970. With it the session sees when the
    ///     clock was set before the reply arrived, and leaves the kernel's timestamps aside.
    public mutating func sent(at now: MonotonicTime, wallClock: Int64? = nil) {
        append(.init(departure: Departure(sent: now, wallClock: wallClock ?? 0)))
        schedule.sent(at: now)
    }

    /// The next request could not be sent. Where it is worth it, it is tried again later; else it was sent in vain.
    /// - Returns: what to report, if anything.
    public mutating func notSent(_ failure: SendFailure, at now: MonotonicTime) -> PingEvent? {
        switch failure {
        case .bufferFull:
            schedule.retry(after: PingSchedule.shortestWait, from: now)
            return nil
        case .queueFull:
            let timeout = configuration.timeout?.clampedNanoseconds ?? .max
            if schedule.slowDown(from: now, atMostFor: timeout) { return nil }
        case .tooLarge, .refused:
            break
        }
        append(.init(departure: Departure(sent: now), outcome: .unsent))
        schedule.failed(at: now)
        statistics.errors += 1
        ended += 1
        acknowledged = records.last
        return .sendFailed(sequence: records.last, failure)
    }

    private mutating func append(_ record: ProbeRecords.Record) {
        retireReused()
        records.append(record)
        statistics.transmitted += 1
    }

    /// The kernel's transmit timestamp of a request, in nanoseconds of the wall clock.
    public mutating func kernelSent(sequence: UInt64, at wallClock: Int64) {
        if records.contains(sequence) { records[sequence].departure.kernelSent = wallClock }
    }
}
