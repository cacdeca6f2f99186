"""Pieces of packets of both families, each for itself."""
from scapy.all import *


def make(r):
    data = r.randbytes(8 * r.randrange(1, 60) + r.randrange(8))
    size = 8 * r.randrange(1, 20)
    offset = r.randrange(0, len(data), size)
    more = offset + size < len(data)
    part = data[offset:offset + size]
    if r.randrange(2):
        return IP(
            src="198.18.0.1", dst="198.18.0.2", id=r.getrandbits(16), proto=253, frag=offset // 8,
            flags="MF" if more else "") / part
    header = IPv6ExtHdrFragment(nh=253, id=r.getrandbits(32), offset=offset // 8, m=int(more))
    return IPv6(src="2001:db8::1", dst="2001:db8::2") / header / part


def v4(name):
    return lambda p: getattr(p[IP], name)


def v6(name):
    return lambda p: getattr(p[IPv6ExtHdrFragment], name)


FIELDS = [
    ("IPv4/Identification", "ip.id", v4("id")),
    ("IPv4/Fragment offset", "ip.frag_offset", v4("frag")),
    ("IPv4/Flags/More fragments", "ip.flags.mf", lambda p: p[IP].flags.MF),
    ("IPv4/Protocol", "ip.proto", v4("proto")),
    ("IPv6-Frag/Next header", "ipv6.fraghdr.nxt", v6("nh")),
    ("IPv6-Frag/Fragment offset", "ipv6.fraghdr.offset", v6("offset")),
    ("IPv6-Frag/More fragments", "ipv6.fraghdr.more", v6("m")),
    ("IPv6-Frag/Identification", "ipv6.fraghdr.ident", v6("id")),
]
CHECKSUMS = ["ip.checksum.status"]
