from scapy.all import *


def group(r):
    return r.choice(["::", f"ff15::{r.getrandbits(16):x}"])


def sources(r):
    return [f"2001:db8::{r.getrandbits(16):x}" for _ in range(r.randrange(4))]


def record(r):
    return ICMPv6MLDMultAddrRec(rtype=r.randrange(1, 7), dst=group(r), sources=sources(r))


def make(r):
    message = r.choice([
        lambda: ICMPv6MLQuery(mrd=r.getrandbits(16), mladdr=group(r)),
        lambda: ICMPv6MLReport(mladdr=group(r)),
        lambda: ICMPv6MLDone(mladdr=group(r)),
        lambda: ICMPv6MLQuery2(
            mrd=r.getrandbits(16), mladdr=group(r), S=r.getrandbits(1), QRV=r.getrandbits(3), QQIC=r.getrandbits(8),
            sources=sources(r)),
        lambda: ICMPv6MLReport2(records=[record(r) for _ in range(r.randrange(5))]),
    ])()
    head = IPv6(src=f"fe80::{r.getrandbits(16):x}", dst="ff02::16", hlim=1)
    return head / IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)]) / message


def of(kinds, name):
    """The field of the first layer of these kinds, if there is one."""
    return lambda p: next((getattr(p[kind], name) for kind in kinds if kind in p), None)


V1, V2 = (ICMPv6MLQuery, ICMPv6MLReport, ICMPv6MLDone), (ICMPv6MLQuery2,)
RECORD = "ICMPv6/Multicast address record/"
FIELDS = [
    ("ICMPv6/Type", "icmpv6.type", of(V1 + V2 + (ICMPv6MLReport2,), "type")),
    ("ICMPv6/Maximum response delay", "icmpv6.mld.maximum_response_delay", of(V1, "mrd")),
    # tshark shows what the two codes stand for.
    ("ICMPv6/Maximum response code", None, of(V2, "mrd")),
    ("ICMPv6/Multicast address", "icmpv6.mld.multicast_address", of(V1 + V2, "mladdr")),
    ("ICMPv6/S", "icmpv6.mld.flag.s", of(V2, "S")),
    ("ICMPv6/QRV", "icmpv6.mld.flag.qrv", of(V2, "QRV")),
    ("ICMPv6/QQIC", None, of(V2, "QQIC")),
    ("ICMPv6/Number of sources", "icmpv6.mld.nb_sources", of(V2, "sources_number")),
    ("ICMPv6/Source address", "icmpv6.mld.source_address", lambda p: of(V2, "sources")(p) or None),
    ("ICMPv6/Number of multicast address records", "icmpv6.mldr.nb_mcast_records",
     of((ICMPv6MLReport2,), "records_number")),
    # scapy counts auxiliary data in bytes, and reads what follows from the wrong place.
    (RECORD + "Record type", "icmpv6.mldr.mar.record_type", None),
    (RECORD + "Aux data len", "icmpv6.mldr.mar.aux_data_len", None),
    (RECORD + "Number of sources", "icmpv6.mldr.mar.nb_sources", None),
    (RECORD + "Multicast address", "icmpv6.mldr.mar.multicast_address", None),
    (RECORD + "Source address", "icmpv6.mldr.mar.source_address", None),
    (RECORD + "Auxiliary data", "icmpv6.mldr.mar.auxiliary_data", None),
]
CHECKSUMS = ["icmpv6.checksum.status"]
