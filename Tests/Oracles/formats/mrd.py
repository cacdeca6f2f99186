"""Multicast router discovery in IGMP. tshark knows only the drafts, which had other types."""
from scapy.all import *
from scapy.contrib.igmpv3 import IGMPv3, IGMPv3mra


def make(r):
    packet = IP(src="198.18.0.%d" % r.randrange(256), dst="224.0.0.106", ttl=1, options=[IPOption_Router_Alert()])
    kind = r.choice([0x30, 0x31, 0x32])
    if kind != 0x30:
        return packet / IGMPv3(type=kind, mrcode=0)
    return packet / IGMPv3(type=kind, mrcode=r.randrange(256)) / IGMPv3mra(
        qryIntvl=r.randrange(65536), robust=r.randrange(65536))


def advertised(name):
    return lambda p: [getattr(p[IGMPv3mra], name)] if IGMPv3mra in p else []


FIELDS = [
    ("IGMP/Type", "igmp.type", lambda p: [p[IGMPv3].type]),
    ("IGMP/Advertisement interval", None, lambda p: [p[IGMPv3].mrcode] if IGMPv3mra in p else []),
    ("IGMP/Checksum", None, lambda p: [p[IGMPv3].chksum]),
    ("IGMP/Query interval", None, advertised("qryIntvl")),
    ("IGMP/Robustness variable", None, advertised("robust")),
]
