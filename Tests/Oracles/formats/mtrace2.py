"""Multicast traceroute of version 2. Neither scapy nor tshark knows it: the classes say once more, in scapy's words,
what stands in RFC 8487 section 3.2."""
from scapy.all import *


class Block(Packet):
    """Types that nobody knows, and what all have alike."""

    fields_desc = [ByteField("type", 9), ShortField("length", None), StrLenField(
        "value", b"\0", length_from=lambda p: p.length - 3)]

    def post_build(self, packet, payload):
        if self.length is None:
            packet = packet[:1] + len(packet).to_bytes(2, "big") + packet[3:]
        return packet + payload

    def extract_padding(self, rest):
        return b"", rest


def rows(name, address):
    """A query, request or reply with addresses of one family."""
    return type(name, (Block,), {"name": name, "fields_desc": [
        ByteField("type", 1), ShortField("length", None), ByteField("hops", 0), address("group", None),
        address("source", None), address("client", None), ShortField("identifier", 0), ShortField("port", 0)]})


Header4 = rows("Header4", IPField)
Header6 = rows("Header6", IP6Field)
COUNTS = [
    LongField("input", 0), LongField("output", 0), LongField("total", 0), ShortField("protocol", 0),
    ShortField("multicast", 0)]


class Response4(Block):
    fields_desc = [
        ByteField("type", 4), ShortField("length", None), ByteField("mbz", 0), IntField("arrival", 0),
        IPField("incoming", None), IPField("outgoing", None), IPField("upstream", None), *COUNTS, ByteField("ttl", 0),
        ByteField("mbz2", 0), BitField("s", 0, 1), BitField("mask", 0, 7), ByteField("code", 0)]


class Response6(Block):
    fields_desc = [
        ByteField("type", 4), ShortField("length", None), ByteField("mbz", 0), IntField("arrival", 0),
        IntField("incoming", 0), IntField("outgoing", 0), IP6Field("local", None), IP6Field("remote", None), *COUNTS,
        BitField("mbz2", 0, 15), BitField("s", 0, 1), ByteField("prefix", 0), ByteField("code", 0)]


class Augmented(Block):
    fields_desc = [
        ByteField("type", 5), ShortField("length", None), ByteField("mbz", 0), ShortField("inner", 0),
        StrLenField("value", b"", length_from=lambda p: p.length - 6)]


class Extended(Block):
    fields_desc = [
        ByteField("type", 6), ShortField("length", None), BitField("mbz", 0, 7), BitField("t", 0, 1),
        ShortField("inner", 0), StrLenField("value", b"", length_from=lambda p: p.length - 6)]


def v4(r):
    return "198.%d.%d.%d" % (r.choice([18, 19]), r.randrange(256), r.randrange(256))


def v6(r):
    return "2001:db8:%x::%x" % (r.randrange(65536), r.randrange(65536))


def block(r, is_v4):
    kind = r.randrange(6)
    if kind == 0:
        return Augmented(inner=r.randrange(65536), value=r.randbytes(r.randrange(9)))
    if kind == 1:
        return Extended(t=r.randrange(2), inner=r.randrange(65536), value=r.randbytes(r.randrange(9)))
    if kind == 2:
        return Block(type=r.randrange(7, 256), value=r.randbytes(r.randrange(1, 9)))
    alike = dict(
        arrival=r.getrandbits(32), input=r.getrandbits(64), output=r.getrandbits(64), total=r.getrandbits(64),
        protocol=r.randrange(20), multicast=r.randrange(13), s=r.randrange(2), code=r.randrange(14))
    if is_v4:
        return Response4(
            incoming=v4(r), outgoing=v4(r), upstream=v4(r), ttl=r.randrange(256), mask=r.randrange(128), **alike)
    return Response6(
        incoming=r.getrandbits(32), outgoing=r.getrandbits(32), local=v6(r), remote=v6(r), prefix=r.randrange(256),
        **alike)


def make(r):
    is_v4 = r.randrange(2) == 0
    ip = IP(src=v4(r), dst=v4(r)) if is_v4 else IPv6(src=v6(r), dst=v6(r))
    alike = dict(
        type=r.randrange(1, 4), hops=r.randrange(256), identifier=r.randrange(65536), port=r.randrange(65536))
    header = (
        Header4(group="239.1.2.3", source=v4(r), client=v4(r), **alike) if is_v4
        else Header6(group="ff3e::1", source=v6(r), client=v6(r), **alike))
    payload = bytes(header) + b"".join(bytes(block(r, is_v4)) for _ in range(r.randrange(5)))
    return ip / UDP(sport=r.choice([33435, 40000]), dport=33435) / Raw(payload)


def blocks(p):
    """Every block of the datagram, the header first."""
    rest, found = bytes(p[UDP].payload), []
    while rest:
        kind, length = rest[0], int.from_bytes(rest[1:3], "big")
        known = {4: {52: Response4, 80: Response6}.get(length, Block), 5: Augmented, 6: Extended}.get(kind, Block)
        if not found:
            known = {20: Header4, 56: Header6}[length]
        found.append(known(rest[:length]))
        rest = rest[length:]
    return found


def each(name, *kinds):
    """The field of every block of these kinds, in order."""
    return lambda p: [
        value.hex() if isinstance(value, bytes) else value
        for block in blocks(p) if type(block) in kinds for value in [getattr(block, name)] if value != b""]


headers, responses = (Header4, Header6), (Response4, Response6)
FIELDS = [
    ("Mtrace2/Type", None, each("type", *headers)),
    ("Mtrace2/Length", None, each("length", *headers)),
    ("Mtrace2/# Hops", None, each("hops", *headers)),
    ("Mtrace2/Multicast address", None, each("group", *headers)),
    ("Mtrace2/Source address", None, each("source", *headers)),
    ("Mtrace2/Mtrace2 client address", None, each("client", *headers)),
    ("Mtrace2/Query ID", None, each("identifier", *headers)),
    ("Mtrace2/Client port #", None, each("port", *headers)),
    ("Mtrace2/Standard response block/Length", None, each("length", *responses)),
    ("Mtrace2/Standard response block/Query arrival time", None, each("arrival", *responses)),
    ("Mtrace2/Standard response block/Incoming interface address", None, each("incoming", Response4)),
    ("Mtrace2/Standard response block/Outgoing interface address", None, each("outgoing", Response4)),
    ("Mtrace2/Standard response block/Upstream router address", None, each("upstream", Response4)),
    ("Mtrace2/Standard response block/Incoming interface ID", None, each("incoming", Response6)),
    ("Mtrace2/Standard response block/Outgoing interface ID", None, each("outgoing", Response6)),
    ("Mtrace2/Standard response block/Local address", None, each("local", Response6)),
    ("Mtrace2/Standard response block/Remote address", None, each("remote", Response6)),
    ("Mtrace2/Standard response block/Input packet count", None, each("input", *responses)),
    ("Mtrace2/Standard response block/Output packet count", None, each("output", *responses)),
    ("Mtrace2/Standard response block/Total number of packets", None, each("total", *responses)),
    ("Mtrace2/Standard response block/Rtg protocol", None, each("protocol", *responses)),
    ("Mtrace2/Standard response block/Multicast rtg protocol", None, each("multicast", *responses)),
    ("Mtrace2/Standard response block/Fwd TTL", None, each("ttl", Response4)),
    ("Mtrace2/Standard response block/S", None, each("s", *responses)),
    ("Mtrace2/Standard response block/Src mask", None, each("mask", Response4)),
    ("Mtrace2/Standard response block/Src prefix len", None, each("prefix", Response6)),
    ("Mtrace2/Standard response block/Forwarding code", None, each("code", *responses)),
    ("Mtrace2/Augmented response block/Augmented response type", None, each("inner", Augmented)),
    ("Mtrace2/Augmented response block/Value", None, each("value", Augmented)),
    ("Mtrace2/Extended query block/T", None, each("t", Extended)),
    ("Mtrace2/Extended query block/Extended query type", None, each("inner", Extended)),
    ("Mtrace2/Extended query block/Value", None, each("value", Extended)),
    ("Mtrace2/Unknown block/Type", None, each("type", Block)),
    ("Mtrace2/Unknown block/Value", None, each("value", Block)),
]
CHECKSUMS = ["udp.checksum.status"]
