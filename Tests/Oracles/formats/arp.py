from scapy.all import *


def mac(r):
    return ":".join("%02x" % octet for octet in r.randbytes(6))


def ip(r):
    return "198.18.%d.%d" % (r.randrange(256), r.randrange(256))


def make(r):
    packet = ARP(op=r.choice([1, 2, 3, 4, 8, 9]), hwsrc=mac(r), psrc=ip(r), hwdst=mac(r), pdst=ip(r))
    return Ether(src=mac(r), dst=mac(r), type=0x0806) / packet / Padding(bytes(r.randrange(19)))


FIELDS = [
    ("Ethernet/Destination address", "eth.dst", lambda p: p.dst),
    ("Ethernet/Source address", "eth.src", lambda p: p.src),
    ("ARP/Hardware type", "arp.hw.type", lambda p: p[ARP].hwtype),
    ("ARP/Protocol type", "arp.proto.type", lambda p: p[ARP].ptype),
    ("ARP/Hardware address length", "arp.hw.size", lambda p: p[ARP].hwlen),
    ("ARP/Protocol address length", "arp.proto.size", lambda p: p[ARP].plen),
    ("ARP/Operation", "arp.opcode", lambda p: p[ARP].op),
    ("ARP/Sender hardware address", "arp.src.hw_mac", lambda p: p[ARP].hwsrc),
    ("ARP/Sender protocol address", "arp.src.proto_ipv4", lambda p: p[ARP].psrc),
    ("ARP/Target hardware address", "arp.dst.hw_mac", lambda p: p[ARP].hwdst),
    ("ARP/Target protocol address", "arp.dst.proto_ipv4", lambda p: p[ARP].pdst),
]
