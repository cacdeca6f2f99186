"""IPv6 headers, and every extension header where it belongs."""
from scapy.all import *
from scapy.layers.ipsec import AH


def address(r):
    return "2001:db8::%x:%x" % (r.getrandbits(16), r.getrandbits(16))


def options(r, known):
    unknown = lambda: HBHOptUnknown(
        otype=r.choice([0x1E, 0x5E, 0x9E, 0xDE]), optdata=r.randbytes(r.randrange(20)))
    return [r.choice([known, unknown])() for _ in range(r.randrange(4))]


def hop_by_hop(r):
    return IPv6ExtHdrHopByHop(options=options(r, lambda: RouterAlert(value=r.getrandbits(16))))


def destination(r):
    # scapy's checksum is over a home address only where it is alone.
    home = [HAO(hoa=address(r))] * r.randrange(2)
    return IPv6ExtHdrDestOpt(options=home or options(
        r, lambda: HBHOptUnknown(otype=4, optdata=r.randbytes(1))))


def routing(r):
    stops = [address(r) for _ in range(r.randrange(1, 5))]
    return r.choice([
        lambda: IPv6ExtHdrRouting(type=0, segleft=r.randrange(len(stops) + 1), addresses=stops),
        lambda: IPv6ExtHdrRouting(type=2, segleft=1, addresses=stops[:1]),
        lambda: IPv6ExtHdrSegmentRouting(
            segleft=r.randrange(len(stops)), lastentry=len(stops) - 1, tag=r.getrandbits(16), addresses=stops),
    ])()


def authentication(r):
    # scapy knows no number for what follows.
    count = r.randrange(5)
    return AH(
        nh=17, payloadlen=2 + 2 * count, spi=r.getrandbits(32), seq=r.getrandbits(32), icv=r.randbytes(8 * count + 4))


def make(r):
    packet = IPv6(
        src=address(r), dst=address(r), tc=r.getrandbits(8), fl=r.getrandbits(20), hlim=r.getrandbits(8))
    fragment = IPv6ExtHdrFragment(id=r.getrandbits(32))
    for header in [hop_by_hop(r), routing(r), destination(r), fragment]:
        if r.randrange(2):
            packet /= header
    datagram = UDP(sport=40000 + r.randrange(1000), dport=7) / r.randbytes(r.randrange(32))
    if r.randrange(2):
        return packet / datagram
    # scapy computes no checksum behind an authentication header: it is the same without one.
    datagram.chksum = IPv6(bytes(packet / datagram))[UDP].chksum
    return packet / authentication(r) / datagram


def layers(p, *kinds):
    found = []
    while p:
        found += [p] if type(p) in kinds else []
        p = p.payload
    return found


ROUTES = (IPv6ExtHdrRouting, IPv6ExtHdrSegmentRouting)


def of(name, *kinds):
    return lambda p: [getattr(layer, name) for layer in layers(p, *kinds)]


def each(kind, option, name):
    return lambda p: [getattr(o, name) for layer in layers(p, kind) for o in layer.options if type(o) is option]


FIELDS = [
    ("IPv6/Version", "ipv6.version", lambda p: p[IPv6].version),
    ("IPv6/Traffic class", "ipv6.tclass", lambda p: p[IPv6].tc),
    ("IPv6/Flow label", "ipv6.flow", lambda p: p[IPv6].fl),
    ("IPv6/Payload length", "ipv6.plen", lambda p: p[IPv6].plen),
    ("IPv6/Next header", "ipv6.nxt", lambda p: p[IPv6].nh),
    ("IPv6/Hop limit", "ipv6.hlim", lambda p: p[IPv6].hlim),
    ("IPv6/Source address", None, lambda p: p[IPv6].src),
    ("IPv6/Destination address", None, lambda p: p[IPv6].dst),
    ("HOPOPT/Next header", "ipv6.hopopts.nxt", of("nh", IPv6ExtHdrHopByHop)),
    ("HOPOPT/Header extension length", "ipv6.hopopts.len", of("len", IPv6ExtHdrHopByHop)),
    ("HOPOPT/Router alert/Value", None, each(IPv6ExtHdrHopByHop, RouterAlert, "value")),
    ("IPv6-Opts/Next header", "ipv6.dstopts.nxt", of("nh", IPv6ExtHdrDestOpt)),
    ("IPv6-Opts/Header extension length", "ipv6.dstopts.len", of("len", IPv6ExtHdrDestOpt)),
    ("IPv6-Opts/Home address/Home address", None, each(IPv6ExtHdrDestOpt, HAO, "hoa")),
    ("IPv6-Opts/PadN/Padding", None, lambda p: [
        data for data in each(IPv6ExtHdrDestOpt, PadN, "optdata")(p) if data]),
    ("IPv6-Route/Next header", "ipv6.routing.nxt", of("nh", *ROUTES)),
    ("IPv6-Route/Routing type", "ipv6.routing.type", of("type", *ROUTES)),
    ("IPv6-Route/Segments left", "ipv6.routing.segleft", of("segleft", *ROUTES)),
    ("IPv6-Route/Last entry", "ipv6.routing.srh.last_entry", of("lastentry", IPv6ExtHdrSegmentRouting)),
    ("IPv6-Route/Tag", None, of("tag", IPv6ExtHdrSegmentRouting)),
    ("IPv6-Frag/Next header", "ipv6.fraghdr.nxt", of("nh", IPv6ExtHdrFragment)),
    ("IPv6-Frag/Fragment offset", "ipv6.fraghdr.offset", of("offset", IPv6ExtHdrFragment)),
    ("IPv6-Frag/More fragments", "ipv6.fraghdr.more", of("m", IPv6ExtHdrFragment)),
    ("IPv6-Frag/Identification", "ipv6.fraghdr.ident", of("id", IPv6ExtHdrFragment)),
    ("AH/Security parameters index", "ah.spi", of("spi", AH)),
    ("AH/Sequence number", "ah.sequence", of("seq", AH)),
    ("AH/Integrity check value", "ah.icv", of("icv", AH)),
    # Behind an authentication header scapy sees bytes.
    ("UDP/Source port", "udp.srcport", None),
]
CHECKSUMS = ["udp.checksum.status"]
