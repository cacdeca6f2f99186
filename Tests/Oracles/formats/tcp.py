"""TCP with the options that scapy can make."""
from scapy.all import *


def option(r):
    words = lambda count: tuple(r.randrange(1 << 32) for _ in range(count))
    return r.choice([
        ("NOP", None), ("MSS", r.randrange(65536)), ("WScale", r.randrange(15)), ("SAckOK", b""),
        ("SAck", words(2 * r.randrange(1, 5))), ("Timestamp", words(2)), ("UTO", r.randrange(65536)),
        ("MD5", (r.randbytes(16),)), ("TFO", words(2)), (34, b""), (29, r.randbytes(2 + 4 * r.randrange(4))),
        (254, b"\xf9\x89" + r.randbytes(2 * r.randrange(2, 9))), (200 + r.randrange(50), r.randbytes(r.randrange(8))),
    ])


def options(r):
    """As many as there is room for, or fewer."""
    room, made = r.choice([40, r.randrange(41)]), []
    while True:
        made.append(option(r))
        if len(TCPOptionsField("options", None).i2m(None, made)) > room:
            return made[:-1]


def make(r):
    below = r.choice([IP(src="198.18.0.1", dst="198.18.0.2"), IPv6(src="2001:db8::1", dst="2001:db8::2")])
    segment = TCP(
        sport=r.randrange(65536), dport=r.randrange(65536), seq=r.randrange(1 << 32), ack=r.randrange(1 << 32),
        flags=r.randrange(512), window=r.randrange(65536), urgptr=r.randrange(65536), options=options(r))
    return below / segment / Raw(r.randbytes(r.randrange(60)))


def values(name, *path):
    """Of every option of that name its value, or that part of it."""
    def get(p):
        found = [value for kind, value in p[TCP].options if kind == name]
        return [value[path[0]] for value in found] if path else found
    return get


def flag(letter):
    return lambda p: int(letter in str(p[TCP].flags))


FIELDS = [
    ("TCP/Source port", "tcp.srcport", lambda p: p[TCP].sport),
    ("TCP/Destination port", "tcp.dstport", lambda p: p[TCP].dport),
    ("TCP/Sequence number", "tcp.seq_raw", lambda p: p[TCP].seq),
    ("TCP/Acknowledgment number", "tcp.ack_raw", lambda p: p[TCP].ack),
    ("TCP/Data offset", None, lambda p: p[TCP].dataofs),
    ("TCP/Reserved", None, lambda p: p[TCP].reserved),
    ("TCP/Control bits", None, lambda p: p[TCP].flags),
    ("TCP/Control bits/AE", "tcp.flags.ae", flag("N")),
    ("TCP/Control bits/CWR", "tcp.flags.cwr", flag("C")),
    ("TCP/Control bits/ECE", "tcp.flags.ece", flag("E")),
    ("TCP/Control bits/URG", "tcp.flags.urg", flag("U")),
    ("TCP/Control bits/ACK", "tcp.flags.ack", flag("A")),
    ("TCP/Control bits/PSH", "tcp.flags.push", flag("P")),
    ("TCP/Control bits/RST", "tcp.flags.reset", flag("R")),
    ("TCP/Control bits/SYN", "tcp.flags.syn", flag("S")),
    ("TCP/Control bits/FIN", "tcp.flags.fin", flag("F")),
    ("TCP/Window", "tcp.window_size_value", lambda p: p[TCP].window),
    ("TCP/Checksum", "tcp.checksum", lambda p: p[TCP].chksum),
    ("TCP/Urgent pointer", "tcp.urgent_pointer", lambda p: p[TCP].urgptr),
    ("TCP/Options/Maximum segment size/Value", "tcp.options.mss_val", values("MSS")),
    ("TCP/Options/Window scale/Shift count", "tcp.options.wscale.shift", values("WScale")),
    ("TCP/Options/SACK/Left edge", "tcp.options.sack_le", None),
    ("TCP/Options/SACK/Right edge", "tcp.options.sack_re", None),
    ("TCP/Options/Timestamps/TSval", "tcp.options.timestamp.tsval", values("Timestamp", 0)),
    ("TCP/Options/Timestamps/TSecr", "tcp.options.timestamp.tsecr", values("Timestamp", 1)),
    ("TCP/Options/User timeout/Granularity", "tcp.options.user_to_granularity", None),
    ("TCP/Options/User timeout/User timeout", "tcp.options.user_to_val", None),
    ("TCP/Options/MD5 signature/Digest", "tcp.options.md5.digest", None),
    ("TCP/Options/TCP-AO/KeyID", "tcp.options.ao.keyid", None),
    ("TCP/Options/TCP-AO/RNextKeyID", "tcp.options.ao.rnextkeyid", None),
]
CHECKSUMS = ["tcp.checksum.status"]
