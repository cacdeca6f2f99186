import Addresses
import Privileges
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// The targets of a sweep: words become addresses, many of them looked up at once, and are probed in the order in which
/// they were given.
final class SweepTargetSource: SweepSupply {
    private(set) var unknownNames = 0
    private let family: IPFamily?
    private let naming: SweepNaming
    private let takesRanges: Bool
    private let names: SweepNames
    private let excluded: (ipv4: AddressSet<IPv4Address>, ipv6: AddressSet<IPv6Address>)?
    private let resolver = NameResolver()
    private var words: SweepWords
    /// A range, and how many of its addresses have been taken.
    private var range: (SweepRange, next: UInt64)?
    /// What has been read and can't be probed yet, or not before what was read earlier.
    private var waiting: [Waiting] = []
    /// The first that waits, or there is nothing to read, keeps all others from being probed.
    private var isStuck = false

    /// So many words wait at most for what is looked up.
    private static let mostWaiting = 64
    /// The longest name that can be looked up (RFC 1035 §2.3.4).
    private static let longestName = 255

    /// Something that is looked up.
    private enum Waiting {
        /// The addresses of a name.
        case name(String)
        /// The names of addresses, all called by one word.
        case addresses([ZonedAddress], word: String?)
        /// Nothing more is to be found out.
        case unknown(String, reason: String)
    }

    init(_ request: SweepRequest, _ privileges: borrowing ParkedPrivileges, names: SweepNames) throws {
        self.names = names
        family = request.family
        naming = request.naming
        takesRanges = !request.display.isFping
        words = try SweepWords(request, privileges)
        if case .range(let range) = request.targets { self.range = (range, 0) }
        guard let file = request.exclusions else {
            excluded = nil
            return
        }
        let lists = try SweepAddressLists(file: file, privileges)
        excluded = (AddressSet(lists.ipv4), AddressSet(lists.ipv6))
    }

    // MARK: - What is waited for

    var hasTargetsAtHand: Bool { !isStuck }
    var inputDescriptor: FileDescriptor? { waiting.count < Self.mostWaiting ? words.descriptor : nil }
    var background: [FileDescriptor] { resolver.isBusy ? [resolver.fileDescriptor].compactMap(\.self) : [] }
    var wakeUp: MonotonicTime? { resolver.isBusy ? resolver.wakeUp : nil }

    func isWanted(by session: borrowing SweepSession) -> Bool { session.wantsTargets }

    // MARK: - Targets

    func supply(
        at now: MonotonicTime, _ session: inout SweepSession,
        unknown: (_ name: String, _ reason: String) throws(OutputError) -> Void
    ) throws(OutputError) {
        if resolver.isBusy { resolver.process() }
        isStuck = false
        while session.wantsTargets, !isStuck {
            let hasMore = readAhead(into: &session, at: now)
            guard let first = waiting.first else {
                if !hasMore { session.endTargets() }
                isStuck = hasMore && range == nil && words.descriptor != nil
                if !hasMore || isStuck { return }
                continue
            }
            switch first {
            case .unknown(let name, let reason):
                unknownNames += 1
                waiting.removeFirst()
                try unknown(name, reason)
            case .name(let name):
                guard let found = resolver.addresses(of: name, family: family) else {
                    isStuck = true
                    continue
                }
                if !isWaitedForAgain(name) { resolver.forgetAddresses(of: name, family: family) }
                take(found, of: name)
            case .addresses(let addresses, let word):
                guard let reverseNames = reverseNames(of: addresses) else {
                    isStuck = true
                    continue
                }
                waiting.removeFirst()
                for (address, name) in zip(addresses, reverseNames) {
                    add(address, called: label(word, name, address), to: &session, at: now)
                }
            }
        }
    }

    /// Reads words until as many wait as may; those that need no looking up are added at once, if none waits before
    /// them.
    /// - Returns: whether there is, or will be, more.
    private func readAhead(into session: inout SweepSession, at now: MonotonicTime) -> Bool {
        while session.wantsTargets, waiting.count < Self.mostWaiting {
            if let (range, next) = range {
                guard next < range.count else {
                    self.range = nil
                    continue
                }
                self.range = (range, next + 1)
                guard let address = try? ZonedAddress(address: range[next], zone: range.zone) else { continue }
                take(address, word: nil, into: &session, at: now)
                continue
            }
            switch words.next() {
            case .word(let word): take(word, into: &session, at: now)
            case .fault(let place, let reason): waiting.append(.unknown(place, reason: reason))
            case .later: return true
            case .end: return range != nil
            }
        }
        return true
    }

    private func take(_ word: String, into session: inout SweepSession, at now: MonotonicTime) {
        do throws(UsageError) {
            switch try SweepWord(word, withRanges: takesRanges) {
            case .address(let address):
                try check(address.address, zone: address.zone)
                take(address, word: word, into: &session, at: now)
            case .range(let range):
                try range.checkCount(word)
                try check(range.first, zone: range.zone)
                self.range = (range, 0)
            case .name(let name):
                guard name.utf8.count <= Self.longestName, name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
                    return waiting.append(.unknown(word, reason: HostLookUpFailure.unknownName.description))
                }
                resolver.lookUpAddresses(of: name, family: family)
                waiting.append(.name(name))
            }
        } catch {
            waiting.append(.unknown(word, reason: "\(error)"))
        }
    }

    /// Says what getaddrinfo(3) says of addresses that can't be meant.
    private func check(_ address: IPAddress, zone: String?) throws(UsageError) {
        guard family == nil || address.family == family else {
            throw UsageError("Address family for hostname not supported")
        }
        if let zone, Self.scopeID(zone) == nil { throw UsageError("\(HostLookUpFailure.unknownName)") }
    }

    /// The index of an interface, by its name or by that.
    private static func scopeID(_ zone: String) -> UInt32? { UInt32(zone) ?? NetworkInterface.index(name: zone) }

    private func take(
        _ address: ZonedAddress, word: String?, into session: inout SweepSession, at now: MonotonicTime
    ) {
        guard naming.reverse == .none else {
            resolver.lookUpName(of: address.address)
            return waiting.append(.addresses([address], word: word))
        }
        guard waiting.isEmpty else { return waiting.append(.addresses([address], word: word)) }
        add(address, called: label(word, nil, address), to: &session, at: now)
    }

    /// What was found of the first that waits.
    private func take(_ found: HostLookUp, of name: String) {
        switch found {
        case .failed(let failure): waiting[0] = .unknown(name, reason: failure.description)
        case .found(let addresses):
            let wanted = addresses.prefix(naming.probesAll ? addresses.count : 1).map { ZonedAddress($0) }
            if naming.reverse == .all {
                for address in wanted { resolver.lookUpName(of: address.address) }
            }
            waiting[0] = .addresses(wanted, word: name)
        }
    }

    /// The names that were looked up of addresses, `nil` for each that has none or was not; `nil` as long as one of
    /// them is.
    private func reverseNames(of addresses: [ZonedAddress]) -> [String?]? {
        var found: [String?] = []
        for address in addresses {
            switch resolver.name(of: address.address) {
            case .pending: return nil
            case .found(let name): found.append(name)
            case .none: found.append(nil)
            }
        }
        for address in addresses where !isWaitedForAgain(address) { resolver.forgetName(of: address.address) }
        return found
    }

    // Whoever is given twice is asked twice, and looked up once.

    private func isWaitedForAgain(_ name: String) -> Bool {
        waiting.dropFirst().contains { if case .name(name) = $0 { true } else { false } }
    }

    private func isWaitedForAgain(_ address: ZonedAddress) -> Bool {
        waiting.dropFirst().contains { waiting in
            guard case .addresses(let others, _) = waiting else { return false }
            return others.contains { $0.address == address.address }
        }
    }

    /// What a target is called, where that is not its address: as fping(8) has it.
    private func label(_ word: String?, _ reverseName: String?, _ address: ZonedAddress) -> String? {
        let isLookedUp =
            switch naming.reverse {
            case .none: false
            case .addresses: word.map { SweepWord.address($0) != nil } ?? true
            case .all: true
            }
        let numeric = "\(address)"
        let name = isLookedUp ? reverseName ?? numeric : word ?? numeric
        guard naming.showsAddresses else { return name }
        return naming.reverse == .none ? numeric : "\(name) (\(numeric))"
    }

    private func add(
        _ address: ZonedAddress, called label: String?, to session: inout SweepSession, at now: MonotonicTime
    ) {
        switch address.address {
        case .v4(let address): if excluded?.ipv4.contains(address) ?? false { return }
        case .v6(let address): if excluded?.ipv6.contains(address) ?? false { return }
        }
        let scopeID = address.zone.flatMap(Self.scopeID) ?? 0
        let number = session.add(address.address, scopeID: scopeID, at: now)
        // Most are called by their address, which nobody has to remember.
        names.add(number, address.address, called: label == address.address.description ? nil : label)
    }
}
