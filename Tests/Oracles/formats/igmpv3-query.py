"""The queries of IGMP version 3."""
from scapy.all import *
from scapy.contrib.igmpv3 import IGMPv3, IGMPv3mq


def address(r):
    return "198.%d.%d.%d" % (r.choice([18, 19]), r.randrange(256), r.randrange(256))


def make(r):
    query = IGMPv3mq(
        gaddr=r.choice(["0.0.0.0", "239.1.2.%d" % r.randrange(256)]), resv=r.randrange(16), s=r.randrange(2),
        qrv=r.randrange(8), qqic=r.randrange(256), srcaddrs=[address(r) for _ in range(r.choice([0, 1, 3, 80]))])
    return IP(src=address(r), dst="224.0.0.1", ttl=1, options=[IPOption_Router_Alert()]) / IGMPv3(
        type=0x11, mrcode=r.randrange(256)) / query


FIELDS = [
    ("IGMP/Type", "igmp.type", lambda p: [p[IGMPv3].type]),
    # tshark shows the time and not its code.
    ("IGMP/Max resp code", None, lambda p: [p[IGMPv3].mrcode]),
    ("IGMP/Checksum", "igmp.checksum", lambda p: [p[IGMPv3].chksum]),
    ("IGMP/Group address", "igmp.maddr", lambda p: [p[IGMPv3mq].gaddr]),
    ("IGMP/Flags", None, lambda p: [p[IGMPv3mq].resv]),
    ("IGMP/S", "igmp.s", lambda p: [p[IGMPv3mq].s]),
    ("IGMP/QRV", "igmp.qrv", lambda p: [p[IGMPv3mq].qrv]),
    ("IGMP/QQIC", "igmp.qqic", lambda p: [p[IGMPv3mq].qqic]),
    ("IGMP/Number of sources", "igmp.num_src", lambda p: [p[IGMPv3mq].numsrc]),
    ("IGMP/Source address", "igmp.saddr", lambda p: p[IGMPv3mq].srcaddrs),
]
CHECKSUMS = ["igmp.checksum.status"]
