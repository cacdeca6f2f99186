"""Ethernet frames: with tags of VLANs, with a type or with a length, filled up or not."""
from scapy.all import *


def mac(r):
    return ":".join("%02x" % octet for octet in r.randbytes(6))


def make(r):
    # scapy takes a frame whose type is a length for another class; Ether is the one that the harness reads it with.
    frame = Ether(src=mac(r), dst=mac(r))
    count = r.randrange(3)
    for index in range(count):
        tag = Dot1AD if index == 0 and r.randrange(2) else Dot1Q
        frame /= tag(vlan=r.getrandbits(12), prio=r.getrandbits(3), id=r.getrandbits(1))
    if r.randrange(3) == 0:
        frame.lastlayer().type = 0x88B5
        return frame / r.randbytes(r.randrange(60))
    frame /= r.choice([IP(src="198.18.0.1", dst="198.18.0.2"), IPv6(src="2001:db8::1", dst="2001:db8::2")])
    return frame / UDP(sport=40000 + r.randrange(1000), dport=7) / r.randbytes(r.randrange(32)) / Padding(
        r.randbytes(r.randrange(20)))


def tags(name):
    def get(p):
        found = []
        while p:
            found += [getattr(p, name)] if type(p) in (Dot1Q, Dot1AD) else []
            p = p.payload
        return found
    return get


FIELDS = [
    ("Ethernet/Destination address", "eth.dst", lambda p: p.dst),
    ("Ethernet/Source address", "eth.src", lambda p: p.src),
    # tshark has other names for the tag of a provider.
    ("Ethernet/Tag/VLAN identifier", None, tags("vlan")),
    ("Ethernet/Tag/Priority code point", None, tags("prio")),
    ("Ethernet/Tag/Drop eligible indicator", None, tags("id")),
    ("IPv4/Total length", "ip.len", lambda p: p[IP].len),
    ("IPv6/Payload length", "ipv6.plen", lambda p: p[IPv6].plen),
    ("UDP/Source port", "udp.srcport", lambda p: p[UDP].sport),
    ("Trailer", None, lambda p: p[Padding].load),
]
CHECKSUMS = ["udp.checksum.status"]
