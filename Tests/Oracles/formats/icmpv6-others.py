from scapy.all import *


def make(r):
    """RFC 8335's messages and a type for experiments: neither scapy nor tshark knows more than type and code."""
    kind, code, last = r.choice([(160, 0, r.getrandbits(1)), (161, r.randrange(5), r.choice((0x40, 7))), (100, 9, 255)])
    ends = [f"2001:db8::{r.getrandbits(16):x}" for _ in range(2)]
    return IPv6(src=ends[0], dst=ends[1]) / ICMPv6Unknown(
        type=kind, code=code, msgbody=r.randbytes(3) + bytes([last]))


FIELDS = [
    ("ICMPv6/Type", "icmpv6.type", None),
    ("ICMPv6/Code", "icmpv6.code", None),
]
CHECKSUMS = ["icmpv6.checksum.status"]
