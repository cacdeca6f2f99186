/// A number in the form in which IGMP and MLD squeeze long times into short fields (RFC 9776 section 4.1,
/// RFC 9777 section 5.1): as it is while the highest bit is 0, otherwise three bits of exponent and the
/// rest mantissa.
///
/// The eight bits of IGMP and of both query intervals reach 31,744; the sixteen of MLD's response time 8,387,584. The
/// field says in which unit.
public struct ExponentialCode<Code: FixedWidthInteger & UnsignedInteger & Sendable>: RawRepresentable, Hashable,
    Sendable
{
    /// The code as on the wire.
    public let rawValue: Code

    /// Takes any code.
    public init(rawValue: Code) {
        self.rawValue = rawValue
    }

    /// The code of the largest number that is not above `value`; 0 for less, and the highest code for more than it can
    /// say.
    public init(roundingDown value: Int) {
        rawValue = Self.code(notAbove: value)
    }

    /// The number that the code stands for.
    public var value: Int {
        let code = Int(rawValue)
        guard code >= Self.implicitBit << Self.bias else { return code }
        let exponent = code >> Self.mantissaBits & 7
        return (code & (Self.implicitBit - 1) | Self.implicitBit) << (exponent + Self.bias)
    }

    private static func code(notAbove value: Int) -> Code {
        let firstExponential = implicitBit << bias
        guard value >= firstExponential else { return Code(max(0, value)) }
        let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount - mantissaBits
        guard exponent <= bias + 7 else { return .max }
        let mantissa = value >> exponent & (implicitBit - 1)
        return Code(firstExponential | (exponent - bias) << mantissaBits | mantissa)
    }

    private static var mantissaBits: Int { Code.bitWidth - 4 }
    private static var implicitBit: Int { 1 << mantissaBits }
    private static var bias: Int { 3 }
}
