"""Extension structures behind what ICMP and ICMPv6 errors quote."""
import struct

from scapy.all import *
from scapy.contrib.icmp_extensions import (
    ICMPExtensionHeader, ICMPExtensionInterfaceInformation, ICMPExtensionMPLS, ICMPExtensionObject)
from scapy.contrib.mpls import MPLS

# What the structure is is said here, not guessed by scapy.
for layer in (ICMPerror, TCPerror, UDPerror, ICMPv6DestUnreach, ICMPv6TimeExceeded):
    layer.post_dissection = Packet.post_dissection


class Interface(ICMPExtensionInterfaceInformation):
    """Of which scapy forgets that the length of a name counts its own byte."""

    fields_desc = [
        ConditionalField(StrLenField("ifname", None, length_from=lambda part: part.ifname_len - 1), field.cond)
        if field.name == "ifname" else field for field in ICMPExtensionInterfaceInformation.fields_desc]


def labels(r):
    return [MPLS(label=r.getrandbits(20), cos=r.getrandbits(3), s=r.getrandbits(1), ttl=r.getrandbits(8))
            for _ in range(r.randrange(5))]


def interface(r):
    one = Interface(interface_role=r.randrange(4))
    if r.getrandbits(1):
        one.has_ifindex, one.ifindex = 1, r.getrandbits(32)
    if r.getrandbits(1):
        one.has_ipaddr = 1
        one.afi = r.choice([1, 2])
        one.ip4, one.ip6 = "198.18.0.%d" % r.getrandbits(8), "2001:db8::%x" % r.getrandbits(16)
    if r.getrandbits(1):
        name = bytes(r.choices(b"abcdefghij0123456789/.", k=r.randrange(1, 64)))
        name += bytes(-(1 + len(name)) % 4)
        one.has_ifname, one.ifname_len, one.ifname = 1, 1 + len(name), name
    if r.getrandbits(1):
        one.has_mtu, one.mtu = 1, r.getrandbits(32)
    return one


def unknown(r):
    return ICMPExtensionObject(classnum=r.randrange(4, 256), classtype=r.getrandbits(8)) / r.randbytes(r.randrange(40))


def structure(r):
    made = [r.choice([lambda: ICMPExtensionMPLS(stack=labels(r)), lambda: interface(r), lambda: unknown(r)])()
            for _ in range(r.randrange(4))]
    data = bytes(ICMPExtensionHeader(chksum=0)) + b"".join(map(bytes, made))
    return data[:2] + struct.pack("!H", checksum(data) or 0xFFFF) + data[4:]


def make(r):
    length = r.choice([60, 128, 500])
    if r.getrandbits(1):
        word, head = 4, IP(src="198.18.0.254", dst="198.18.0.1")
        quote = IP(src="198.18.0.1", dst="198.19.0.%d" % r.getrandbits(8), ttl=1) / UDP(sport=9, dport=9)
        message = ICMP(type=r.choice([3, 11, 12]), code=r.randrange(2))
    else:
        word, head = 8, IPv6(src="2001:db8::fe", dst="2001:db8::1")
        quote = IPv6(src="2001:db8::1", dst="2001:db8:1::%x" % r.getrandbits(16), hlim=1) / UDP(sport=9, dport=9)
        message = r.choice([ICMPv6DestUnreach, ICMPv6TimeExceeded])(code=r.randrange(2))
    # As before RFC 4884, when the length was 128 octets without being told. tshark looks for that in ICMP alone.
    is_counted = word == 8 or r.random() < 0.7
    quote = bytes(quote / r.randbytes(length - len(quote)))[:None if is_counted else 128]
    quote += bytes(max(128, len(quote) + -len(quote) % word) - len(quote))
    message.length = len(quote) // word if is_counted else 0
    return head / message / Raw(quote + structure(r))


def objects(p):
    """The structure's objects, each by scapy: it takes what follows the first for bytes."""
    message = bytes(p.payload)
    words = message[5] * 4 if IP in p else message[4] * 8
    rest = message[8 + (words or 128):]
    found, rest = [ICMPExtensionHeader(rest[:4])], rest[4:]
    while rest:
        length, kind = struct.unpack("!HB", rest[:3])
        known = {1: ICMPExtensionMPLS, 2: Interface}
        found.append(known.get(kind, ICMPExtensionObject)(rest[:length]))
        rest = rest[length:]
    return found


def head(name):
    return lambda p: getattr(objects(p)[0], name)


def each(kind, get):
    return lambda p: [value for part in objects(p) if type(part) is kind for value in get(part)]


def unknown_to_all(get):
    """Queries of interfaces are unknown to scapy alone."""
    return each(ICMPExtensionObject, lambda part: get(part) if part.classnum != 3 else [])


def label(name):
    """A field of every label: by scapy, but one by one, or it looks for more behind them."""
    return each(ICMPExtensionMPLS, lambda part: [
        getattr(MPLS(bytes(part)[start:start + 4]), name) for start in range(4, part.len, 4)])


def told(name):
    """A field of interfaces that have it."""
    return each(Interface, lambda part: [
        value for value in [getattr(part, name)] if value is not None])


EXTENSIONS = "ICMP extensions/"
INTERFACE, TYPE = EXTENSIONS + "Interface information/", EXTENSIONS + "Interface information/C-Type/"
STACK, UNKNOWN = EXTENSIONS + "MPLS label stack/", EXTENSIONS + "Unknown object/"
FIELDS = [
    ("ICMP/Length", None, lambda p: p[ICMP].length),
    (EXTENSIONS + "Version", "icmp.ext.version", head("version")),
    (EXTENSIONS + "Reserved", "icmp.ext.res", head("reserved")),
    (EXTENSIONS + "Checksum", "icmp.ext.checksum", head("chksum")),
    (STACK + "Length", None, each(ICMPExtensionMPLS, lambda part: [part.len])),
    (STACK + "Label stack entry/Label", "icmp.mpls.label", label("label")),
    (STACK + "Label stack entry/Traffic class", "icmp.mpls.exp", label("cos")),
    (STACK + "Label stack entry/Bottom of stack", "icmp.mpls.s", label("s")),
    (STACK + "Label stack entry/Time to live", "icmp.mpls.ttl", label("ttl")),
    (INTERFACE + "Length", None, told("len")),
    (TYPE + "Interface role", "icmp.int_info.role", told("interface_role")),
    (TYPE + "Reserved", "icmp.int_info.reserved", told("reserved")),
    (TYPE + "ifIndex", "icmp.int_info.ifindex", told("has_ifindex")),
    (TYPE + "IPAddr", "icmp.int_info.ipaddr", told("has_ipaddr")),
    (TYPE + "name", "icmp.int_info.name_present", told("has_ifname")),
    (TYPE + "MTU", "icmp.int_info.mtu_present", told("has_mtu")),
    (INTERFACE + "ifIndex", "icmp.int_info.index", told("ifindex")),
    (INTERFACE + "AFI", "icmp.int_info.afi", told("afi")),
    # tshark shows no name at the end of an object.
    (INTERFACE + "Interface name", None, lambda p: [
        name.rstrip(b"\0").decode() for name in told("ifname")(p)]),
    (INTERFACE + "MTU", "icmp.int_info.mtu", told("mtu")),
    (UNKNOWN + "Class-Num", None, unknown_to_all(lambda part: [part.classnum])),
    (UNKNOWN + "C-Type", None, unknown_to_all(lambda part: [part.classtype])),
    (UNKNOWN + "Data", "icmp.ext.data", unknown_to_all(lambda part: [bytes(part.payload)] * bool(part.payload))),
]
CHECKSUMS = ["icmp.ext.checksum.status"]
