import Packets
import Testing

/// Other people's bytes: every vector, whole, cut and damaged.
@Suite struct VectorTests {
    @Test("every vector is read, with the error that was meant or none, and written as it was", arguments: Vector.all)
    func roundTrip(_ vector: Vector) throws {
        let dissection = try vector.dissect(vector.bytes)
        #expect(dissection.error.map { "\($0)" } == vector.error)
        #expect(dissection.written == vector.bytes)
    }

    @Test("every vector's line is tcpdump's, but for what is known", arguments: Vector.all)
    func line(_ vector: Vector) throws {
        #expect(try vector.dissect(vector.bytes).description == vector.expectedLine)
    }

    @Test(
        "the fields of every vector lie within their layer, and no byte of a header is left out", arguments: Vector.all)
    func fields(_ vector: Vector) throws {
        let layers = try vector.dissect(vector.bytes).layers
        #expect(layers.map(\.bytes.lowerBound) == layers.map(\.bytes.lowerBound).sorted())
        for layer in layers { expectInside(layer) }
        #expect(layers.first?.bytes.lowerBound == 0)
        #expect(layers.last?.bytes.upperBound ?? 0 <= vector.bytes.count)
    }

    private func expectInside(_ field: Field) {
        for part in field.fields {
            #expect(field.bytes.contains(part.bytes) || part.bytes.isEmpty, "\(part.name) in \(field.name)")
            expectInside(part)
        }
    }

    @Test(
        "every vector cut at every length is read or refused, and what is read is written and read again alike",
        arguments: Vector.all)
    func cut(_ vector: Vector) {
        for length in 0...vector.bytes.count {
            expectStable(vector, Array(vector.bytes.prefix(length)), "cut to \(length)")
        }
    }

    @Test(
        "every vector with any byte damaged is read or refused, and what is read is written and read again alike",
        arguments: Vector.all)
    func flipped(_ vector: Vector) {
        for index in vector.bytes.indices {
            for value in [~vector.bytes[index], vector.bytes[index] ^ 1, 0x00, 0xFF] {
                var damaged = vector.bytes
                damaged[index] = value
                expectStable(vector, damaged, "byte \(index) as \(value)")
            }
        }
    }

    /// A trap would end the run. What else must hold: the description and the fields of what has been written are those
    /// of what has been read.
    private func expectStable(_ vector: Vector, _ bytes: [UInt8], _ damage: String) {
        guard let first = try? vector.dissect(bytes) else { return }
        guard let second = try? vector.dissect(first.written) else {
            Issue.record("\(damage): what was written can't be read")
            return
        }
        if second.description != first.description || second.written != first.written { Issue.record("\(damage)") }
    }
}
