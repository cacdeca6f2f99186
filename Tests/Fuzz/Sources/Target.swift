import Glibc

/// What is done with the bytes that the fuzzer makes. A trap, a read out of bounds, a hang or a broken promise ends it.
struct Target: Sendable {
    let name: String
    let test: @Sendable (RawSpan) -> Void

    init(_ name: String, _ test: @escaping @Sendable (RawSpan) -> Void) {
        self.name = name
        self.test = test
    }

    static let all = packets + payloads + links + parts + fragments + captures + text + traces + sweeps
        + expressions

    /// The one that `FUZZ_TARGET` names.
    static let chosen: Target = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = all.first(where: { $0.name == name }) else {
            for target in all { print(target.name) }
            exit(2)
        }
        return target
    }()
}

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeRawPointer?, _ arguments: UnsafeRawPointer?) -> CInt {
    _ = Target.chosen
    return 0
}

/// The bytes are libFuzzer's, for as long as the call takes.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    Target.chosen.test(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: count)))
    return 0
}
