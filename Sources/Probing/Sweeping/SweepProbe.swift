public import Addresses

/// What the probes of a sweep are.
public enum SweepMethod: Sendable, Hashable {
    /// ICMP and ICMPv6 echo requests (RFC 792, RFC 4443 §4.1).
    case echo
    /// ICMP timestamp requests (RFC 792), which IPv6 has not.
    case timestamp
    /// TCP SYN segments to this port.
    case tcp(port: UInt16)
    /// UDP datagrams to this port.
    case udp(port: UInt16)
}

/// One probe of a sweep.
public struct SweepProbe: Sendable, Hashable {
    /// Whom it asks.
    public var destination: IPAddress
    /// The interface of a link-local destination; 0 where the kernel is to choose.
    public var scopeID: UInt32
    /// The number of its target; in a scan, which counts none, that of the probe.
    public var number: Int
    /// Which of the target's probes it is, from 0.
    public var index: Int
    /// When it leaves, by the session's clock.
    public var sent: MonotonicTime

    /// A probe that is about to leave.
    public init(
        to destination: IPAddress, scopeID: UInt32 = 0, number: Int = 0, index: Int = 0, sent: MonotonicTime
    ) {
        self.destination = destination
        self.scopeID = scopeID
        self.number = number
        self.index = index
        self.sent = sent
    }
}

/// What a packet claims to say about a probe. Nothing of it is believed before a session has found the proof in it: see
/// ``SweepProbeFormat``.
public struct SweepAnswer: Sendable {
    /// What an answer means.
    public enum Meaning: Sendable, Hashable {
        /// The target answers: an echo or timestamp reply, a SYN with an ACK, a UDP datagram.
        case reply
        /// The target is there, and nothing listens at the port: a RST, or an ICMP port unreachable of its own.
        case closed
        /// A router or the target says why there will be no answer.
        case error(ICMPError)
        /// It says something that ends no probe: a redirect or a source quench.
        case notice(ICMPError)
    }

    /// What it means.
    public var meaning: Meaning
    /// Who sent it.
    public var source: IPAddress
    /// Whom the probe asked, where a quote says so; `nil` in a reply, which comes from there or from another address of
    /// the same host.
    public var destination: IPAddress?
    /// The proof that was carried in the first bytes of the message, and how many bits of it there are.
    public var proof: UInt64
    /// The bits of ``proof`` that the packet carries.
    public var proofMask: UInt64
    /// The part of the proof that the index has been added to, as it arrived: 16 bits.
    public var countedProof: UInt16?
    /// The target's number, of which there are 32 bits; `nil` where the packet does not carry it.
    public var number: UInt32?
    /// The probe's index, of which there are 32 bits; `nil` where only ``countedProof`` tells.
    public var index: UInt32?
    /// When the probe left; `nil` where the packet does not carry it.
    public var sent: MonotonicTime?
    /// Bytes of the message behind the IP headers.
    public var byteCount: Int
    /// The TTL or hop limit that it arrived with, where known.
    public var hopLimit: UInt8?
    /// The type of service or traffic class that it arrived with, where known.
    public var trafficClass: UInt8?
    /// The address of ours that it was sent to, where known.
    public var replyDestination: IPAddress?
    /// The three times of an ICMP timestamp reply.
    public var timestamps: SweepTimestamps?
}

extension SweepAnswer {
    /// An answer of which nothing but its sender is known yet.
    init(_ meaning: Meaning, from source: IPAddress, byteCount: Int) {
        self.meaning = meaning
        self.source = source
        proof = 0
        proofMask = 0
        self.byteCount = byteCount
    }

    /// Which probe of a target it says it answers.
    enum Index {
        case number(UInt32)
        /// The lowest 16 bits of it.
        case lowerHalf(UInt16)
        /// That of any.
        case unknown
    }

    /// Which probe of this target it answers; `nil` where it lacks the proof.
    @inline(__always)
    func index(of target: IPAddress, key: SipHash) -> Index? {
        // Less than a source port is no proof.
        guard proofMask.nonzeroBitCount >= 15 else { return nil }
        let expected = SweepProbeFormat.proof(of: target, key: key)
        guard (proof ^ expected) & proofMask == 0 else { return nil }
        guard let countedProof else { return index.map { .number($0) } ?? .unknown }
        let lowerHalf = countedProof &- UInt16(truncatingIfNeeded: expected >> 16)
        guard let index else { return .lowerHalf(lowerHalf) }
        return UInt16(truncatingIfNeeded: index) == lowerHalf ? .number(index) : nil
    }
}

/// The times of an ICMP timestamp reply (RFC 792): milliseconds since midnight UT.
public struct SweepTimestamps: Sendable, Hashable {
    /// When we say that we sent the request.
    public var originate: UInt32
    /// When the target received it.
    public var receive: UInt32
    /// When the target sent the reply.
    public var transmit: UInt32

    /// The times as they are on the wire, in host byte order.
    public init(originate: UInt32, receive: UInt32, transmit: UInt32) {
        self.originate = originate
        self.receive = receive
        self.transmit = transmit
    }
}
