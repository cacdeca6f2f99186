import Addresses
import Privileges
import Probing
import SystemPackage

/// Addresses, prefixes and ranges of both families, from a file or the command line.
struct SweepAddressLists {
    private(set) var ipv4: [AddressRange<IPv4Address>] = []
    private(set) var ipv6: [AddressRange<IPv6Address>] = []

    init(_ ranges: [SweepRange] = []) { for range in ranges { add(range) } }

    /// Reads a file with any number of them on each line.
    /// - Throws: ``UsageError`` that names the first line that is wrong: half a list is worse than none.
    init(file name: String, _ privileges: borrowing ParkedPrivileges) throws {
        let file: InputFile
        do throws(InputFile.Failure) {
            file = try privileges.raising(.readFiles) { () throws(InputFile.Failure) in try InputFile(name) }
        } catch {
            throw SweepFailure("\(error)")
        }
        defer { file.close() }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var lines = BoundedLines()
        while true {
            let count: Int
            do throws(InputFile.Failure) {
                count = try file.read(into: &buffer)
            } catch {
                throw SweepFailure("\(error)")
            }
            let next = count > 0 ? lines.read(buffer[..<count]) : [lines.end()].compactMap(\.self)
            for line in next { try take(line, file.name) }
            if count == 0 { return }
        }
    }

    private mutating func take(_ line: BoundedLines.Line, _ file: String) throws(UsageError) {
        let place = "\(file.forTerminal):\(line.number)"
        guard let words = line.words else { throw UsageError("\(place): longer than \(BoundedLines.longest) bytes") }
        for word in words {
            do throws(UsageError) {
                add(try SweepScanRequest.range(String(decoding: word, as: UTF8.self), family: nil))
            } catch {
                throw UsageError("\(place): \(error)")
            }
        }
    }

    private mutating func add(_ range: SweepRange) {
        switch (range.first, range.last) {
        case (.v4(let first), .v4(let last)): ipv4 += [AddressRange(first: first, last: last)].compactMap(\.self)
        case (.v6(let first), .v6(let last)): ipv6 += [AddressRange(first: first, last: last)].compactMap(\.self)
        default: return
        }
    }
}

extension ScanConfiguration {
    /// What a scan asks for, without what is excluded and what is reserved.
    init(_ scan: SweepScanRequest, _ request: SweepRequest, _ privileges: borrowing ParkedPrivileges) throws {
        var asked = SweepAddressLists(scan.ranges)
        if case .file(let name) = request.targets { asked = try SweepAddressLists(file: name, privileges) }
        var excluded = SweepAddressLists()
        if let name = request.exclusions { excluded = try SweepAddressLists(file: name, privileges) }

        let isReserved = !scan.includesReserved
        var ipv4 = AddressSet(asked.ipv4).subtracting(AddressSet(excluded.ipv4))
        var ipv6 = AddressSet(asked.ipv6).subtracting(AddressSet(excluded.ipv6))
        if request.family == .v6 { ipv4 = AddressSet() }
        if request.family == .v4 { ipv6 = AddressSet() }
        let isEmpty = ipv4.isEmpty && ipv6.isEmpty
        if isReserved {
            // A block is left out of those ranges only that hold more than it.
            let meant4 = asked.ipv4.map { AddressSet([$0]).subtracting(ReservedAddresses.within($0)) }
            let meant6 = asked.ipv6.map { AddressSet([$0]).subtracting(ReservedAddresses.within($0)) }
            let left4 = AddressSet(meant4.flatMap(\.ranges))
            let left6 = AddressSet(meant6.flatMap(\.ranges))
            ipv4 = ipv4.subtracting(ipv4.subtracting(left4))
            ipv6 = ipv6.subtracting(ipv6.subtracting(left6))
        }
        guard !ipv4.isEmpty || !ipv6.isEmpty else {
            throw UsageError(
                isEmpty
                    ? "nothing is left to scan"
                    : "all of it is reserved, multicast or broadcast: --include-reserved scans that too")
        }
        self.init(ipv4: ipv4, ipv6: ipv6, seed: scan.seed)
        position = scan.position
        shard = scan.shard
        shards = scan.shards
        rate = scan.rate
        attempts = UInt64(scan.attempts)
        timeout = scan.timeout
        guard let count = addressCount else {
            throw UsageError("more than 2^63 addresses are too many even for --scan")
        }
        guard position <= count * attempts else {
            throw UsageError("--seed: the position \(position) is behind the last of \(count * attempts) probes")
        }
    }
}
