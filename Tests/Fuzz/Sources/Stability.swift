import Packets

/// What must hold of any bytes that can be read: what they mean is written, read again as the same, and written again
/// alike.
///
/// What is read first need not be equal: bytes that mean nothing, such as an option list's padding, are not kept.
func expectStable<Value: Equatable>(
    _ bytes: RawSpan, parse: (RawSpan) throws -> Value, length: (Value) -> Int,
    serialize: (Value, inout OutputRawSpan) -> Void
) {
    guard let first = try? parse(bytes) else { return }
    let written = Packets.serialized(capacity: length(first)) { serialize(first, &$0) }
    guard let second = try? parse(written.span.bytes) else { fatalError("what was written can't be read") }
    precondition(length(second) == written.count, "the length is not that of the bytes")
    let writtenAgain = Packets.serialized(capacity: length(second)) { serialize(second, &$0) }
    precondition(writtenAgain == written, "what was read again is written otherwise")
    guard let third = try? parse(writtenAgain.span.bytes) else { fatalError("what was written twice can't be read") }
    precondition(third == second, "what was written again is read otherwise")
}
