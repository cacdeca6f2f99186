/// The bytes that `write` appends, as an array: for tests, and wherever a buffer of one's own is too much to ask.
///
/// ```swift
/// let bytes = serialized(capacity: 1500) { header.serialize(into: &$0, payloadLength: 0) }
/// ```
///
/// - Parameters:
///   - capacity: how many bytes there is room for. Appending more is the caller's bug, and stops the program.
///   - write: appends to the span that it is given.
public func serialized<Failure: Error>(
    capacity: Int = 65_535, _ write: (inout OutputRawSpan) throws(Failure) -> Void
) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: capacity)
    var span = bytes.mutableSpan
    var storage = span.mutableBytes
    let written = try storage.withUnsafeMutableBytes { buffer throws(Failure) in
        // Safe: the span lives no longer than this closure, which has the buffer for itself.
        var output = OutputRawSpan(buffer: buffer, initializedCount: 0)
        try write(&output)
        return output.finalize(for: buffer)
    }
    bytes.removeLast(capacity - written)
    return bytes
}
