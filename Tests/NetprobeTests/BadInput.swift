import Testing

/// Arguments with which nothing can begin, and what has to be said about them.
struct BadInput: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    /// Names what is wrong, and where there is a choice what would be right.
    let says: String

    init(_ arguments: String..., says: String) { (self.arguments, self.says) = (arguments, says) }

    /// Rows that differ in the value of one option only, asked of 127.0.0.1.
    static func values(of option: String, _ values: String..., says: String) -> [BadInput] {
        values.map { BadInput(option, $0, "127.0.0.1", says: says) }
    }

    var testDescription: String { arguments.map { "'\($0)'" }.joined(separator: " ") }

    static let destinations = [
        BadInput(says: "Destination address required"),
        BadInput("--", says: "Destination address required"),
        BadInput("-c", "1", says: "Destination address required"),
        BadInput("", says: "'': "),
        BadInput("", "127.0.0.1", says: "'': "),
        BadInput("-", says: "-: "),
        BadInput("--", "-c", says: "-c: "),
        BadInput("nosuchhost.invalid", says: "nosuchhost.invalid: "),
        BadInput("1.2.3.256", says: "1.2.3.256: "),
        BadInput("1.2.3.4.5", says: "1.2.3.4.5: "),
        BadInput("127.0.0.1 ", says: "127.0.0.1 : "),
        BadInput("127.0.0.1%lo", says: "127.0.0.1%lo: "),
        BadInput("::g", says: "::g: "),
        BadInput("1::2::3", says: "1::2::3: "),
        BadInput("::1%", says: "::1%: "),
        BadInput("fe80::1%nope", says: "fe80::1%nope: "),
        BadInput("fe80::1", says: "fe80::1%eth0 or -I eth0"),
        BadInput("ff02::1", says: "ff02::1%eth0 or -I eth0"),
        // The network that the tests are in has no routes.
        BadInput("198.18.0.1", says: "Network is unreachable"),
        BadInput("2001:db8::1", says: "Network is unreachable"),
        // As inet_aton(3) reads it, 1.2.0.3.
        BadInput("1.2.3", says: "Network is unreachable"),
    ]

    static let families = [
        BadInput("-4", "::1", says: "::1: Address family for hostname not supported"),
        BadInput("-6", "127.0.0.1", says: "127.0.0.1: Address family for hostname not supported"),
        BadInput("-4", "-6", "localhost", says: "only one -4 or -6 option"),
        BadInput("-6", "-R", "localhost", says: "-R is for IPv4 only"),
        BadInput("-6", "-T", "tsonly", "localhost", says: "-T is for IPv4 only"),
        BadInput("-4", "-F", "1", "localhost", says: "-F is for IPv6 only"),
        BadInput("-F", "1", "127.0.0.1", says: "127.0.0.1: Address family for hostname not supported"),
        BadInput("-R", "::1", says: "::1: Address family for hostname not supported"),
        BadInput("127.0.0.1", "::1", says: "::1: Address family for hostname not supported"),
        BadInput("::1", "127.0.0.1", says: "::1: Address family for hostname not supported"),
        BadInput("-4", "-I", "::1", "127.0.0.1", says: "-I ::1 is no source for IPv4"),
        BadInput("-I", "::1", "127.0.0.1", says: "127.0.0.1: Address family for hostname not supported"),
        BadInput("-I", "127.0.0.1", "::1", says: "::1: Address family for hostname not supported"),
    ]

    static let sources = [
        BadInput("-I", "nope0", "127.0.0.1", says: "unknown iface: nope0"),
        BadInput("-I", "", "127.0.0.1", says: "unknown iface: "),
        BadInput("-I", "198.18.0.77", "127.0.0.1", says: "198.18.0.77 is no address of this host"),
        BadInput("-I", "2001:db8::77", "::1", says: "2001:db8::77 is no address of this host"),
        BadInput("-I", "::g", "::1", says: "invalid source address: ::g"),
        BadInput("-I", "fe80::1%nope0", "::1", says: "nope0"),
    ]

    static let combinations = [
        BadInput("-R", "-T", "tsonly", "127.0.0.1", says: "only one of -T or -R"),
        BadInput("-R", "127.0.0.1", "127.0.0.1", says: "-R takes no intermediate hops"),
        BadInput("-T", "tsonly", "127.0.0.1", "127.0.0.1", says: "-T tsonly takes no intermediate hops"),
        BadInput("-T", "tsprespec", "127.0.0.1", says: "-T tsprespec takes 1 to 4 hops before the destination, not 0"),
        BadInput("-T", "tsprespec", "1", "2", "3", "4", "5", "127.0.0.1", says: "1 to 4 hops before the destination"),
        BadInput("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "127.0.0.1", says: "hops: 10, the IPv4 header has"),
        BadInput("--socket", "datagram", "-e", "0", "127.0.0.1", says: "-e 0 needs a raw socket"),
    ]

    static let options = [
        BadInput("-x", "127.0.0.1", says: "'-x'"),
        BadInput("-qx", "127.0.0.1", says: "'-x'"),
        BadInput("--nope", "127.0.0.1", says: "'--nope'"),
        BadInput("--coun", "1", "127.0.0.1", says: "Did you mean '--count'?"),
        BadInput("--quiet=yes", "127.0.0.1", says: "'--quiet' does not take any value"),
        BadInput("-c", says: "Missing value for '-c <count>'"),
        BadInput("127.0.0.1", "-qc", says: "Missing value for '-c <count>'"),
        BadInput("127.0.0.1", "--count", says: "Missing value for '--count <count>'"),
    ]

    static let lengths = [
        BadInput("-s", "65508", "127.0.0.1", says: "0 <= value <= 65507"),
        BadInput("-s", "65508", "-4", "localhost", says: "0 <= value <= 65507"),
        BadInput("-R", "-s", "65468", "127.0.0.1", says: "0 <= value <= 65467"),
        BadInput("-s", "65468", "127.0.0.1", "127.0.0.1", says: "0 <= value <= 65467"),
        BadInput("-s", "65528", "::1", says: "0 <= value <= 65527"),
        BadInput("-s", "65528", "localhost", says: "0 <= value <= 65527"),
    ]

    static let numbers = [
        values(of: "-s", "-1", "99999999999999999999", says: "invalid -s value: '"),
        values(
            of: "-c", "0", "-1", "9223372036854775808", "99999999999999999999", says: "1 <= value <= 92233720368547"),
        values(of: "-c", "1.1", "", " 1", "1 ", "0x10", "abc", "१", says: "not a whole number"),
        values(of: "-l", "0", "65537", "-1", says: "1 <= value <= 65536"),
        values(of: "-e", "65536", "-1", says: "0 <= value <= 65535"),
        values(of: "-t", "0", "256", "-1", "99999999999999999999", says: "1 <= value <= 255"),
        values(of: "-m", "-1", "4294967296", says: "0 <= value <= 4294967295"),
        values(of: "-S", "0", "-1", "2147483648", says: "1 <= value <= 2147483647"),
        values(of: "-Q", "256", "0x100", "0xzz", "0x", "-1", "", "+", says: "from 0 to 255 (0xff)"),
        values(of: "-F", "0x100000", "1048576", "x", "", says: "from 0 to 1048575 (0xfffff)"),
    ].flatMap(\.self)

    static let times = [
        values(of: "-w", "0,1", "abc", "nan", "inf", "1e400", "", "1e", "0x1p1", says: "not a number of seconds"),
        values(of: "-w", "-1", "1e10", says: "0 <= seconds <= 2147483647"),
        values(of: "-W", "nan", "inf", "-inf", "1e400", "", " 1", says: "not a number of seconds"),
        values(of: "-W", "-1", "-0.1", "4295", says: "0 <= seconds <= 4294"),
        values(of: "-i", "0,5", "nan", "1e400", "", "1s", says: "not a number of seconds, such as 0.5"),
        values(of: "-i", "-1", "2147484", says: "0 <= seconds <= 2147483"),
    ].flatMap(\.self)

    static let words = [
        values(of: "-p", "xyz", "", "0x00", "０", says: "patterns must be specified as hex digits: "),
        values(of: "-p", "000102030405060708090a0b0c0d0e0f1", says: "at most 16 bytes"),
        values(of: "-M", "maybe", "", "DO", says: "not one of do, want, probe, dont"),
        values(of: "-T", "x", "", says: "not one of tsonly, tsandaddr, tsprespec"),
        values(of: "--socket", "maybe", "", says: "not one of raw, datagram, auto"),
    ].flatMap(\.self)

    static let all = destinations + families + sources + combinations + options + lengths + numbers + times + words
}
