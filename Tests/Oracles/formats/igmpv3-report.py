"""The reports of IGMP version 3."""
from scapy.all import *
from scapy.contrib.igmpv3 import IGMPv3, IGMPv3gr, IGMPv3mr


class Record(IGMPv3gr):
    """scapy's record leaves its auxiliary data to the next one."""

    fields_desc = IGMPv3gr.fields_desc + [StrLenField("auxiliary", b"", length_from=lambda r: 4 * r.auxdlen)]


IGMPv3mr.fields_desc[2].cls = Record


def address(r):
    return "198.%d.%d.%d" % (r.choice([18, 19]), r.randrange(256), r.randrange(256))


def record(r):
    words = r.choice([0, 0, 0, 1, 5, 255])
    return Record(
        rtype=r.randrange(1, 7), auxdlen=words, auxiliary=r.randbytes(4 * words), maddr="239.1.2.%d" % r.randrange(256),
        srcaddrs=[address(r) for _ in range(r.choice([0, 1, 3, 60]))])


def make(r):
    report = IGMPv3mr(res2=r.choice([0, r.randrange(65536)]), records=[record(r) for _ in range(r.randrange(1, 5))])
    return IP(src=address(r), dst="224.0.0.22", ttl=1, tos=0xC0, options=[IPOption_Router_Alert()]) / IGMPv3(
        type=0x22, mrcode=0) / report


def each(name):
    """The field of every record."""
    return lambda p: [getattr(record, name) for record in p[IGMPv3mr].records]


FIELDS = [
    ("IGMP/Type", "igmp.type", lambda p: [p[IGMPv3].type]),
    ("IGMP/Checksum", "igmp.checksum", lambda p: [p[IGMPv3].chksum]),
    ("IGMP/Flags", None, lambda p: [p[IGMPv3mr].res2]),
    ("IGMP/Number of group records", "igmp.num_grp_recs", lambda p: [p[IGMPv3mr].numgrp]),
    ("IGMP/Group record/Record type", "igmp.record_type", each("rtype")),
    ("IGMP/Group record/Aux data len", "igmp.aux_data_len", each("auxdlen")),
    ("IGMP/Group record/Number of sources", "igmp.num_src", each("numsrc")),
    ("IGMP/Group record/Multicast address", "igmp.maddr", each("maddr")),
    ("IGMP/Group record/Source address", "igmp.saddr", lambda p: [
        source for record in p[IGMPv3mr].records for source in record.srcaddrs]),
    ("IGMP/Group record/Auxiliary data", "igmp.aux_data", lambda p: [
        record.auxiliary.hex() for record in p[IGMPv3mr].records if record.auxiliary]),
]
CHECKSUMS = ["igmp.checksum.status"]
