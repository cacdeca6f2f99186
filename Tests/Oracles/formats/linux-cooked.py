"""What tcpdump -i any records, in both versions."""
from scapy.all import *

V1, V2 = CookedLinux, CookedLinuxV2


def make(r):
    address = r.randbytes(r.randrange(9))
    # Of some kinds of links tshark reads other headers behind this one.
    alike = dict(lladdrtype=r.choice([1, 772, 65534]), lladdrlen=len(address), src=address.ljust(8, b"\0"))
    head = r.choice([
        lambda: V1(pkttype=r.getrandbits(16), **alike),
        lambda: V2(pkttype=r.getrandbits(8), ifindex=r.getrandbits(32), **alike),
    ])()
    ends = r.choice([IP(src="198.18.0.1", dst="198.18.0.2"), IPv6(src="2001:db8::1", dst="2001:db8::2")])
    return head / ends / UDP(sport=r.getrandbits(16), dport=r.getrandbits(16)) / Raw(r.randbytes(r.randrange(1, 20)))


LAYER = "Linux cooked capture/"
FIELDS = [
    (LAYER + "Packet type", "sll.pkttype", lambda p: p.pkttype),
    (LAYER + "ARPHRD_ type", "sll.hatype", lambda p: p.lladdrtype),
    (LAYER + "Link-layer address length", "sll.halen", lambda p: p.lladdrlen),
    # tshark has a name for each kind of address.
    (LAYER + "Link-layer address", None, lambda p: p.src),
    (LAYER + "Protocol type", "sll.etype", lambda p: p.proto),
    (LAYER + "Reserved", None, lambda p: p.reserved),
    (LAYER + "Interface index", "sll.ifindex", lambda p: p.ifindex),
    ("UDP/Source port", "udp.srcport", lambda p: p[UDP].sport),
    ("UDP/Checksum", "udp.checksum", lambda p: p[UDP].chksum),
]
CHECKSUMS = ["udp.checksum.status"]
