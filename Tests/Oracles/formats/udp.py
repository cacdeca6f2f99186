from scapy.all import *


def make(r):
    ends = r.choice([
        IP(src="198.18.0.1", dst="198.18.0.2", ttl=r.randrange(256), id=r.getrandbits(16)),
        IPv6(src="2001:db8::1", dst="2001:db8::2", hlim=r.randrange(256), fl=r.getrandbits(20)),
    ])
    return ends / UDP(sport=r.getrandbits(16), dport=r.getrandbits(16)) / Raw(r.randbytes(r.randrange(1, 65)))


FIELDS = [
    ("UDP/Source port", "udp.srcport", lambda p: p[UDP].sport),
    ("UDP/Destination port", "udp.dstport", lambda p: p[UDP].dport),
    ("UDP/Length", "udp.length", lambda p: p[UDP].len),
    ("UDP/Checksum", "udp.checksum", lambda p: p[UDP].chksum),
]
CHECKSUMS = ["udp.checksum.status"]
