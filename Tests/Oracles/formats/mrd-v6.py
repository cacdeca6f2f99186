from scapy.all import *


def make(r):
    message = r.choice([
        lambda: ICMPv6MRD_Advertisement(
            advinter=r.getrandbits(8), queryint=r.getrandbits(16), robustness=r.getrandbits(16)),
        lambda: ICMPv6MRD_Solicitation(),
        lambda: ICMPv6MRD_Termination(),
    ])()
    head = IPv6(src=f"fe80::{r.getrandbits(16):x}", dst="ff02::6a", hlim=1)
    return head / IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)]) / message


def advertisement(name):
    return lambda p: getattr(p[ICMPv6MRD_Advertisement], name) if ICMPv6MRD_Advertisement in p else None


FIELDS = [
    ("ICMPv6/Type", "icmpv6.type", lambda p: p.lastlayer().type),
    # To tshark it is a code.
    ("ICMPv6/Ad. interval", None, advertisement("advinter")),
    ("ICMPv6/Query interval", "icmpv6.mcast_ra.query_interval", advertisement("queryint")),
    ("ICMPv6/Robustness variable", "icmpv6.mcast_ra.robustness_variable", advertisement("robustness")),
]
CHECKSUMS = ["icmpv6.checksum.status"]
