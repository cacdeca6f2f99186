import Addresses
import Packets
import Sockets

/// One socket of a capture. It is deaf until it is told what to listen to.
final class CaptureSocket {
    /// What it hands over.
    enum Kind {
        /// IPv4 packets of one protocol with their header: `SOCK_RAW` of `AF_INET`. They are whole, where fragments
        /// came.
        case datagrams
        /// IP packets without the header of their link, of one protocol or all.
        ///
        /// An IPv6 raw socket keeps the header to itself, and a filter on it sees none; and no raw socket knows all
        /// protocols. A packet socket does both.
        case packets(IPFamily, IPProtocol?)
        /// Frames as the interface has them.
        case frames(CaptureInterface)
        /// Frames whose own header is replaced by one that says the same of all kinds of links.
        case cooked
    }

    let socket: Socket
    let kind: Kind
    /// Packets that the kernel has counted here.
    private var received: UInt64 = 0
    private var dropped: UInt64 = 0
    /// What to look at here, as the kernel can't: the tags of VLANs are not among the bytes that it filters.
    var filter: CaptureFilter?
    private let isPromiscuous: Bool

    init(_ socket: consuming Socket, _ kind: Kind, isPromiscuous: Bool = false) throws(SocketError) {
        self.socket = socket
        self.kind = kind
        self.isPromiscuous = isPromiscuous
        try self.socket.attachFilter([.drop])
        try self.socket.setOption(.receiveTimestamps, to: true)
        try self.socket.setOption(.receiveDropCount, to: true)
        // Without the capability for more there is as much as the administrator allows.
        do throws(SocketError) {
            try self.socket.setOption(.receiveBufferSizeUnbounded, to: Self.bufferSize)
        } catch {
            try self.socket.setOption(.receiveBufferSize, to: Self.bufferSize)
        }
    }

    /// The kernel doubles it: room for some 50,000 small packets, half a second of 100,000 a second.
    private static let bufferSize: Int32 = 32 << 20

    /// What its packets begin with.
    var linkType: LinkType {
        switch kind {
        case .datagrams, .packets: .raw
        case .frames(let interface): interface.linkType
        case .cooked: .linuxCooked2
        }
    }

    /// Begins to hand over what an expression lets through, or everything.
    func listen(_ expression: String?, _ library: PcapLibrary?) throws {
        var program: [FilterInstruction] = [.accept]
        if let expression, let library {
            let filter = try CaptureFilter(expression, linkType, library)
            program = filter.kernelProgram
            switch kind {
            case .datagrams, .packets: break
            case .frames:
                if expression.split(whereSeparator: { !$0.isLetter }).contains("vlan") {
                    self.filter = filter
                    program = [.accept]
                }
            case .cooked:
                if let moved = filter.kernelProgramWithoutCookedHeader {
                    program = moved
                } else {
                    self.filter = filter
                    program = [.accept]
                }
            }
        }
        do throws(SocketError) {
            try drain()
            try socket.attachFilter(preselection + program)
        } catch {
            guard expression != nil, error.errno == .invalidArgument else { throw error }
            throw CaptureFilterError(description: "the kernel does not take it: it has too many instructions")
        }
    }

    /// Takes out what came before there was a filter.
    private func drain() throws(SocketError) {
        var batch = ReceiveBatch(capacity: 16, messageSize: 1, controlSize: 0)
        while try socket.receive(into: &batch, flags: .dontWait) > 0 {}
    }

    /// Keeps what is not asked for out of the receive buffer.
    private var preselection: [FilterInstruction] { (isPromiscuous ? [] : Self.withoutOtherHosts) + nextHeaders }

    /// An interface may be promiscuous for another program's sake, or never look whom a frame is for.
    private static let withoutOtherHosts: [FilterInstruction] = [
        .loadPacketType, .jumpIfEqual(UInt32(PacketAddress.Destination.otherHost.rawValue), then: 0, otherwise: 1), .drop,
    ]

    /// Drops most of what other protocols send. What follows extension headers is looked at later.
    private var nextHeaders: [FilterInstruction] {
        guard case .packets(.v6, let number?) = kind else { return [] }
        let headers: [IPProtocol] = [
            number, .hopByHopOptions, .routing, .fragment, .authentication, .destinationOptions,
        ]
        let nextHeaderOffset: UInt32 = 6
        let jumps = headers.enumerated().map { index, header in
            FilterInstruction.jumpIfEqual(UInt32(header.rawValue), then: UInt8(headers.count - index), otherwise: 0)
        }
        return [.loadIndex(0), .loadByte(atIndexPlus: nextHeaderOffset)] + jumps + [.drop]
    }

    /// What the kernel has counted so far; `captured` are the packets that were read from here.
    func counts(captured: UInt64) -> (received: UInt64, dropped: UInt64) {
        switch kind {
        case .datagrams:
            // The messages say it too (`SO_RXQ_OVFL`), but nothing of what was dropped after the last.
            if let drops = try? socket.option(.memoryUse).drops { dropped = max(dropped, UInt64(drops)) }
            return (captured + dropped, dropped)
        case .packets, .frames, .cooked:
            if let statistics = try? socket.option(.packetStatistics) {
                received += UInt64(statistics.received)
                dropped += UInt64(statistics.dropped)
            }
            return (received, dropped)
        }
    }

    /// Takes in what a message says of those that were dropped before it.
    func noteDropped(_ count: UInt32) { if case .datagrams = kind { dropped = max(dropped, UInt64(count)) } }
}
