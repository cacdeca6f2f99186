"""Multicast traceroute of version 1: scapy knows no more of it than that it is IGMP."""
from scapy.all import *
from scapy.contrib.igmp import IGMP


def address(r):
    return "198.%d.%d.%d" % (r.choice([18, 19]), r.randrange(256), r.randrange(256))


def make(r):
    rest = b"".join(inet_aton(address(r)) for _ in range(3)) + r.randbytes(4)
    for _ in range(r.randrange(5)):
        # The highest bit of the mask's byte must be zero.
        rest += r.randbytes(28) + bytes([r.randrange(16), r.randrange(256), r.randrange(128), r.randrange(14)])
    return IP(src=address(r), dst="224.0.0.2", ttl=1) / IGMP(
        type=r.choice([0x1E, 0x1F]), mrcode=r.randrange(256), gaddr="239.1.2.%d" % r.randrange(256)) / Raw(rest)


FIELDS = [
    ("IGMP/Type", "igmp.type", lambda p: [p[IGMP].type]),
    ("IGMP/# hops", "igmp.mtrace.max_hops", lambda p: [p[IGMP].mrcode]),
    ("IGMP/Checksum", "igmp.checksum", lambda p: [p[IGMP].chksum]),
    ("IGMP/Multicast address", "igmp.maddr", lambda p: [p[IGMP].gaddr]),
    ("IGMP/Source address", "igmp.mtrace.saddr", None),
    ("IGMP/Destination address", "igmp.mtrace.raddr", None),
    ("IGMP/Response address", "igmp.mtrace.rspaddr", None),
    ("IGMP/Response TTL", "igmp.mtrace.resp_ttl", None),
    ("IGMP/Query ID", "igmp.mtrace.q_id", None),
    ("IGMP/Response block/Query arrival time", "igmp.mtrace.q_arrival", None),
    ("IGMP/Response block/Incoming interface address", "igmp.mtrace.q_inaddr", None),
    ("IGMP/Response block/Outgoing interface address", "igmp.mtrace.q_outaddr", None),
    ("IGMP/Response block/Previous-hop router address", "igmp.mtrace.q_prevrtr", None),
    ("IGMP/Response block/Input packet count", "igmp.mtrace.q_inpkt", None),
    ("IGMP/Response block/Output packet count", "igmp.mtrace.q_outpkt", None),
    ("IGMP/Response block/Total number of packets", "igmp.mtrace.q_total", None),
    ("IGMP/Response block/Rtg protocol", "igmp.mtrace.q_rtg_proto", None),
    ("IGMP/Response block/Fwd TTL", "igmp.mtrace.q_fwd_ttl", None),
    ("IGMP/Response block/S", "igmp.mtrace.q_s", None),
    ("IGMP/Response block/Src mask", "igmp.mtrace.q_src_mask", None),
    ("IGMP/Response block/Forwarding code", "igmp.mtrace.q_fwd_code", None),
]
CHECKSUMS = ["igmp.checksum.status"]
