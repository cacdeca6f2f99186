import Addresses
import Packets
import Sockets

/// What a socket has handed over, made into packets as a capture holds them.
final class CaptureReading {
    private let names: [UInt32: String]
    /// Those of cooked and raw packets, by their index.
    private var interfaces: [UInt32: CaptureInterface] = [:]

    init(interfaceNames: [UInt32: String]) { names = interfaceNames }

    /// A message's packet, and whom it was for; `nil` if it is none that was asked for.
    func packet(
        _ message: borrowing ReceivedMessage, from capture: CaptureSocket
    ) -> (CapturedPacket, PacketAddress.Destination?)? {
        var control = message.controlMessages
        var time: Int64?
        var index: UInt32 = 0
        var auxiliary: PacketAuxiliaryData?
        while let piece = control.next() {
            switch piece {
            case .timestamp(let nanoseconds): time = nanoseconds
            case .packetInfo(let interfaceIndex, _): index = interfaceIndex
            case .dropCount(let count): capture.noteDropped(count)
            case .packetAuxiliaryData(let data): auxiliary = data
            default: continue
            }
        }
        let timestamp = (time ?? Clock.wallClock)
        let moment = CaptureTime(nanosecondsSince1970: Int128(timestamp))
        var link: PacketAddress?
        if case .packet(let address)? = message.source { link = address }

        switch capture.kind {
        case .datagrams:
            return (CapturedPacket(message.bytes.bytes, at: moment, on: interface(index, .raw)), nil)
        case .packets(_, let number):
            guard let link, Self.carries(number, message.bytes) else { return nil }
            let interface = interface(link.interfaceIndex, .raw)
            return (CapturedPacket(message.bytes.bytes, at: moment, on: interface), link.destination)
        case .frames(let interface):
            var (bytes, missing) = (message.bytes.bytes, 0)
            if let auxiliary {
                missing = max(0, Int(auxiliary.originalLength) - bytes.count)
                if let tag = auxiliary.tag { bytes.insert(tag) }
            }
            guard capture.filter?.matches(bytes) != false else { return nil }
            let packet = CapturedPacket(bytes, at: moment, on: interface, originalLength: bytes.count + missing)
            return (packet, link?.destination)
        case .cooked:
            guard let link else { return nil }
            // It comes in there, too.
            if link.destination == .outgoing, link.hardwareType == HardwareType.loopback.rawValue { return nil }
            let bytes = Self.cookedHeader(link) + message.bytes.bytes
            guard capture.filter?.matches(bytes) != false else { return nil }
            let interface = interface(link.interfaceIndex, .linuxCooked2)
            return (CapturedPacket(bytes, at: moment, on: interface), link.destination)
        }
    }

    private func interface(_ index: UInt32, _ linkType: LinkType) -> CaptureInterface {
        if let interface = interfaces[index] { return interface }
        // One that was added since has no name here.
        let interface = CaptureInterface(linkType, name: names[index] ?? (index == 0 ? nil : "if\(index)"))
        interfaces[index] = interface
        return interface
    }

    /// Whether an IP packet carries a protocol, behind whatever extension headers.
    private static func carries(_ number: IPProtocol?, _ bytes: RawSpan) -> Bool {
        guard let number, bytes.byteCount >= 20 else { return true }
        let isIPv6 = bytes.byte(at: 0) >> 4 == 6
        guard isIPv6 else { return bytes.byte(at: 9) == number.rawValue }
        let headerLength = 40
        guard bytes.byteCount >= headerLength else { return false }
        let nextHeader = IPProtocol(rawValue: bytes.byte(at: 6))
        if nextHeader == number { return true }
        let chain = IPv6ExtensionChain(parsing: bytes.extracting(droppingFirst: headerLength), nextHeader: nextHeader)
        return chain.protocolNumber == number
    }

    /// The header that tcpdump records where links differ (LINKTYPE_LINUX_SLL2).
    private static func cookedHeader(_ link: PacketAddress) -> [UInt8] {
        var header: [UInt8] = []
        header.reserveCapacity(20)
        header.append(bigEndian: link.etherType)
        header.append(bigEndian: 0 as UInt16)
        header.append(bigEndian: link.interfaceIndex)
        header.append(bigEndian: link.hardwareType)
        header.append(link.destination.rawValue)
        header.append(UInt8(clamping: link.hardwareAddress.count))
        let address = link.hardwareAddress.prefix(8)
        header += address
        header += repeatElement(0, count: 8 - address.count)
        return header
    }
}

extension [UInt8] {
    /// Puts a tag back behind the addresses of an Ethernet frame.
    fileprivate mutating func insert(_ tag: PacketAuxiliaryData.Tag) {
        guard count >= 12 else { return }
        let bytes = [tag.protocolIdentifier, tag.controlInformation].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        insert(contentsOf: bytes, at: 12)
    }

    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension RawSpan {
    /// A copy of all bytes.
    fileprivate var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    fileprivate func byte(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }
}
