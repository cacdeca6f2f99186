"""DCCP, which scapy doesn't know: its bytes come from the fields below, and its checksum from scapy."""
import struct

from scapy.all import *

PROTOCOL = 33


def number(r, extended):
    return r.randbytes(6 if extended else 3)


def subheader(r, type, extended):
    """What a type has between the generic header and the options."""
    acknowledgment = (b"\0\0" if extended else b"\0") + number(r, extended)
    if type == 0:
        return r.randbytes(4)
    if type == 1:
        return acknowledgment + r.randbytes(4)
    if type == 2:
        return b""
    if type == 7:
        return acknowledgment + bytes([r.randrange(12)]) + r.randbytes(3)
    return acknowledgment


def options(r):
    """Padding, a slow receiver, an elapsed time, an init cookie: whole words."""
    return r.choice([b"", b"\0" * 4, b"\2\0\0\0", b"\x2b\4" + r.randbytes(2), b"\x24\x0c" + r.randbytes(10)])


def make(r):
    type = r.randrange(10)
    extended = type not in (2, 3, 4) or r.randrange(2)
    data = r.randbytes(r.randrange(60)) if type in (0, 1, 2, 4) else b""
    rest = (b"\0" if extended else b"") + number(r, extended) + subheader(r, type, extended) + options(r)
    length = 9 + len(rest)
    coverage = r.randrange(min(16, len(data) // 4 + 2))
    ports = struct.pack("!HH", r.randrange(65536), r.randrange(65536))
    start = ports + bytes([length // 4, r.randrange(16) << 4 | coverage])
    behind = bytes([type << 1 | bool(extended)]) + rest + data
    whole = start + b"\0\0" + behind
    covered = whole[:length + 4 * (coverage - 1)] if coverage else whole
    if r.randrange(2):
        below = IP(src="198.18.0.1", dst="198.18.0.2", proto=PROTOCOL)
        ends = bytes([198, 18, 0, 1, 198, 18, 0, 2]) + struct.pack("!BBH", 0, PROTOCOL, len(whole))
    else:
        below = IPv6(src="2001:db8::1", dst="2001:db8::2", nh=PROTOCOL)
        ends = inet_pton(socket.AF_INET6, below.src) + inet_pton(socket.AF_INET6, below.dst)
        ends += struct.pack("!II", len(whole), PROTOCOL)
    return below / Raw(start + struct.pack("!H", checksum(ends + covered)) + behind)


def sequence_number(p):
    """tshark has a field of its own for short ones."""
    header = p[Raw].load
    return int.from_bytes(header[10:16] if header[8] & 1 else header[9:12], "big")


FIELDS = [
    ("DCCP/Source port", "dccp.srcport", None),
    ("DCCP/Destination port", "dccp.dstport", None),
    ("DCCP/Data offset", "dccp.data_offset", None),
    ("DCCP/CCVal", "dccp.ccval", None),
    ("DCCP/CsCov", "dccp.cscov", None),
    ("DCCP/Checksum", "dccp.checksum", None),
    ("DCCP/Res", "dccp.res1", None),
    ("DCCP/Type", "dccp.type", None),
    ("DCCP/X", "dccp.x", None),
    ("DCCP/Sequence number", None, sequence_number),
    ("DCCP/Acknowledgment number", "dccp.ack_raw", None),
    ("DCCP/Service code", "dccp.service_code", None),
    ("DCCP/Reset code", "dccp.reset_code", None),
]
CHECKSUMS = ["dccp.checksum.status"]
