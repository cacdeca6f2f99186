"""What the expressions of vectors are made of: scapy's classes, and what scapy lacks."""
import logging
logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import *  # noqa: F401,F403 the vocabulary of the expressions; before what has the names of its own
from scapy.contrib.icmp_extensions import *  # noqa: F401,F403
from scapy.contrib.igmp import IGMP  # noqa: F401
from scapy.contrib.igmpv3 import IGMPv3, IGMPv3gr, IGMPv3mq, IGMPv3mr, IGMPv3mra  # noqa: F401
from scapy.contrib.mpls import MPLS  # noqa: F401

import socket
import struct

# What errors quote: a probe of traceroute.
probe = UDP(sport=40000, dport=33434) / bytes(range(64, 96))
quoted4 = IP(src="198.18.0.1", dst="198.18.2.2", id=0x1234, ttl=1) / probe
quoted6 = IPv6(src="2001:db8::1", dst="2001:db8:2::2", hlim=1) / probe


def padded(packet, octets=128):
    """A quote in front of extensions: RFC 4884 section 4 wants it at least this long, filled up with zeros."""
    return Raw(raw(packet)[:octets].ljust(octets, b"\0"))


def address(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def checksummed(message, at=2):
    """The message with its Internet checksum, which stands at the given offset."""
    return Raw(message[:at] + checksum(message).to_bytes(2, "big") + message[at + 2:])


def extension(number, kind, value):
    """An object of a class and a C-Type (RFC 4884 section 7.1)."""
    return struct.pack("!HBB", 4 + len(value), number, kind) + value


def extensions(*objects):
    """An extension structure; scapy's own ICMPExtensionHeader leaves the objects out of its checksum."""
    return checksummed(b"\x20\0\0\0" + b"".join(map(bytes, objects)))


def with_checksum(below, at, segment, covered=None):
    """A header and a segment of a transport that scapy does not know, with its checksum over the pseudo header
    (RFC 768, RFC 8200 section 8.1) and as many octets as are covered."""
    if isinstance(below, IPv6):
        pseudo = address(below.src) + address(below.dst) + struct.pack("!II", len(segment), below.nh)
    else:
        pseudo = address(below.src) + address(below.dst) + struct.pack("!HH", below.proto, len(segment))
    sum = checksum(pseudo + segment[:covered])
    return below / Raw(segment[:at] + sum.to_bytes(2, "big") + segment[at + 2:])


def udplite(below, coverage, data):
    """A datagram of UDP-Lite (RFC 3828) from port 40000 to 5001; the checksum covers `coverage` octets, 0 for all."""
    return with_checksum(below, 6, struct.pack("!HHHH", 40000, 5001, coverage, 0) + data, coverage or None)


def dccp(below, type, sequence, rest=b"", data=b"", options=b"", coverage=0, extended=True):
    """A packet of DCCP (RFC 4340 section 5) from port 40000 to 5001; `rest` is what its type adds to the header."""
    number = sequence.to_bytes(7 if extended else 3, "big")
    length = 9 + len(number) + len(rest) + len(options)
    head = struct.pack("!HHBBHB", 40000, 5001, length // 4, coverage, 0, type << 1 | extended)
    covered = length + 4 * (coverage - 1) if coverage else None
    return with_checksum(below, 6, head + number + rest + options + data, covered)


def mtrace_block(incoming, outgoing, previous, counts=(1000, 900, 850), code=0):
    """A response of a router (draft-ietf-idmr-traceroute-ipm-07 section 6): protocol PIM, threshold 1, mask 24."""
    addresses = address(incoming) + address(outgoing) + address(previous)
    return struct.pack("!I12sIIIBBBB", 0x12345678, addresses, *counts, 3, 1, 24, code)


def tlv(type, value):
    """A message or a block of Mtrace2 (RFC 8487 section 3.1): the length counts the type and itself."""
    return struct.pack("!BH", type, 3 + len(value)) + value


def mtrace2(type, group, source, client):
    """A query, request or reply of Mtrace2 (RFC 8487 section 3.2.1): 32 hops, query 0x1234, client's port 40000."""
    return tlv(type, b"\x20" + address(group) + address(source) + address(client) + struct.pack("!HH", 0x1234, 40000))


def mtrace2_block4(incoming, outgoing, upstream, counts=(1000, 900, 850), code=0):
    """A standard response block (RFC 8487 section 3.2.4): protocols OSPF and PIM-SM, forwarding TTL 1, mask 24."""
    addresses = address(incoming) + address(outgoing) + address(upstream)
    return tlv(4, struct.pack("!BI12sQQQHHBBBB", 0, 0x12345678, addresses, *counts, 13, 0, 1, 0, 24, code))


def mtrace2_block6(incoming, outgoing, local, remote, counts=(1000, 900, 850), code=0):
    """A standard response block (RFC 8487 section 3.2.5): the interfaces by index, prefix length 64."""
    ends = address(local) + address(remote)
    return tlv(4, struct.pack(
        "!BIII32sQQQHHHBB", 0, 0x12345678, incoming, outgoing, ends, *counts, 13, 0, 0, 64, code))
