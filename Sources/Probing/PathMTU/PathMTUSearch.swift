/// The search for the largest size that gets to a hop, among sizes of which the smallest does and the largest does not.
struct PathMTUSearch: Sendable {
    let hop: UInt8
    /// The sizes to try next.
    private(set) var sizes: [Int]
    /// The largest that got there; `nil` until any did.
    private var passed: Int?
    /// The smallest that did not.
    private var tooLarge: Int
    private let minimum: Int

    /// What links take: of tunnels, rings and old networks (RFC 1191 section 7.1 has many).
    private static let common = [
        508, 576, 1006, 1280, 1300, 1350, 1380, 1400, 1420, 1436, 1454, 1460, 1464, 1472, 1476, 1480, 1492, 1500, 2002,
        4352, 8166, 9000, 17914, 32000,
    ]
    /// How many sizes are tried at once where no guess is better than another.
    private static let width = 8

    /// - Parameters:
    ///   - minimum: a size that every link takes.
    ///   - tooLarge: a size that does not get there.
    init(hop: UInt8, minimum: Int, tooLarge: Int) {
        self.hop = hop
        self.minimum = minimum
        self.tooLarge = tooLarge
        sizes = [minimum] + Self.common.filter { $0 > minimum && $0 < tooLarge }
    }

    /// The largest size that gets there, once it is known.
    var result: Int? { passed.flatMap { $0 + 1 >= tooLarge ? $0 : nil } }

    /// Whether not even the smallest size gets there.
    private(set) var hasFailed = false

    /// Takes in what became of the sizes, and chooses the next.
    mutating func take(_ outcomes: [PathMTUTrials.Outcome]) {
        let largest = outcomes.filter(\.hasPassed).map(\.size).max()
        guard let largest = [largest, passed].compactMap({ $0 }).max() else {
            hasFailed = true
            return
        }
        passed = largest
        // A smaller size that was lost says nothing beside a larger one that was not.
        tooLarge = outcomes.filter { !$0.hasPassed && $0.size > largest }.map(\.size).min() ?? tooLarge
        let claims = outcomes.compactMap(\.complaint).map { Int($0.size) }
        let step = Double(tooLarge - largest) / Double(Self.width + 1)
        let spread = (1...Self.width).map { largest + Int((Double($0) * step).rounded()) }
        // The next size above the largest decides whether that is the one.
        let candidates = Set(spread + claims + claims.map { $0 + 1 } + [largest + 1])
        sizes = candidates.filter { $0 > largest && $0 < tooLarge }.sorted()
    }
}
