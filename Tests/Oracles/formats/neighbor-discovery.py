from scapy.all import *


def address(r):
    return f"2001:db8::{r.getrandbits(16):x}:{r.getrandbits(16):x}"


def ethernet(r):
    return ":".join(f"{byte:02x}" for byte in r.randbytes(6))


def route(r):
    units = r.randrange(1, 4)
    bits = {1: 0, 2: r.randrange(1, 65), 3: r.randrange(65, 129)}[units]
    prefix = {1: "::", 2: f"2001:db8:{r.getrandbits(16):x}::", 3: address(r)}[units]
    return ICMPv6NDOptRouteInfo(
        len=units, plen=bits, prf=r.choice((0, 1, 3)), rtlifetime=r.getrandbits(32), prefix=prefix)


def name(r):
    return ".".join("".join(r.choices("abcdefghij0123456789", k=r.randrange(1, 12))) for _ in range(r.randrange(1, 4)))


def option(r):
    return r.choice([
        lambda: ICMPv6NDOptSrcLLAddr(lladdr=ethernet(r)),
        lambda: ICMPv6NDOptDstLLAddr(lladdr=ethernet(r)),
        lambda: ICMPv6NDOptPrefixInfo(
            prefixlen=r.randrange(129), L=r.getrandbits(1), A=r.getrandbits(1), R=r.getrandbits(1),
            validlifetime=r.getrandbits(32), preferredlifetime=r.getrandbits(32), prefix=address(r)),
        lambda: ICMPv6NDOptRedirectedHdr(pkt=IPv6(src=address(r), dst=address(r), nh=59) / Raw(
            r.randbytes(8 * r.randrange(1, 5)))),
        lambda: ICMPv6NDOptMTU(mtu=r.getrandbits(32)),
        lambda: route(r),
        lambda: ICMPv6NDOptRDNSS(lifetime=r.getrandbits(32), dns=[address(r) for _ in range(r.randrange(1, 4))]),
        lambda: ICMPv6NDOptDNSSL(
            lifetime=r.getrandbits(32), searchlist=[name(r) + "." for _ in range(r.randrange(1, 4))]),
    ])()


def make(r):
    message = r.choice([
        lambda: ICMPv6ND_RS(),
        lambda: ICMPv6ND_RA(
            chlim=r.getrandbits(8), M=r.getrandbits(1), O=r.getrandbits(1), H=r.getrandbits(1), P=r.getrandbits(1),
            prf=r.choice((0, 1, 3)), routerlifetime=r.getrandbits(16), reachabletime=r.getrandbits(32),
            retranstimer=r.getrandbits(32)),
        lambda: ICMPv6ND_NS(tgt=address(r)),
        lambda: ICMPv6ND_NA(R=r.getrandbits(1), S=r.getrandbits(1), O=r.getrandbits(1), tgt=address(r)),
        lambda: ICMPv6ND_Redirect(tgt=address(r), dst=address(r)),
    ])()
    for _ in range(r.randrange(4)):
        message /= option(r)
    # scapy reads none behind one that it doesn't know.
    if r.randrange(4) == 0:
        message /= ICMPv6NDOptUnknown(type=r.choice((14, 253)), len=2, data=r.randbytes(14))
    return IPv6(src=address(r), dst=address(r), hlim=255) / message


def of(kind, field):
    """The field of every layer of this kind; nothing if there is none, and lists in a row."""
    def get(p):
        values = []
        layer = p.getlayer(kind)
        while layer is not None:
            value = getattr(layer, field)
            values += value if isinstance(value, list) else [value]
            layer = layer.payload.getlayer(kind)
        return values or None
    return get


def bytes_of(kind, field):
    def get(p):
        values = of(kind, field)(p)
        return values and [str(value).replace(":", "") for value in values]
    return get


def names(p):
    values = of(ICMPv6NDOptDNSSL, "searchlist")(p)
    return values and [value.rstrip(".") for value in values]


FIELDS = [
    ("ICMPv6/Type", "icmpv6.type", lambda p: p[IPv6].payload.type),
    ("ICMPv6/Cur hop limit", "icmpv6.nd.ra.cur_hop_limit", of(ICMPv6ND_RA, "chlim")),
    ("ICMPv6/Flags/Managed address configuration", "icmpv6.nd.ra.flag.m", of(ICMPv6ND_RA, "M")),
    ("ICMPv6/Flags/Other configuration", "icmpv6.nd.ra.flag.o", of(ICMPv6ND_RA, "O")),
    ("ICMPv6/Flags/Home agent", "icmpv6.nd.ra.flag.h", of(ICMPv6ND_RA, "H")),
    ("ICMPv6/Flags/Proxy", "icmpv6.nd.ra.flag.p", of(ICMPv6ND_RA, "P")),
    ("ICMPv6/Flags/Router preference", "icmpv6.nd.ra.flag.prf", of(ICMPv6ND_RA, "prf")),
    ("ICMPv6/Router lifetime", "icmpv6.nd.ra.router_lifetime", of(ICMPv6ND_RA, "routerlifetime")),
    ("ICMPv6/Reachable time", "icmpv6.nd.ra.reachable_time", of(ICMPv6ND_RA, "reachabletime")),
    ("ICMPv6/Retrans timer", "icmpv6.nd.ra.retrans_timer", of(ICMPv6ND_RA, "retranstimer")),
    ("ICMPv6/Flags/Router", "icmpv6.nd.na.flag.r", of(ICMPv6ND_NA, "R")),
    ("ICMPv6/Flags/Solicited", "icmpv6.nd.na.flag.s", of(ICMPv6ND_NA, "S")),
    ("ICMPv6/Flags/Override", "icmpv6.nd.na.flag.o", of(ICMPv6ND_NA, "O")),
    # tshark has a name for each message's target.
    ("ICMPv6/Target address", None, lambda p: getattr(p[IPv6].payload, "tgt", None)),
    ("ICMPv6/Destination address", "icmpv6.rd.na.destination_address", of(ICMPv6ND_Redirect, "dst")),
    ("ICMPv6/Source link-layer address/Link-layer address", None, bytes_of(ICMPv6NDOptSrcLLAddr, "lladdr")),
    ("ICMPv6/Target link-layer address/Link-layer address", None, bytes_of(ICMPv6NDOptDstLLAddr, "lladdr")),
    ("ICMPv6/Prefix information/Flags/On-link", "icmpv6.opt.prefix.flag.l", of(ICMPv6NDOptPrefixInfo, "L")),
    ("ICMPv6/Prefix information/Flags/Autonomous address-configuration", "icmpv6.opt.prefix.flag.a",
     of(ICMPv6NDOptPrefixInfo, "A")),
    ("ICMPv6/Prefix information/Flags/Router address", "icmpv6.opt.prefix.flag.r", of(ICMPv6NDOptPrefixInfo, "R")),
    ("ICMPv6/Prefix information/Valid lifetime", "icmpv6.opt.prefix.valid_lifetime",
     of(ICMPv6NDOptPrefixInfo, "validlifetime")),
    ("ICMPv6/Prefix information/Preferred lifetime", "icmpv6.opt.prefix.preferred_lifetime",
     of(ICMPv6NDOptPrefixInfo, "preferredlifetime")),
    # tshark has one name for the lengths and prefixes of several options.
    ("ICMPv6/Prefix information/Prefix length", None, of(ICMPv6NDOptPrefixInfo, "prefixlen")),
    ("ICMPv6/Prefix information/Prefix", None, of(ICMPv6NDOptPrefixInfo, "prefix")),
    ("ICMPv6/MTU/MTU", "icmpv6.opt.mtu", of(ICMPv6NDOptMTU, "mtu")),
    ("ICMPv6/Route information/Prefix length", None, of(ICMPv6NDOptRouteInfo, "plen")),
    ("ICMPv6/Route information/Flags/Route preference", "icmpv6.opt.route_info.flag.route_preference",
     of(ICMPv6NDOptRouteInfo, "prf")),
    ("ICMPv6/Route information/Route lifetime", "icmpv6.opt.route_lifetime", of(ICMPv6NDOptRouteInfo, "rtlifetime")),
    ("ICMPv6/Recursive DNS server/Lifetime", "icmpv6.opt.rdnss.lifetime", of(ICMPv6NDOptRDNSS, "lifetime")),
    ("ICMPv6/Recursive DNS server/Address of recursive DNS server", "icmpv6.opt.rdnss", of(ICMPv6NDOptRDNSS, "dns")),
    ("ICMPv6/DNS search list/Lifetime", "icmpv6.opt.dnssl.lifetime", of(ICMPv6NDOptDNSSL, "lifetime")),
    ("ICMPv6/DNS search list/Domain name", "icmpv6.opt.dnssl", names),
]
CHECKSUMS = ["icmpv6.checksum.status"]
