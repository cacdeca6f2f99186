import Addresses
import Packets
import SimulatedNetworks
import Testing

@Suite("Simulated networks: NAT") struct TranslationTests {
    private func quote(
        _ words: String, _ family: IPFamily, hops: UInt8 = 2, _ payload: IPPayload = udp()
    ) throws -> (network: SimulatedNetwork, bytes: [UInt8], fields: QuotedPacket) {
        var network = try SimulatedNetwork(parsing: "path prober gw r2 host\n\(words)")
        let answers = network.answers(to: payload, family, hops: hops)
        let answer = try #require(answers.first)
        #expect(answers.count == 1 && answer.isSound)
        return (network, try #require(answer.payload.icmp?.payload), try #require(answer.payload.quote))
    }

    @Test("a good NAT puts quotes back, as if it were not there", arguments: IPFamily.allCases)
    func mended(family: IPFamily) throws {
        for words in ["gw masquerades", "gw masquerades ports"] {
            let with = try quote(words, family)
            let without = try quote("", family)
            #expect(with.bytes == without.bytes)
        }
        for payload in [echo(family), udp()] {
            let with = try quote("gw masquerades ports", family, payload)
            #expect(with.bytes == (try quote("", family, payload)).bytes)
        }
    }

    @Test("a quote that is not put back shows address, port and checksum of the far side", arguments: IPFamily.allCases)
    func kept(family: IPFamily) throws {
        let (network, bytes, fields) = try quote("gw masquerades ports quotes kept", family)
        #expect(fields.source == network.address(of: "gw", family))
        #expect(fields.ports?.source == 56384)
        #expect(bytes != (try quote("", family)).bytes)
    }

    @Test("a quote that is put back but for the checksum shows that", arguments: IPFamily.allCases)
    func unsummed(family: IPFamily) throws {
        let (_, bytes, fields) = try quote("gw masquerades quotes unsummed", family)
        let original = try quote("", family).bytes
        let checksum = fields.transportOffset + 6..<fields.transportOffset + 8
        #expect(bytes[checksum] != original[checksum])
        #expect(bytes[..<checksum.lowerBound] == original[..<checksum.lowerBound])
        #expect(bytes[checksum.upperBound...] == original[checksum.upperBound...])
    }

    @Test("a rewritten identification stays so in a quote that is put back")
    func identification() throws {
        let (_, _, fields) = try quote("gw masquerades identification", .v4)
        #expect(fields.identification == 4737 && fields.source == SimulatedNetwork.prober(.v4))
    }

    @Test("what the host answers comes back through the NAT as if it were not there", arguments: IPFamily.allCases)
    func replies(family: IPFamily) throws {
        var network = try SimulatedNetwork(parsing: "path prober gw host\ngw masquerades ports\nhost opens udp")
        let datagram = try #require(network.answers(to: udp(53), family).first)
        guard case .udp(let header, _) = datagram.payload else {
            Issue.record("no datagram")
            return
        }
        #expect(header.destinationPort == 40000 && datagram.isSound)
        switch network.answers(to: echo(family), family).first?.payload {
        case .icmp(let message, _, _): #expect(message == .echoReply(identifier: 7, sequenceNumber: 1))
        case .icmpv6(let message, _, _): #expect(message == .echoReply(identifier: 7, sequenceNumber: 1))
        default: Issue.record("no echo reply")
        }
    }

    @Test("what a redirected host answers comes from the address that was asked", arguments: IPFamily.allCases)
    func redirection(family: IPFamily) throws {
        var network = try SimulatedNetwork(parsing: "path prober gw r2 host\ngw redirects host quotes kept")
        let gateway = network.address(of: "gw", family)
        #expect(network.answers(to: echo(family), for: "gw", family).map(\.source) == [gateway])
        let inside = try #require(network.answers(to: echo(family), for: "gw", family, hops: 2).first)
        #expect(inside.source == network.address(of: "r2", family))
        #expect(inside.payload.quote?.destination == network.address(of: "host", family))
    }
}
