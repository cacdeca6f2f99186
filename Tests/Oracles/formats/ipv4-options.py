"""IPv4 headers with every option of RFC 791, and the router alert."""
from scapy.all import *


def addresses(r, least=0, most=9):
    return ["198.18.%d.%d" % (r.randrange(256), r.randrange(256)) for _ in range(r.randrange(least, most + 1))]


def route(r, kind):
    # scapy's checksum is over the last address of a source route even when the packet has got there.
    routers = addresses(r, int(kind is not IPOption_RR))
    return kind(pointer=4 + 4 * r.randrange(len(routers) + int(kind is IPOption_RR)), routers=routers)


def stamps(r):
    # scapy has one entry of each; more are its bytes.
    form = r.choice([0, 1, 3])
    entry = 4 if form == 0 else 8
    count = r.randrange(36 // entry + 1)
    data = bytes([5 + entry * r.randrange(count + 1), r.randrange(16) << 4 | form]) + r.randbytes(entry * count)
    return IPOption(bytes([68, 2 + len(data)]) + data)


def option(r):
    return r.choice([
        lambda: IPOption_NOP(),
        lambda: route(r, IPOption_RR),
        lambda: route(r, IPOption_LSRR),
        lambda: route(r, IPOption_SSRR),
        lambda: stamps(r),
        lambda: IPOption_Router_Alert(alert=r.getrandbits(16)),
        lambda: IPOption_Stream_Id(security=r.getrandbits(16)),
        lambda: IPOption_Security(
            # One of the levels with a name: tshark takes others for RFC 1108.
            security=r.choice([0xF135, 0x789A, 0xBC4D, 0x5E26, 0xAF13]), compartment=r.getrandbits(16),
            handling_restrictions=r.getrandbits(16),
            transmission_control_code=bytes(r.randrange(65, 91) for _ in range(3))),
        lambda: IPOption(bytes([0x9E, 5]) + r.randbytes(3)),
    ])()


def make(r):
    options = []
    for _ in range(r.randrange(5)):
        more = options + [option(r)]
        # Two source routes contradict each other (RFC 1122 section 3.2.1.8).
        routes = sum(type(o) in (IPOption_LSRR, IPOption_SSRR) for o in more)
        if routes <= 1 and sum(len(o) for o in more) <= 40:
            options = more
    header = IP(
        src="198.18.0.1", dst="198.18.0.2", tos=r.getrandbits(8), id=r.getrandbits(16), flags=r.choice(["", "DF"]),
        ttl=r.getrandbits(8), options=options)
    return header / UDP(sport=40000 + r.randrange(1000), dport=7) / r.randbytes(r.randrange(32))


KINDS = {
    7: IPOption_RR, 68: IPOption_Timestamp, 130: IPOption_Security, 131: IPOption_LSRR, 136: IPOption_Stream_Id,
    137: IPOption_SSRR, 148: IPOption_Router_Alert}


def options(p, kind):
    """scapy loses its way behind a timestamp with several entries: each option is dissected for itself."""
    data, found = p[IP].original[20:4 * p[IP].ihl], []
    while data and data[0] != 0:
        length = 1 if data[0] == 1 else data[1]
        found += [kind(data[:length])] if KINDS.get(data[0]) is kind else []
        data = data[length:]
    return found


def of(kind, name):
    return lambda p: [getattr(o, name) for o in options(p, kind)]


def listed(kind):
    return lambda p: [router for o in options(p, kind) for router in o.routers]


FIELDS = [
    ("IPv4/Version", "ip.version", lambda p: p[IP].version),
    ("IPv4/Internet header length", None, lambda p: p[IP].ihl),
    ("IPv4/Type of service", "ip.dsfield", lambda p: p[IP].tos),
    ("IPv4/Type of service/Differentiated services code point", "ip.dsfield.dscp", None),
    ("IPv4/Type of service/Explicit congestion notification", "ip.dsfield.ecn", None),
    ("IPv4/Total length", "ip.len", lambda p: p[IP].len),
    ("IPv4/Identification", "ip.id", lambda p: p[IP].id),
    ("IPv4/Flags/Reserved", "ip.flags.rb", lambda p: p[IP].flags.evil),
    ("IPv4/Flags/Don't fragment", "ip.flags.df", lambda p: p[IP].flags.DF),
    ("IPv4/Flags/More fragments", "ip.flags.mf", lambda p: p[IP].flags.MF),
    ("IPv4/Fragment offset", "ip.frag_offset", lambda p: p[IP].frag),
    ("IPv4/Time to live", "ip.ttl", lambda p: p[IP].ttl),
    ("IPv4/Protocol", "ip.proto", lambda p: p[IP].proto),
    ("IPv4/Header checksum", "ip.checksum", lambda p: p[IP].chksum),
    ("IPv4/Source address", "ip.src", lambda p: p[IP].src),
    # With a source route tshark shows the last address of it.
    ("IPv4/Destination address", None, lambda p: p[IP].dst),
    ("IPv4/Record route/Length", None, of(IPOption_RR, "length")),
    ("IPv4/Record route/Pointer", None, of(IPOption_RR, "pointer")),
    ("IPv4/Record route/Route data", None, listed(IPOption_RR)),
    ("IPv4/Loose source route/Pointer", None, of(IPOption_LSRR, "pointer")),
    ("IPv4/Loose source route/Route data", None, listed(IPOption_LSRR)),
    ("IPv4/Strict source route/Pointer", None, of(IPOption_SSRR, "pointer")),
    ("IPv4/Strict source route/Route data", None, listed(IPOption_SSRR)),
    ("IPv4/Internet timestamp/Pointer", None, of(IPOption_Timestamp, "pointer")),
    ("IPv4/Internet timestamp/Overflow", "ip.opt.overflow", of(IPOption_Timestamp, "oflw")),
    ("IPv4/Internet timestamp/Flag", "ip.opt.flag", of(IPOption_Timestamp, "flg")),
    # scapy's has no more than one of each.
    ("IPv4/Internet timestamp/Internet address", "ip.opt.time_stamp_addr", None),
    ("IPv4/Internet timestamp/Timestamp", "ip.opt.time_stamp", None),
    ("IPv4/Router alert/Value", "ip.opt.ra", of(IPOption_Router_Alert, "alert")),
    ("IPv4/Stream identifier/Stream identifier", "ip.opt.sid", of(IPOption_Stream_Id, "security")),
    ("IPv4/Security/Security", "ip.opt.sec_rfc791_sec", of(IPOption_Security, "security")),
    ("IPv4/Security/Compartments", "ip.opt.sec_rfc791_comp", of(IPOption_Security, "compartment")),
    ("IPv4/Security/Handling restrictions", None, of(IPOption_Security, "handling_restrictions")),
    ("IPv4/Security/Transmission control code", None, lambda p: [
        int.from_bytes(o.transmission_control_code, "big") for o in options(p, IPOption_Security)]),
]
CHECKSUMS = ["ip.checksum.status", "udp.checksum.status"]
