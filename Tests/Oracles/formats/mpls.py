from scapy.all import *
from scapy.contrib.mpls import MPLS


def make(r):
    frame = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    count = r.randrange(1, 5)
    for index in range(count):
        frame /= MPLS(
            label=r.randrange(16, 1 << 20), cos=r.getrandbits(3), s=int(index == count - 1), ttl=r.getrandbits(8))
    ends = r.choice([IP(src="198.18.0.1", dst="198.18.0.2"), IPv6(src="2001:db8::1", dst="2001:db8::2")])
    return frame / ends / UDP(sport=40000 + r.randrange(1000), dport=7) / r.randbytes(r.randrange(32))


def labels(name):
    def get(p):
        found = []
        while p:
            found += [getattr(p, name)] if type(p) is MPLS else []
            p = p.payload
        return found
    return get


FIELDS = [
    ("MPLS/Label stack entry/Label", "mpls.label", labels("label")),
    ("MPLS/Label stack entry/Traffic class", "mpls.exp", labels("cos")),
    ("MPLS/Label stack entry/Bottom of stack", "mpls.bottom", labels("s")),
    ("MPLS/Label stack entry/Time to live", "mpls.ttl", labels("ttl")),
    ("UDP/Source port", "udp.srcport", lambda p: p[UDP].sport),
]
CHECKSUMS = ["udp.checksum.status"]
