import Addresses
import Packets

/// A packet on its way back to the prober.
struct Answer {
    enum Content {
        /// An ICMP or ICMPv6 error that quotes what it is about.
        case error(ErrorReason, quote: [UInt8], Answering)
        /// What a host answers by itself.
        case payload(IPPayload)
    }

    var source: IPAddress
    var destination: IPAddress
    var content: Content
    /// The TTL or hop limit, as far as it is used up.
    var hopLimit: UInt8

    /// The whole IP packet.
    var bytes: [UInt8] {
        switch (source, destination) {
        case (.v4(let source), .v4(let destination)):
            let header = IPv4Header(source: source, destination: destination, timeToLive: hopLimit)
            let packet = IPv4Packet(header, payload: payload)
            return serialized { packet.serialize(into: &$0) }
        case (.v6(let source), .v6(let destination)):
            let header = IPv6Header(source: source, destination: destination, hopLimit: hopLimit)
            let packet = IPv6Packet(header, payload: payload)
            return serialized { packet.serialize(into: &$0) }
        default: return []
        }
    }

    private var payload: IPPayload {
        switch content {
        case .payload(let payload): payload
        case .error(let reason, let quote, let answering):
            reason.message(source.family, quoting: quote, answering.extensions, isCounted: answering.countsQuote)
        }
    }
}

/// Why a packet gets no further.
enum ErrorReason {
    case timeExceeded
    /// It is longer than this link takes.
    case packetTooBig(mtu: Int)
    /// A filter, a host or a router without a route says so.
    case unreachable(Rejection)

    /// The message and its quote. Extensions behind a quote whose length is not counted are where they were before
    /// RFC 4884.
    func message(
        _ family: IPFamily, quoting quote: [UInt8], _ objects: [ICMPExtensionObject], isCounted: Bool
    ) -> IPPayload {
        let extensions = objects.isEmpty ? nil : ICMPExtensions(objects)
        let words: UInt8? = isCounted ? nil : 0
        guard family == .v4 else {
            return .icmpv6(ICMPv6Message(body6(words)), payload: quote, extensions: extensions)
        }
        return .icmp(ICMPv4Message(body4(words)), payload: quote, extensions: extensions)
    }

    private func body4(_ words: UInt8?) -> ICMPv4Message.Body {
        switch self {
        case .timeExceeded: .timeExceeded(.inTransit, originalDatagramWords: words)
        case .packetTooBig(let mtu):
            .destinationUnreachable(
                .fragmentationNeeded, nextHopMTU: UInt16(clamping: mtu), originalDatagramWords: words)
        case .unreachable(let rejection): .destinationUnreachable(rejection.v4, originalDatagramWords: words)
        }
    }

    private func body6(_ words: UInt8?) -> ICMPv6Message.Body {
        switch self {
        case .timeExceeded: .timeExceeded(.inTransit, originalDatagramWords: words)
        case .packetTooBig(let mtu): .packetTooBig(mtu: UInt32(clamping: mtu))
        // The pointer is to the next header field, which said so.
        case .unreachable(.protocol): .parameterProblem(.nextHeader, pointer: 6)
        case .unreachable(let rejection): .destinationUnreachable(rejection.v6, originalDatagramWords: words)
        }
    }
}

/// What is said of a packet that is not let through, or not wanted, by one name in both families.
enum Rejection: String, CaseIterable {
    case network
    case host
    case `protocol`
    case port
    case networkProhibited = "network-prohibited"
    case hostProhibited = "host-prohibited"
    case prohibited

    fileprivate var v4: ICMPv4UnreachableCode {
        switch self {
        case .network: .network
        case .host: .host
        case .protocol: .protocolNumber
        case .port: .port
        case .networkProhibited: .networkProhibited
        case .hostProhibited: .hostProhibited
        case .prohibited: .prohibited
        }
    }

    fileprivate var v6: ICMPv6UnreachableCode {
        switch self {
        case .network, .protocol: .noRoute
        case .host: .address
        case .port: .port
        case .networkProhibited, .hostProhibited, .prohibited: .prohibited
        }
    }
}

extension Answering {
    /// What an error quotes of a packet: by default as much as fits into 576 bytes (RFC 1812 section 4.3.2.3) or 1,280
    /// (RFC 4443 section 2.4).
    func quote(of packet: TravellingPacket) -> [UInt8] {
        let ordinary = packet.family == .v4 ? 576 - 28 : 1280 - 48
        let length = quotedBytes.map { packet.transportOffset + $0 } ?? ordinary
        var quote = Array(packet.bytes.prefix(length))
        if let quotedHopLimit { quote.setHopLimit(quotedHopLimit) }
        if let quotedServices { quote.setServices(quotedServices) }
        return quote
    }
}
