/// The search for the largest size that gets to a hop, among sizes of which the smallest does and the largest does not.
///
/// Few sizes are tried at once: routers may answer no more than a few probes a second, and those that get through have
/// to be answered. What is found is tried once more: by then a good many probes have been lost, one of them maybe by
/// chance.
struct PathMTUSearch: Sendable {
    let hop: UInt8
    /// The largest size known to get there.
    private(set) var passed: Int
    /// The smallest that seems not to.
    private(set) var tooLarge: Int
    /// The smallest that seemed not to at first.
    private let limit: Int
    private var isConfirmed = false
    /// Sizes that a router said would do.
    private var claims: [Int] = []

    /// What links take: of tunnels, rings and old networks (RFC 1191 §7.1 has many).
    private static let common = [
        508, 576, 1006, 1280, 1300, 1350, 1380, 1400, 1420, 1436, 1454, 1460, 1464, 1472, 1476, 1480, 1492, 1500, 2002,
        4352, 8166, 9000, 17914, 32000,
    ]
    /// How many sizes are tried at once.
    private static let width = 3

    /// - Parameters:
    ///   - passed: a size that gets there.
    ///   - tooLarge: a size that does not.
    init(hop: UInt8, passed: Int, tooLarge: Int) {
        self.hop = hop
        self.passed = passed
        (self.tooLarge, limit) = (tooLarge, tooLarge)
    }

    /// The largest size that gets there, once it is known; it may be the one that seemed not to.
    var result: Int? { isConfirmed ? passed : nil }

    /// Whether only one size is left, which is tried once more.
    var isFound: Bool { passed + 1 >= tooLarge }

    /// The sizes to try next, ascending.
    var sizes: [Int] {
        if isFound { return [passed + 1] }
        // The next larger size decides whether a common one is the one.
        let guess = claims + (Self.common + claims).filter { $0 == passed }.map { $0 + 1 }
        let common = Self.common.filter(isOpen)
        return Set(guess.filter(isOpen) + (common.isEmpty ? spread : Self.some(of: common))).sorted()
    }

    /// Takes in what became of the sizes.
    mutating func take(_ outcomes: [PathMTUTrials.Outcome]) {
        guard !outcomes.isEmpty else { return }
        let wasFound = isFound
        passed = outcomes.filter { $0.fate == .passed }.map(\.size).reduce(passed, max)
        if wasFound {
            isConfirmed = passed < tooLarge || passed >= limit
            if !isConfirmed { tooLarge = limit }
            return
        }
        // A smaller size that was lost says nothing beside a larger one that was not.
        tooLarge = outcomes.filter { $0.fate != .passed && $0.size > passed }.map(\.size).reduce(tooLarge, min)
        claims = outcomes.compactMap(\.complaint).map { Int($0.size) }
    }

    private func isOpen(_ size: Int) -> Bool { size > passed && size < tooLarge }

    /// Sizes that divide what is open evenly.
    private var spread: [Int] {
        Set((1...Self.width).map { passed + (tooLarge - passed) * $0 / (Self.width + 1) }).filter(isOpen)
    }

    /// As many of these as are tried at once, at even distances.
    private static func some(of sizes: [Int]) -> [Int] {
        guard sizes.count > width else { return sizes }
        return (1...width).map { sizes[sizes.count * $0 / (width + 1)] }
    }
}
