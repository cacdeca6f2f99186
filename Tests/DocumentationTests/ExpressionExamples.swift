import Packets
import Testing

/// The example of the page on packet expressions, as it stands there.
@Suite struct ExpressionExamples {
    @Test("eight packets, and what only the first of them is like")
    func packets() throws {
        var lines: [String] = []
        func print(_ parts: Any...) { lines.append(parts.map { "\($0)" }.joined(separator: " ")) }

        let expression = try PacketExpression(#"ipv4(dst=198.18.0.2,ttl=1-8)/icmp.echo(id=7)/"hello""#)
        for number in 0..<expression.count {
            let packet = expression.packet(number: number)
            print(packet.count, packet[8])
        }
        let pattern = try PacketPattern("icmp.timeexceeded/ipv4(ttl=1)")
        print(pattern.matches(expression.packet(number: 0)))
        #expect(lines == (1...8).map { "33 \($0)" } + ["false"])
    }
}
