import Testing

/// The same arguments in the same place, for `netprobe ping` and for the ping(8) that is installed.
struct Comparison: Sendable, CustomTestStringConvertible {
    enum Place: String {
        case broadcast, chain, hostile
        case mtuStep = "mtu-step"
        case pair, refusals
    }
    let place: Place
    let arguments: [String]
    var testDescription: String { "\(place.rawValue): ping \(arguments.joined(separator: " "))" }

    init(_ place: Place, _ arguments: String) {
        self.place = place
        self.arguments = arguments.split(separator: " ").map(String.init)
    }

    /// Every comparison here holds to the line. Left out is where netprobe differs for a reason:
    /// - replies with a wrong checksum (20221126 counts them, newer ones do not) or another source are not counted;
    /// - codes 5 and 6 of an ICMPv6 destination unreachable have names, and there is `-M probe`, as in newer versions;
    /// - payloads under 16 bytes are timed all the same;
    /// - what the kernel refuses to send is told of on standard error, and counts as an error;
    /// - what can't be an argument ends with exit status 2, never 1, and with one line;
    /// - `-r` to a host behind a router is refused, as are a source of the other family and a link-local address
    ///   without a zone; source routes and flow labels work although privileges are given away;
    /// - `-O` is silent about a request that came back as an error;
    /// - an IPv6 group or link-local address is shown with its zone, and its real source with `-I`.
    static let all: [Comparison] = options + chain + hosts + broadcasts + refusals + misbehaviours + sizes

    /// With a host behind five routers.
    private static let options: [Comparison] = ["198.18.6.2", "2001:db8:6::2"].flatMap {
        (host: String) -> [Comparison] in
        let options = [
            "-c1", "-c2 -i0.2", "-q -c1", "-D -c1", "-a -c1", "-pff00 -c1", "-s16 -c1", "-s2000 -c1", "-Q0x1c -c1",
            "-l3 -c3", "-f -c3", "-A -c3", "-w1 -c2 -i0.2", "-n -c1", "-I r1 -c1", "-B -c1", "-C -c1", "-d -c1",
            "-U -c1", "-t6 -c1", "-t5 -c1", "-t1 -c2 -i0.2", "-q -t1 -c1", "-f -t1 -c2", "-w5 -t1", "-S8192 -c1",
            "-O -c2 -i0.2", "-M do -c1", "-m7 -c1", "-e99 -c1",
        ]
        return options.map { Comparison(.chain, "\($0) \(host)") }
    }

    private static let chain: [Comparison] = [
        "-c1 198.18.6.9", "-c1 2001:db8:6::9", "-c1 203.0.113.1", "-c2 -i0.2 -R 198.18.6.2",
        "-c1 -T tsonly 198.18.6.2", "-c1 -T tsandaddr 198.18.6.2",
        "-c1 -T tsprespec 198.18.1.2 198.18.2.2 198.18.6.2",
    ].map { Comparison(.chain, $0) }

    private static let hosts: [Comparison] = [
        "-R -T tsonly 127.0.0.1", "-c1 0", "-c1 127.1", "-c1 localhost", "-c1 -4 localhost", "-c1 -6 ::1", "-4 -6 ::1",
        "-4 ::1", "-p zz ::1", "-c1 nobody.invalid",
    ].map { Comparison(.pair, $0) }

    private static let broadcasts: [Comparison] = [
        Comparison(.broadcast, "-c1 198.18.1.255"), Comparison(.broadcast, "-c1 255.255.255.255"),
    ]

    private static let refusals: [Comparison] =
        [0, 1, 2, 3, 9, 10, 13, 200, 201].map { Comparison(.refusals, "-c1 -W0.2 203.0.113.\($0)") }
        + [0, 1, 3, 4, 200].map { Comparison(.refusals, "-c1 -W0.2 2001:db8:113::\($0)") }

    /// The numbers of `responder.py`.
    private static let misbehaviours: [Comparison] =
        [1, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18].flatMap { (number: Int) -> [Comparison] in
            ["203.0.113.", "2001:db8:113::"].map { Comparison(.hostile, "-c3 -i0.1 -W0.6 \($0)\(number)") }
        }

    private static let sizes: [Comparison] = ["do", "dont", "want"].flatMap {
        (discovery: String) -> [Comparison] in
        let requests = [
            "-s1000 198.18.4.2", "-s1472 198.18.4.2", "-s4000 198.18.4.2", "-s1452 2001:db8:4::2",
            "-s4000 2001:db8:4::2",
        ]
        return requests.map { Comparison(.mtuStep, "-c3 -i0.05 -W0.3 -M\(discovery) \($0)") }
    }

    /// What kernels learn about a path, they keep: where that matters each run gets a network of its own.
    var network: Network {
        switch place {
        case .broadcast: .broadcast
        case .chain: .chain
        case .hostile: .hostile
        case .mtuStep: Network("mtu-step.lab")
        case .pair: .pair
        case .refusals: .refusals
        }
    }
}
