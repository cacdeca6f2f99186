import Addresses
import Packets
import Privileges
import Probing
import ProbingIO

/// What the arguments of `netprobe send` ask for, checked.
struct SendRequest {
    /// How answers are shown.
    enum Format { case line, tree, json }

    let destination: String?
    let family: IPFamily
    let expressionText: String
    /// The packet is to leave as it is, although the kernel would send another.
    let leavesUnchanged: Bool
    let seed: UInt64
    /// `nil` until interrupted.
    let count: UInt64?
    let interval: Duration
    let isFlood: Bool
    let timeout: Duration
    let fragmenting: Fragmenting?
    let pattern: PacketPattern?
    let interface: String?
    let isDryRun: Bool
    let format: Format
    let pcap: String?
    let isQuiet: Bool
    let isVerbose: Bool

    /// Longer than any wait that makes sense: 24 days.
    private static let longest = Double(Int32.max) / 1000

    /// - Parameter data: what is in the file of `--data-file`.
    init(_ command: SendCommand, data: [UInt8]?) throws(UsageError) {
        let expression = try SendExpression(command, data: data)
        (expressionText, family) = (expression.text, expression.family)
        destination = command.destination
        seed =
            try UsageError.integer(command.pace.seed, option: "--seed", in: 0...UInt64.max) ?? .random(in: 0 ... .max)
        let packets = try Self.compile(expressionText, family, seed, isWhole: command.layers.packet != nil)
        guard destination != nil || packets.says("dst") else {
            throw UsageError("no destination: say whom to send to, or dst=… in the packet")
        }

        leavesUnchanged = Self.leavesUnchanged(packets)

        let count = try UsageError.integer(command.pace.count, option: "-c", in: 0...UInt64(Int64.max))
        let pace = command.pace
        isFlood = pace.flood
        let asked = [pace.interval.map { _ in "-i" }, pace.rate.map { _ in "--rate" }, pace.flood ? "--flood" : nil]
            .compactMap { $0 }
        guard asked.count < 2 else { throw UsageError("only one of \(asked.joined(separator: " and ")) can be") }
        self.count = count == 0 || (count == nil && pace.flood) ? nil : count ?? packets.count
        interval = try Self.interval(pace)
        timeout = try UsageError.seconds(pace.timeout, option: "-W", atMost: Self.longest) ?? .seconds(1)
        fragmenting = try Self.fragmenting(pace)
        if let fragmenting { try Self.checkCut(packets, fragmenting) }

        interface = command.interface
        let display = command.display
        guard !(display.json && display.decode) else { throw UsageError("only one of --decode and --json can be") }
        format = display.json ? .json : display.decode ? .tree : .line
        (isDryRun, pcap, isQuiet, isVerbose) = (display.dryRun, display.pcap, display.quiet, display.verbose)
        if isFlood, display.expect != nil { throw UsageError("--flood looks for no answers: --expect needs --rate") }
        pattern = try display.expect.map { text throws(UsageError) in
            do throws(ExpressionError) { return try PacketPattern(text) } catch {
                throw UsageError("--expect, \("\(error)".forTerminal)")
            }
        }
    }

    // MARK: - Packets

    /// The packets, without the addresses that nobody said.
    func packets() throws(UsageError) -> PacketExpression {
        try Self.compile(expressionText, family, seed, isWhole: true)
    }

    private static func compile(
        _ text: String, _ family: IPFamily, _ seed: UInt64, isWhole: Bool
    ) throws(UsageError) -> PacketExpression {
        do throws(ExpressionError) {
            return try PacketExpression(text, in: family, seed: seed)
        } catch {
            throw UsageError(isWhole ? "--packet, \("\(error)".forTerminal)" : error.reason.forTerminal)
        }
    }

    /// Whether a raw socket would send another IPv4 packet, or none: it writes length and checksum of the header itself,
    /// fills in an identification and a source of zero, and refuses headers of less than five words (raw(7)).
    private static func leavesUnchanged(_ packets: PacketExpression) -> Bool {
        guard packets.family == .v4 else { return false }
        let bytes = packets.packet(number: 0)
        return packets.says("len") || packets.says("checksum") || bytes[0] & 0x0F < 5
            || (packets.says("id") && bytes[4...5] == [0, 0])
            || (packets.says("src") && bytes[12...15] == [0, 0, 0, 0])
    }

    // MARK: - When and how

    private static func interval(_ pace: SendCommand.Pace) throws(UsageError) -> Duration {
        if pace.flood { return .zero }
        if let text = pace.rate {
            guard let rate = UsageError.decimal(text), (0.001...10_000_000).contains(rate) else {
                throw UsageError(
                    "invalid --rate value: '\(text.forTerminal)': not a number of packets a second from 0.001 to 10000000"
                )
            }
            return .nanoseconds(Int64((1e9 / rate).rounded()))
        }
        return try UsageError.seconds(pace.interval, option: "-i", atMost: longest) ?? .seconds(1)
    }

    private static func fragmenting(_ pace: SendCommand.Pace) throws(UsageError) -> Fragmenting? {
        let size = try UsageError.integer(pace.fragment, option: "--fragment", in: 28...65_535)
        let overlap = try UsageError.integer(pace.overlap, option: "--overlap", in: 0...65_528) ?? 0
        guard overlap % 8 == 0 else {
            throw UsageError("invalid --overlap value: '\(overlap)': offsets of fragments count by 8 bytes")
        }
        let order = pace.order.map { Fragmenting.Order(rawValue: $0) } ?? .forward
        guard let order else {
            throw UsageError(
                "invalid --order value: '\(pace.order?.forTerminal ?? "")': not one of forward, reverse, swapped")
        }
        guard let size else {
            if pace.overlap != nil || pace.order != nil {
                throw UsageError("\(pace.order != nil ? "--order" : "--overlap") is about fragments: --fragment 576")
            }
            return nil
        }
        return Fragmenting(maximumTransmissionUnit: size, overlap: overlap, order: order)
    }

    private static func checkCut(_ packets: PacketExpression, _ fragmenting: Fragmenting) throws(UsageError) {
        do throws(FragmentationError) {
            _ = try fragmenting.pieces(of: packets.packet(number: 0), identification: 0)
        } catch {
            throw UsageError("--fragment: \(error)")
        }
    }

    // MARK: - Who may

    /// Packets that are looked at before the first leaves: later ones are when they do.
    private static let checkedPackets: UInt64 = 4096

    /// What the caller may do beyond what everybody may; `nil` for root, who may everything.
    /// - Throws: a refusal, where that is not enough.
    func granted(to caller: Caller) throws -> Set<PolicyRight>? {
        guard !caller.isRoot, !isDryRun else { return nil }
        let packets = try packets()
        var wanted: [(PolicyRight, String)] = []
        if packets.says("src"),
            !packets.isConstant("src") || !(packets.source.map(SendSockets.isLocal) ?? false)
        {
            let source = packets.isConstant("src") ? packets.source.map { ", \($0)" } ?? "" : ""
            wanted.append((.forgeSource, "a source that is not this machine's\(source)"))
        }
        let checked = 0..<min(max(packets.count, count ?? .max), Self.checkedPackets)
        let rights = checked.reduce(into: Set<PolicyRight>()) {
            $0.formUnion(PacketRights.of(packets.packet(number: $1)))
        }
        if rights.contains(.craftTCP) { wanted.append((.craftTCP, "crafted TCP")) }
        if fragmenting != nil || rights.contains(.rawFragments) { wanted.append((.rawFragments, "sending fragments")) }
        if interval < .milliseconds(1) { wanted.append((.flood, "more than 1000 packets a second")) }
        // Who wants nothing needs no file that can be read.
        if wanted.isEmpty { return (try? Policy.of(caller))?.rights ?? [] }
        let policy = try Policy.of(caller)
        for (right, subject) in wanted { try policy.require(right, for: subject) }
        return policy.rights
    }
}
