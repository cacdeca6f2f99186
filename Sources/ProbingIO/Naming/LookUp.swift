/// How a look-up stands.
public enum LookUp<Value> {
    /// The answer may still come.
    case pending
    /// This is the answer.
    case found(Value)
    /// There is no answer, and none is waited for.
    case none

    /// Whether the answer may still come.
    public var isPending: Bool {
        if case .pending = self { true } else { false }
    }

    /// The answer, as far as there is one.
    public var value: Value? {
        if case .found(let value) = self { value } else { nil }
    }

    /// The same look-up, of what `transform` makes of its answer; `nil` for nothing.
    public func map<Other>(_ transform: (Value) -> Other?) -> LookUp<Other> {
        switch self {
        case .pending: .pending
        case .found(let value): transform(value).map { .found($0) } ?? .none
        case .none: .none
        }
    }
}

extension LookUp: Sendable where Value: Sendable {}
extension LookUp: Equatable where Value: Equatable {}
