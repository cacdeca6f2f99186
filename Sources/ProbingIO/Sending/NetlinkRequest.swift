import Addresses
import Sockets
import SystemPackage

/// What the kernel is asked about routes and neighbours (rtnetlink(7)); nothing is sent to the network for it.
struct NetlinkRequest {
    /// A way to an address.
    struct Route {
        /// `RTN_UNICAST` and its like.
        let kind: UInt8
        let interfaceIndex: UInt32
        /// The router on it, if there is one.
        let gateway: IPv4Address?
    }

    private var bytes: [UInt8] = []

    /// The kernel's numbers (linux/rtnetlink.h, linux/neighbour.h).
    private enum Number {
        static let getRoute: UInt16 = 26, getNeighbour: UInt16 = 30
        static let error: UInt16 = 2
        static let request: UInt16 = 1
        static let routeDestination: UInt16 = 1, routeInterface: UInt16 = 4, routeGateway: UInt16 = 5
        static let neighbourDestination: UInt16 = 1, neighbourAddress: UInt16 = 2
        /// Reachable, stale, delayed, being probed, without resolution, permanent.
        static let validStates: UInt16 = 0x02 | 0x04 | 0x08 | 0x10 | 0x40 | 0x80
    }

    /// The way to an address, by an interface if one is named.
    static func route(to address: IPv4Address, by interfaceIndex: UInt32?) throws(SocketError) -> Route {
        var request = NetlinkRequest(Number.getRoute)
        // rtmsg: family, length of the destination, and what is left open.
        request.bytes += [2, 32] + [UInt8](repeating: 0, count: 10)
        request.append(Number.routeDestination, address.bytes)
        if let interfaceIndex { request.append(Number.routeInterface, interfaceIndex.nativeBytes) }
        let answer = try request.ask()
        let attributes = Self.attributes(of: answer.dropFirst(16 + 12))
        guard answer.count >= 28, let index = attributes[Number.routeInterface]?.native32 else {
            throw .failed(.connect, .ipv4(address, port: 0), .networkUnreachable)
        }
        let gateway = attributes[Number.routeGateway].flatMap { $0.count == 4 ? $0 : nil }
        return Route(
            kind: answer[16 + 7], interfaceIndex: index,
            gateway: gateway.map { IPv4Address(rawValue: $0.reduce(0) { $0 << 8 | UInt32($1) }) })
    }

    /// The link address of a neighbour, if it is known; `nil` if it has to be asked for.
    static func linkAddress(of neighbour: IPv4Address, on interfaceIndex: UInt32) -> [UInt8]? {
        var request = NetlinkRequest(Number.getNeighbour)
        // ndmsg: family, padding, interface, state, flags, type.
        request.bytes += [2, 0, 0, 0] + interfaceIndex.nativeBytes + [0, 0, 0, 0]
        request.append(Number.neighbourDestination, neighbour.bytes)
        guard let answer = try? request.ask(), answer.count >= 28 else { return nil }
        let state = UInt16(answer[16 + 8]) | UInt16(answer[16 + 9]) << 8
        guard state & Number.validStates != 0 else { return nil }
        return Self.attributes(of: answer.dropFirst(16 + 12))[Number.neighbourAddress].map(Array.init)
    }

    // MARK: - Messages

    private init(_ type: UInt16) {
        // nlmsghdr: length, type, flags, sequence number, port.
        bytes = [0, 0, 0, 0] + type.nativeBytes + Number.request.nativeBytes + UInt32(1).nativeBytes + [0, 0, 0, 0]
    }

    private mutating func append(_ type: UInt16, _ value: [UInt8]) {
        bytes += UInt16(4 + value.count).nativeBytes + type.nativeBytes + value
        bytes += [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    private func ask() throws(SocketError) -> [UInt8] {
        var message = bytes
        message.replaceSubrange(0..<4, with: UInt32(bytes.count).nativeBytes)
        let socket = try Socket(.netlink, .raw)
        let kernel = SocketAddress.netlink(portID: 0)
        _ = try socket.send(message, to: kernel)
        let answer = try socket.receive(upTo: 8192) ?? []
        let type = answer.count >= 16 ? UInt16(answer[4]) | UInt16(answer[5]) << 8 : 0
        guard type == Number.error, answer.count >= 20 else { return answer }
        let errno = Int32(bitPattern: answer[16..<20].native32 ?? 0)
        throw .failed(.connect, nil, Errno(rawValue: -errno))
    }

    private static func attributes(of bytes: ArraySlice<UInt8>) -> [UInt16: ArraySlice<UInt8>] {
        var attributes: [UInt16: ArraySlice<UInt8>] = [:]
        var rest = bytes
        while rest.count >= 4 {
            let start = rest.startIndex
            let length = Int(rest[start]) | Int(rest[start + 1]) << 8
            let type = UInt16(rest[start + 2]) | UInt16(rest[start + 3]) << 8
            guard length >= 4, length <= rest.count else { break }
            attributes[type & 0x3FFF] = rest[start + 4..<start + length]
            rest = rest.dropFirst((length + 3) / 4 * 4)
        }
        return attributes
    }
}

extension IPv4Address {
    fileprivate var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * UInt32($0))) } }
}

extension FixedWidthInteger {
    /// In the machine's own byte order, as netlink has numbers.
    fileprivate var nativeBytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}

extension ArraySlice<UInt8> {
    fileprivate var native32: UInt32? {
        guard count == 4 else { return nil }
        return withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    }
}
