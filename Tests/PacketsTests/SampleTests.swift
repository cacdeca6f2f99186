import PacketSamples
import Packets
import TestSupport
import Testing

@Suite struct SampleTests {
    @Test("a random packet of every format is read as it was written", arguments: PacketFormat.all)
    func roundTrip(_ format: PacketFormat) throws {
        var random = SplitMix64(seed: 40)
        for _ in 0..<1_000 {
            let packet = format.sample(&random)
            #expect(try packet.parsing(packet.bytes) == packet)
        }
    }
}
