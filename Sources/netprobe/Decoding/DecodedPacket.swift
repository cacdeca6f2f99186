import Packets

/// A captured packet and what can be said of it: always something, also of bytes that are no packet.
struct DecodedPacket {
    /// As tcpdump prints it.
    let line: String
    /// What is wrong with it, or with what it carries.
    let error: String?
    private let bytes: [UInt8]
    private let packet: LinkPacket?

    /// - Parameter namesInterface: whether it was captured here, so that its interface's number has the name that the
    ///   capture says.
    init(_ captured: CapturedPacket, namesInterface: Bool = false) {
        bytes = captured.bytes
        do throws(ParseError) {
            let packet = try LinkPacket(
                parsing: captured.bytes.span.bytes, linkType: captured.interface.linkType, verifyingChecksums: false)
            self.packet = packet
            if namesInterface, case .linuxCooked(let cooked) = packet {
                line = cooked.description(interfaceName: captured.interface.name)
            } else {
                line = packet.description
            }
            error = packet.error.map { "\($0)" }
        } catch {
            packet = nil
            line = "[\(error)]"
            self.error = "\(error)"
        }
    }

    /// The layers' fields.
    var layers: [Field] {
        guard let packet else { return [.bytes("Malformed packet", bytes, at: 0, meaning: error)] }
        return packet.layers(of: bytes.span.bytes)
    }
}
