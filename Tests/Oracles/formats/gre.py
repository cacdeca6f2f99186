from scapy.all import *


def mac(r):
    return ":".join("%02x" % octet for octet in r.randbytes(6))


def packet(r):
    ends = r.choice([IP(src="198.18.0.1", dst="198.18.0.2"), IPv6(src="2001:db8::1", dst="2001:db8::2")])
    return ends, UDP(sport=40000 + r.randrange(1000), dport=7) / r.randbytes(r.randrange(32))


def make(r):
    outer, (inner, payload) = packet(r)[0], packet(r)
    key, number = r.getrandbits(1), r.getrandbits(1)
    tunnel = GRE(
        chksum_present=r.getrandbits(1), key_present=key, key=r.getrandbits(32) if key else None,
        seqnum_present=number, sequence_number=r.getrandbits(32) if number else None)
    if r.randrange(4) == 0:
        tunnel.proto = 0x6558
        inner = Ether(src=mac(r), dst=mac(r)) / inner
    return outer / tunnel / inner / payload


FIELDS = [
    ("GRE/Checksum present", "gre.flags.checksum", lambda p: p[GRE].chksum_present),
    ("GRE/Key present", "gre.flags.key", lambda p: p[GRE].key_present),
    ("GRE/Sequence number present", "gre.flags.sequence_number", lambda p: p[GRE].seqnum_present),
    ("GRE/Version", "gre.flags.version", lambda p: p[GRE].version),
    ("GRE/Protocol type", "gre.proto", lambda p: p[GRE].proto),
    ("GRE/Checksum", "gre.checksum", lambda p: p[GRE].chksum),
    ("GRE/Reserved1", "gre.offset", lambda p: p[GRE].offset),
    ("GRE/Key", "gre.key", lambda p: p[GRE].key),
    ("GRE/Sequence number", "gre.sequence_number", lambda p: p[GRE].sequence_number),
    ("Ethernet/Destination address", "eth.dst", lambda p: p[Ether].dst),
    ("IPv4/Total length", "ip.len", None),
    ("IPv6/Payload length", "ipv6.plen", None),
    ("UDP/Source port", "udp.srcport", lambda p: p[UDP].sport),
]
CHECKSUMS = ["gre.checksum.status"]
