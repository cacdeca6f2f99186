"""Extended echoes of ICMP and ICMPv6, and the one object in the structure behind requests: to scapy all are bytes.

Linux has the structure in replies too, which tshark doesn't look at.
"""
import struct

from scapy.all import *


def address(r):
    """Family, length and the address, in whole words."""
    family, length = r.choice([(1, 4), (2, 16), (16389, 6)])
    return struct.pack("!HBx", family, length) + r.randbytes(length) + bytes(-length % 4)


def query(r):
    kind = r.choice([1, 2, 3])
    name = bytes(r.choices(b"abcdefghij0123456789/.", k=r.randrange(1, 40)))
    data = {1: name + bytes(-len(name) % 4), 2: r.randbytes(4), 3: address(r)}[kind]
    structure = struct.pack("!BxHHBB", 0x20, 0, 4 + len(data), 3, kind) + data
    return structure[:2] + struct.pack("!H", checksum(structure) or 0xFFFF) + structure[4:]


def make(r):
    is_reply = r.getrandbits(1)
    # The bits in the middle are reserved.
    last = r.getrandbits(8) & 0xE7 if is_reply else r.getrandbits(1)
    rest = r.randbytes(3) + bytes([last]) + (b"" if is_reply else query(r))
    code = r.randrange(5) if is_reply else 0
    if r.getrandbits(1):
        head = bytes([42 + is_reply, code])
        message = head + struct.pack("!H", checksum(head + bytes(2) + rest)) + rest
        return IP(src="198.18.0.1", dst="198.18.0.%d" % r.getrandbits(8), proto=1) / Raw(message)
    packet = IPv6(src="2001:db8::1", dst="2001:db8::%x" % r.getrandbits(16), nh=58)
    head = bytes([160 + is_reply, code])
    sum = in6_chksum(58, packet, head + bytes(2) + rest)
    return packet / Raw(head + struct.pack("!H", sum) + rest)


def message(p):
    return bytes(p.payload)


def of(layer, start, format):
    """A field of messages in this IP layer."""
    return lambda p: struct.unpack_from("!" + format, message(p), start)[0] if type(p) is layer else None


def both(name, four, six, start, format):
    return [("ICMP/" + name, four, of(IP, start, format)), ("ICMPv6/" + name, six, of(IPv6, start, format))]


def bits(name, field, shift, mask, *types):
    """Bits of the last byte."""
    def get(layer):
        return lambda p: (
            message(p)[7] >> shift & mask if type(p) is layer and message(p)[0] in types else None)
    return [("ICMP/" + name, "icmp." + field, get(IP)), ("ICMPv6/" + name, "icmpv6." + field, get(IPv6))]


def told(kind, get):
    """What the object has to say, if it is of this type."""
    return lambda p: get(message(p)[16:]) if message(p)[15] == kind else None


def structure(start, format):
    return lambda p: struct.unpack_from("!" + format, message(p)[8:], start)[0] if message(p)[8:] else None


OBJECT = "ICMP extensions/Interface identification/"
REPLY = (43, 161)
FIELDS = [
    *both("Type", "icmp.type", "icmpv6.type", 0, "B"),
    *both("Code", "icmp.code", "icmpv6.code", 1, "B"),
    *both("Checksum", "icmp.checksum", "icmpv6.checksum", 2, "H"),
    *both("Identifier", None, None, 4, "H"),
    *both("Sequence number", None, None, 6, "B"),
    *bits("L", "ext.echo.req.local", 0, 1, 42, 160),
    *bits("State", "ext.echo.rsp.state", 5, 7, *REPLY),
    *bits("A", "ext.echo.rsp.active", 2, 1, *REPLY),
    *bits("4", "ext.echo.rsp.ipv4", 1, 1, *REPLY),
    *bits("6", "ext.echo.rsp.ipv6", 0, 1, *REPLY),
    ("ICMP extensions/Checksum", "icmp.ext.checksum", structure(2, "H")),
    (OBJECT + "Length", None, structure(4, "H")),
    (OBJECT + "Class-Num", None, structure(6, "B")),
    (OBJECT + "C-Type", None, structure(7, "B")),
    (OBJECT + "Name", "icmp.int_ident.name", told(1, lambda data: data.rstrip(b"\0").decode())),
    (OBJECT + "Index", "icmp.int_ident.index", told(2, lambda data: struct.unpack("!I", data)[0])),
    (OBJECT + "AFI", "icmp.int_ident.afi", told(3, lambda data: struct.unpack("!H", data[:2])[0])),
    (OBJECT + "Address length", "icmp.int_ident.addr_length", told(3, lambda data: data[2])),
]
CHECKSUMS = ["icmp.ext.checksum.status"]
