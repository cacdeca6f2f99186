"""UDP-Lite, which scapy doesn't know: its bytes come from the fields below, and its checksum from scapy."""
import struct

from scapy.all import *

PROTOCOL = 136


def make(r):
    data = r.randbytes(r.randrange(60))
    coverage = r.choice([0, 8, 8 + len(data), r.randrange(8, 9 + len(data))])
    head = struct.pack("!HHH", r.randrange(65536), r.randrange(65536), coverage)
    whole = head + b"\0\0" + data
    covered = whole[:coverage] if coverage else whole
    if r.randrange(2):
        below = IP(src="198.18.0.1", dst="198.18.0.2", proto=PROTOCOL)
        ends = bytes([198, 18, 0, 1, 198, 18, 0, 2]) + struct.pack("!BBH", 0, PROTOCOL, len(whole))
    else:
        below = IPv6(src="2001:db8::1", dst="2001:db8::2", nh=PROTOCOL)
        ends = inet_pton(socket.AF_INET6, below.src) + inet_pton(socket.AF_INET6, below.dst)
        ends += struct.pack("!II", len(whole), PROTOCOL)
    return below / Raw(head + struct.pack("!H", checksum(ends + covered) or 0xFFFF) + data)


FIELDS = [
    ("UDP-Lite/Source port", "udp.srcport", None),
    ("UDP-Lite/Destination port", "udp.dstport", None),
    ("UDP-Lite/Checksum coverage", "udp.checksum_coverage", None),
    ("UDP-Lite/Checksum", "udp.checksum", None),
]
CHECKSUMS = ["udp.checksum.status"]
