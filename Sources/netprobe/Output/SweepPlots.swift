import Addresses
import Privileges
import Probing

/// What a sweep draws at its end: how round-trip times are distributed, and who of each range is alive.
struct SweepPlots {
    private var maps: [AddressMap]
    private let isDrawn: Bool
    private let file: OutputFile?

    /// More ranges than these are not drawn.
    private static var mostMaps: Int { 16 }

    /// Opens the file, as the user of the program may.
    /// - Returns: `nil` if nothing is to be drawn.
    init?(_ request: SweepRequest, _ privileges: borrowing ParkedPrivileges) throws {
        guard request.display.plots || request.svg != nil else { return nil }
        if request.display.plots, request.display.form != .text { throw UsageError("--plot is for output as text") }
        maps = Array(request.ranges.lazy.compactMap { AddressMap($0) }.prefix(Self.mostMaps))
        isDrawn = request.display.plots
        guard let name = request.svg else {
            file = nil
            return
        }
        guard !maps.isEmpty else {
            throw UsageError(
                "--svg draws who is alive of a prefix or range of at least \(AddressMap.leastCount) addresses: "
                    + "there is none")
        }
        file = try privileges.raising(.writeFiles) { () throws(OutputError) in try OutputFile(name) }
    }

    /// Keeps what is to be drawn.
    mutating func observed(_ event: SweepEvent) {
        guard case .reply(let reply) = event, reply.isFirst, !reply.isClosed else { return }
        for index in maps.indices { maps[index].record(reply.address) }
    }

    func end(_ totals: SweepTotals, to output: inout StandardOutput) throws(OutputError) {
        if let file { try file.write(AddressMap.svg(maps)) }
        guard isDrawn else { return }
        let columns = StandardOutput.terminalSize?.columns ?? 80
        try output.write(Self.distribution(totals.roundTrips))
        for map in maps { try output.write("\n" + map.drawing(columns: columns)) }
        try output.flush()
    }

    /// A column for every 60th of the replies, the quickest first.
    private static func distribution(_ roundTrips: RoundTripStatistics) -> String {
        var plot = LatencyPlot()
        for column in 0..<60 {
            guard let roundTrip = roundTrips.percentile((Double(column) + 0.5) / 60 * 100) else { return "" }
            plot.add(roundTrip)
        }
        let scale = "            0%            25%            50%            75%           100% of the replies\n"
        return "\nround-trip times, the quickest first\n" + plot.plainText + scale
    }
}

extension SweepRequest {
    /// The ranges that stand on the command line.
    fileprivate var ranges: [SweepRange] {
        if case .scan(let scan) = mode { return scan.ranges }
        switch targets {
        case .file: return []
        case .range(let range): return [range]
        case .words(let words):
            guard !display.isFping else { return [] }
            return words.compactMap { word in
                if case .range(let range)? = try? SweepWord(word, withRanges: true) { range } else { nil }
            }
        }
    }
}
