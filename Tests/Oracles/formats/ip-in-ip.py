"""IPv4 and IPv6 in each other, up to four deep."""
from scapy.all import *


def header(r):
    return r.choice([
        IP(src="198.18.0.1", dst="198.18.0.2", ttl=r.getrandbits(8), id=r.getrandbits(16)),
        IPv6(src="2001:db8::1", dst="2001:db8::2", hlim=r.getrandbits(8), fl=r.getrandbits(20)),
    ])


def make(r):
    packet = header(r)
    for _ in range(1 + r.randrange(3)):
        packet /= header(r)
    return packet / UDP(sport=40000 + r.randrange(1000), dport=7) / r.randbytes(r.randrange(32))


def of(kind, name):
    def get(p):
        found = []
        while p:
            found += [getattr(p, name)] if type(p) is kind else []
            p = p.payload
        return found
    return get


FIELDS = [
    ("IPv4/Total length", "ip.len", of(IP, "len")),
    ("IPv4/Identification", "ip.id", of(IP, "id")),
    ("IPv4/Time to live", "ip.ttl", of(IP, "ttl")),
    ("IPv4/Protocol", "ip.proto", of(IP, "proto")),
    ("IPv4/Header checksum", "ip.checksum", of(IP, "chksum")),
    ("IPv6/Payload length", "ipv6.plen", of(IPv6, "plen")),
    ("IPv6/Next header", "ipv6.nxt", of(IPv6, "nh")),
    ("IPv6/Hop limit", "ipv6.hlim", of(IPv6, "hlim")),
    ("IPv6/Flow label", "ipv6.flow", of(IPv6, "fl")),
    ("UDP/Source port", "udp.srcport", lambda p: p[UDP].sport),
]
CHECKSUMS = ["udp.checksum.status"]
