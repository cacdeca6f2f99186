import Addresses
import Probing

/// What a scan's arguments ask for, checked.
struct SweepScanRequest {
    /// What is to be scanned, as far as the command line says.
    let ranges: [SweepRange]
    /// The order of the addresses.
    let seed: UInt64
    /// Where in it to go on.
    let position: UInt64
    /// Which part, from 0, and of how many.
    let shard: UInt64
    let shards: UInt64
    /// Probes a second; `nil` for as many as go.
    let rate: Double?
    /// Probes to each address.
    let attempts: Int
    /// How long answers are waited for behind the last probe.
    let timeout: Duration
    let includesReserved: Bool

    init(
        _ arguments: SweepArguments, _ pace: SweepPaceRequest, _ targets: SweepRequest.Targets, family: IPFamily?
    ) throws(UsageError) {
        switch targets {
        case .file: ranges = []
        case .range(let range): ranges = [range]
        case .words(let words):
            var ranges: [SweepRange] = []
            for word in words { ranges.append(try Self.range(word, family: family)) }
            self.ranges = ranges
        }
        (seed, position) = try Self.seed(arguments.seed)
        (shard, shards) = try Self.shard(arguments.shard)
        rate = pace.rate.flatMap { $0.isFinite ? $0 : nil }
        attempts = 1 + (try UsageError.integer(arguments.retries, option: "-r", in: 0...99) ?? 0)
        timeout = pace.timeout ?? .seconds(1)
        includesReserved = arguments.includeReserved
    }

    /// What a word among the targets stands for: an address, a range, or a prefix with all its addresses.
    static func range(_ word: String, family: IPFamily?) throws(UsageError) -> SweepRange {
        let range: SweepRange
        if word.utf8.contains(UInt8(ascii: "/")) {
            range = try SweepRange(prefix: word)
        } else {
            switch try SweepWord(word, withRanges: true) {
            case .address(let address): range = try SweepRange(from: address, to: address)
            case .range(let found): range = found
            case .name:
                throw UsageError(
                    "'\(word.forTerminal)': --scan takes addresses, prefixes and ranges, such as ::1/120; no names")
            }
        }
        guard range.zone == nil else { throw UsageError("'\(word.forTerminal)': --scan takes no zones: use -I") }
        guard (family ?? range.first.family) == range.first.family else {
            throw UsageError("\(word.forTerminal): Address family for hostname not supported")
        }
        return range
    }

    /// `--seed`: where there is none, one that nobody knows.
    private static func seed(_ text: String?) throws(UsageError) -> (UInt64, position: UInt64) {
        guard let text else { return (.random(in: 0 ... .max), 0) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let numbers = parts.compactMap(number)
        guard numbers.count == parts.count, let seed = numbers.first, parts.count <= 2 else {
            throw UsageError("invalid --seed value: '\(text.forTerminal)': not seed or seed:position, in whole numbers")
        }
        return (seed, numbers.dropFirst().first ?? 0)
    }

    /// `--shard`: the kth of n.
    private static func shard(_ text: String?) throws(UsageError) -> (UInt64, of: UInt64) {
        guard let text else { return (0, 1) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let numbers = parts.compactMap(number)
        guard parts.count == 2, numbers.count == 2, numbers[0] >= 1, numbers[0] <= numbers[1] else {
            throw UsageError("invalid --shard value: '\(text.forTerminal)': not k/n such as 1/4, with k from 1 to n")
        }
        return (numbers[0] - 1, numbers[1])
    }

    private static func number(_ text: String) -> UInt64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
    }
}
