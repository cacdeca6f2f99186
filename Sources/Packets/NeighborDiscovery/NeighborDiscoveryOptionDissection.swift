import Addresses

extension [NeighborDiscoveryOption] {
    /// A group for each option; the first begins at `offset` of `message`.
    func fields(of message: RawSpan, at offset: Int) -> [Field] {
        var fields: [Field] = []
        var offset = offset
        for option in self {
            let bytes = message.extracting(offset..<offset + option.length)
            fields.append(option.field(of: bytes).moved(by: offset))
            offset += option.length
        }
        return fields
    }
}

extension NeighborDiscoveryOption {
    private var name: String {
        switch self {
        case .sourceLinkLayerAddress: "Source link-layer address"
        case .targetLinkLayerAddress: "Target link-layer address"
        case .prefixInformation: "Prefix information"
        case .redirectedHeader: "Redirected header"
        case .mtu: "MTU"
        case .nonce: "Nonce"
        case .routeInformation: "Route information"
        case .recursiveDNSServers: "Recursive DNS server"
        case .dnsSearchList: "DNS search list"
        case .unknown: "Option"
        }
    }

    /// The option as a group; `bytes` are what it was read from.
    fileprivate func field(of bytes: RawSpan) -> Field {
        let head: [Field] = [
            .number("Type", type, 0..<1),
            .number("Length", bytes.uint8(at: 1), 1..<2, meaning: "\(length) bytes"),
        ]
        return .group(name, 0..<bytes.byteCount, head + contents(of: bytes))
    }

    private func contents(of bytes: RawSpan) -> [Field] {
        func reserved(_ place: Range<Int>) -> Field {
            .bytes("Reserved", bytes.extracting(place).array, at: place.lowerBound)
        }
        switch self {
        case .sourceLinkLayerAddress(let address), .targetLinkLayerAddress(let address):
            let mac = MACAddress(rawValue: address.reduce(0) { $0 << 8 | UInt64($1) })
            return [.bytes("Link-layer address", address, at: 2, meaning: address.count == 6 ? "\(mac)" : nil)]
        case .prefixInformation(let prefix): return prefix.fields(of: bytes)
        case .redirectedHeader(let packet):
            return [reserved(2..<8), .bytes("IP header and data", packet, at: 8)]
        case .mtu(let mtu): return [reserved(2..<4), .number("MTU", mtu, 4..<8)]
        case .nonce(let nonce): return [.bytes("Nonce", nonce, at: 2)]
        case .routeInformation(let route): return route.fields(of: bytes)
        case .recursiveDNSServers(let lifetime, let addresses):
            return [reserved(2..<4), .lifetime("Lifetime", lifetime, 4..<8)]
                + Field.list("Address of recursive DNS server", addresses, at: 8)
        case .dnsSearchList(let lifetime, let names):
            return [reserved(2..<4), .lifetime("Lifetime", lifetime, 4..<8)]
                + Self.fields(of: names, in: bytes)
        case .unknown(_, let data): return [.bytes("Data", data, at: 2)]
        }
    }

    private static func fields(of names: [DomainName], in bytes: RawSpan) -> [Field] {
        let end = bytes.byteCount
        var fields: [Field] = []
        var offset = 8
        for name in names {
            fields.append(.text("Domain name", name, offset..<offset + name.length))
            offset += name.length
        }
        return fields + (offset < end ? [.bytes("Padding", bytes.extracting(offset..<end).array, at: offset)] : [])
    }
}
