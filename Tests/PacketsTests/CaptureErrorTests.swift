import Glibc
import Packets
import TestSupport
import Testing

@Suite struct CaptureErrorTests {
    private func error(_ file: [UInt8]) -> String? {
        parseError { () throws(ParseError) in _ = try CaptureDecoder.packets(of: file) }?.description
    }

    private func pcapng(_ bigEndian: Bool = false, _ build: (inout CaptureFields) -> Void) -> String? {
        var file = CaptureFields(bigEndian: bigEndian)
        file.sectionHeader()
        build(&file)
        return error(file.bytes)
    }

    @Test("nothing, and other things, are no capture")
    func noCapture() {
        #expect(error([]) == "capture: needs 4 bytes, has 0 (at byte 0)")
        #expect(error([0x0A, 0x0D]) == "capture: needs 4 bytes, has 2 (at byte 2)")
        #expect(error(bytes("45000054")) == "capture: unsupported magic number 0x45000054 (at byte 0)")
    }

    @Test("what classic captures may not say has the place where they say it")
    func pcap() {
        let file = CaptureFile.tcpdumpNanoseconds.bytes
        // As `editcap -F modpcap` writes it.
        let modified = bytes("34cdb2a1") + file.dropFirst(4)
        #expect(error(modified) == "pcap: unsupported modified format (magic number 0xa1b2cd34) (at byte 0)")
        #expect(error(changed(file, 4, 3)) == "pcap: unsupported version 3.4 (at byte 4)")
        #expect(error(changed(file, 22, 1)) == "pcap: unsupported link type 65537 (at byte 20)")
        #expect(error(changed(file, 34, 4)) == "pcap: impossible length of 262190 bytes (at byte 32)")
        #expect(error(Array(file.prefix(23))) == "pcap: needs 24 bytes, has 23 (at byte 23)")
        #expect(error(Array(file.prefix(39))) == "pcap: needs 16 bytes, has 15 (at byte 39)")
        #expect(error(Array(file.dropLast())) == "pcap: needs 62 bytes, has 61 (at byte 147)")
        #expect(error(Array(file.prefix(24))) == nil)
    }

    private func changed(_ file: [UInt8], _ index: Int, _ value: UInt8) -> [UInt8] {
        var file = file
        file[index] = value
        return file
    }

    @Test("the length of Ethernet's checksum is no part of the link type")
    func checksumLength() throws {
        let packets = try CaptureDecoder.packets(of: changed(CaptureFile.tcpdumpNanoseconds.bytes, 23, 0x24))
        #expect(packets.map(\.interface.linkType) == [.ethernet, .ethernet])
    }

    @Test("impossible lengths of blocks name the block", arguments: [false, true])
    func lengths(bigEndian: Bool) {
        for (type, name) in [(1, "interface description"), (2, "packet"), (3, "simple packet"), (6, "enhanced packet")]
        {
            for length in [0, 12, 0xFFFF_FFFC, (1 << 20) + 4, 33] as [UInt32] {
                let found = pcapng(bigEndian) { $0.block(UInt32(type), length: length) { _ in } }
                #expect(found == "pcapng \(name) block: impossible length of \(length) bytes (at byte 32)")
            }
        }
        let other = pcapng(bigEndian) { $0.block(5, length: 8) { _ in } }
        #expect(other == "pcapng block: impossible length of 8 bytes (at byte 32)")
    }

    @Test("a block ends with the length with which it begins")
    func trailers() {
        let packet = pcapng { file in
            file.interface()
            file.packet(units: 0)
            file.bytes[file.bytes.count - 4] = 0
        }
        #expect(packet == "pcapng enhanced packet block: impossible length of 0 bytes (at byte 80)")
        let other = pcapng { file in
            file.block(0x8000_0000) { $0.add(UInt64(0)) }
            file.bytes[file.bytes.count - 4] = 0
        }
        #expect(other == "pcapng block: impossible length of 0 bytes (at byte 44)")
    }

    @Test("a block of no interest may be of any length, but must end")
    func unending() {
        let found = pcapng { file in
            file.bytes += [5, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 5_000)
        }
        #expect(found == "pcapng block: needs 4294967292 bytes, has 5008 (at byte 5036)")
    }

    @Test("a packet can't be longer than its block, or than packets are")
    func packetLengths() {
        for length in [17, 262_145, .max] as [UInt32] {
            let enhanced = pcapng { file in
                file.interface()
                file.block(6) { block in
                    block.add(UInt32(0), UInt64(0), length, length)
                    block.bytes += [UInt8](repeating: 0, count: 16)
                }
            }
            #expect(enhanced == "pcapng enhanced packet block: impossible length of \(length) bytes (at byte 68)")
            let simple = pcapng { file in
                file.interface()
                file.block(3) { block in
                    block.add(length)
                    block.bytes += [UInt8](repeating: 0, count: 16)
                }
            }
            #expect(simple == "pcapng simple packet block: impossible length of \(length) bytes (at byte 56)")
        }
    }

    @Test("packets come from interfaces that their own section describes")
    func interfaces() {
        let none = pcapng { $0.packet(units: 0) }
        #expect(none == "pcapng enhanced packet block: no description of interface 0 (at byte 36)")
        let other = pcapng { file in
            file.interface()
            file.sectionHeader()
            file.packet(interface: .max, units: 0)
        }
        #expect(other == "pcapng enhanced packet block: no description of interface 4294967295 (at byte 84)")
        let simple = pcapng { file in file.block(3) { $0.add(UInt32(0)) } }
        #expect(simple == "pcapng simple packet block: no description of interface 0 (at byte 28)")
    }

    @Test("options stay within their block, and numbers in them have their length")
    func options() {
        let long = pcapng { file in
            file.block(1) { $0.add(UInt32(1), UInt32(0), UInt16(2), UInt16(5), UInt32(0)) }
        }
        #expect(long == "pcapng interface description block: impossible length of 5 bytes (at byte 46)")
        let resolution = pcapng { $0.interface(options: [(9, [6, 6])]) }
        #expect(resolution == "pcapng interface description block: impossible length of 2 bytes (at byte 46)")
        let offset = pcapng { $0.interface(options: [(14, [])]) }
        #expect(offset == "pcapng interface description block: impossible length of 0 bytes (at byte 46)")
    }

    @Test("a section of another version or byte order can't be read")
    func versions() {
        let version = pcapng { $0.sectionHeader(major: 2, minor: 1) }
        #expect(version == "pcapng section header block: unsupported version 2.1 (at byte 40)")
        let order = pcapng { $0.block(0x0A0D_0D0A) { $0.add(UInt64(0), UInt64(0)) } }
        #expect(order == "pcapng section header block: unsupported byte-order magic (at byte 36)")
    }

    @Test("after an error there is no way on")
    func again() throws {
        var decoder = CaptureDecoder()
        decoder.append(
            Array(CaptureFile.editcapComment.bytes.prefix(240)) + [0, 0, 0, 0, 1, 2, 3, 4]
                + CaptureFile.generatorSections.bytes)
        _ = try decoder.next()
        #expect(decoder.format == .pcapng)
        var found: [String] = []
        for _ in 0..<2 {
            do { _ = try decoder.next() } catch { found.append(error.description) }
        }
        #expect(found == Array(repeating: "pcapng block: impossible length of 67305985 bytes (at byte 244)", count: 2))
    }
}

/// No bytes stop the program: a trap would end the test run.
@Suite struct HostileCaptureTests {
    /// Reads as far as it goes, in pieces; says how many packets there were, none of them longer than the file.
    private func survives(_ file: [UInt8], size: Int = .max) -> Bool {
        var decoder = CaptureDecoder()
        var sound = true
        for start in stride(from: 0, to: file.count, by: min(size, max(file.count, 1))) {
            decoder.append(Array(file[start..<min(file.count, start + min(size, file.count))]))
            while let packet = try? decoder.next() {
                sound = sound && packet.bytes.count <= file.count && packet.originalLength >= packet.bytes.count
            }
        }
        _ = try? decoder.finish()
        return sound
    }

    @Test("a capture cut anywhere is read up to there", arguments: CaptureFile.all)
    func cut(file: CaptureFile) throws {
        let file = file.bytes
        let whole = try CaptureDecoder.packets(of: file)
        for length in file.indices {
            var decoder = CaptureDecoder()
            decoder.append(Array(file.prefix(length)))
            var packets: [CapturedPacket] = []
            while let packet = try decoder.next() { packets.append(packet) }
            #expect(whole.starts(with: packets))
        }
    }

    @Test("any byte damaged does no harm", arguments: CaptureFile.all)
    func flipped(file: CaptureFile) {
        let file = file.bytes
        for index in file.indices {
            for value in [~file[index], file[index] ^ 1, 0x00, 0xFF] {
                var damaged = file
                damaged[index] = value
                if !survives(damaged) { Issue.record("byte \(index) as \(value)") }
            }
        }
    }

    @Test(
        "random bytes do no harm, behind heads that let them in",
        arguments: [
            [], bytes("0a0d0d0a"), Array(CaptureFile.tcpdumpNanoseconds.bytes.prefix(24)),
            Array(CaptureFile.editcapComment.bytes.prefix(140)),
        ])
    func random(head: [UInt8]) {
        var random = SplitMix64(seed: 50)
        for _ in 0..<5_000 {
            let block: [UInt8] =
                [[], [1, 0, 0, 0, 40, 0, 0, 0], [6, 0, 0, 0, 60, 0, 0, 0]].randomElement(using: &random) ?? []
            let file = head + block + random.bytes(random.below(90))
            if !survives(file, size: 1 + random.below(40)) { Issue.record("\(file)") }
        }
    }

    @Test("the time for very many interfaces grows with their number only")
    func manyInterfaces() throws {
        // Eight times as many: 8 times the time, or 64 if each copied those before it.
        let few = try time(interfaces: 5_000)
        #expect(try time(interfaces: 40_000) < 16 * few)
    }

    /// Seconds that this thread computes.
    private func time(interfaces: Int) throws -> Double {
        var file = CaptureFields()
        file.sectionHeader()
        let start = file.bytes.count
        file.interface()
        file.bytes += Array(repeatElement(file.bytes[start...], count: interfaces - 1).joined())
        file.packet(interface: UInt32(interfaces - 1), units: 1)
        var (before, after) = (timespec(), timespec())
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
        #expect(try CaptureDecoder.packets(of: file.bytes).map(\.interface.index) == [interfaces - 1])
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
        return Double(after.tv_sec - before.tv_sec) + Double(after.tv_nsec - before.tv_nsec) / 1e9
    }
}
