"""IGMP of versions 1 and 2, and types that nobody knows."""
from scapy.all import *
from scapy.contrib.igmp import IGMP


def group(r):
    return "239.%d.%d.%d" % (r.randrange(256), r.randrange(256), r.randrange(256))


def make(r):
    types = [0x11, 0x12, 0x16, 0x17, 0x50 + r.randrange(0x80)]
    message = IGMP(type=r.choice(types), gaddr=group(r))
    # What is no query's time is reserved, and written as zero.
    message.mrcode = r.choice([0, r.randrange(256)]) if message.type == 0x11 or message.type >= 0x50 else 0
    options = r.choice([[], [IPOption_Router_Alert()]])
    return IP(src="198.18.0.1", dst=message.gaddr, ttl=1, options=options) / message


def of(name, *types):
    """The field of messages of these types."""
    return lambda p: [getattr(p[IGMP], name)] if IGMP in p and p[IGMP].type in types else []


known = (0x11, 0x12, 0x16, 0x17)
FIELDS = [
    ("IGMP/Type", "igmp.type", lambda p: [p[IGMP].type]),
    # tshark shows no time in version 1.
    ("IGMP/Max resp time", None, of("mrcode", *known)),
    ("IGMP/Code", None, of("mrcode", *range(0x50, 0x100))),
    ("IGMP/Checksum", None, lambda p: [p[IGMP].chksum]),
    ("IGMP/Group address", "igmp.maddr", of("gaddr", *known)),
]
