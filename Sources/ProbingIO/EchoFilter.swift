import Sockets

extension EchoTransport {
    /// Has the kernel hand over only echo replies with our identifier, redirects and source quenches. A raw socket
    /// otherwise sees every ICMP message of this host; errors come through the error queue in any case.
    func filterReplies() throws(SocketError) {
        guard kind == .raw else { return }
        let isIPv4 = destination.family == .ipv4
        try socket.attachFilter([
            // X is where the ICMP message starts: raw IPv4 sockets see the IP header too.
            isIPv4 ? .loadHeaderLength(at: 0) : .loadIndex(0),
            .loadByte(atIndexPlus: 0),
            .jumpIfEqual(isIPv4 ? 0 : 129, then: 3, otherwise: 0),
            .jumpIfEqual(isIPv4 ? 5 : 129, then: 4, otherwise: 0),
            .jumpIfEqual(isIPv4 ? 4 : 129, then: 3, otherwise: 0),
            .drop,
            .loadHalfWord(atIndexPlus: 4),
            .jumpIfEqual(UInt32(identifier), then: 0, otherwise: 1),
            .accept,
            .drop,
        ])
    }
}
