"""ICMP for IPv4 without extensions."""
import struct

from scapy.all import *

QUOTING = (3, 4, 5, 11, 12)
ASKING = (0, 8, 13, 14, 15, 16, 17, 18)
ROUTERS, TRACEROUTE = 9, 30  # scapy knows their numbers alone


def address(r):
    return "198.%d.%d.%d" % (r.choice([18, 19]), r.randrange(256), r.randrange(256))


def quote(r):
    options = r.choice([[], [], [IPOption_Router_Alert()]])
    packet = bytes(
        IP(src=address(r), dst=address(r), id=r.getrandbits(16), ttl=1, options=options)
        / UDP(sport=9, dport=9) / r.randbytes(r.randrange(60)))
    return Raw(packet[:r.choice([len(packet), 32])])


def raw(kind, code, rest):
    head = bytes([kind, code])
    return Raw(head + struct.pack("!H", checksum(head + bytes(2) + rest)) + rest)


def make(r):
    kind = r.choice([*QUOTING, *ASKING, 10, 40, 253, ROUTERS, TRACEROUTE])
    head = IP(src=address(r), dst=address(r), ttl=r.randrange(256), proto=1)
    if kind == ROUTERS:
        entries = [inet_aton(address(r)) + r.randbytes(4) for _ in range(r.choice([0, 1, 3]))]
        counts = struct.pack("!BBH", len(entries), 2, r.getrandbits(16))
        return head / raw(kind, r.choice([0, 16]), counts + b"".join(entries))
    if kind == TRACEROUTE:
        return head / raw(kind, r.getrandbits(8), r.randbytes(2) + bytes(2) + r.randbytes(12))
    message = ICMP(type=kind)
    # What has no codes is another message here if it has one.
    message.code = 0 if kind in (*ASKING, 4, 10) else r.getrandbits(8)
    message.id, message.seq = r.getrandbits(16), r.getrandbits(16)
    message.ts_ori, message.ts_rx, message.ts_tx = r.getrandbits(32), r.getrandbits(32), r.getrandbits(32)
    message.addr_mask, message.gw = "255.255.%d.0" % r.getrandbits(8), address(r)
    message.nexthopmtu, message.ptr = r.getrandbits(16), r.getrandbits(8)
    return head / message / (quote(r) if kind in QUOTING else r.randbytes(r.randrange(60)))


def of(types, get):
    """What messages of these types have."""
    return lambda p: get(p[ICMP]) if p[ICMP].type in types else None


def unpacked(kind, format, start):
    """A field that scapy leaves to the bytes."""
    return of([kind], lambda m: struct.unpack_from("!" + format, bytes(m), start)[0])


def each(format, start):
    return of([ROUTERS], lambda m: [
        struct.unpack_from("!" + format, bytes(m), 8 + start + 8 * n)[0] for n in range(bytes(m)[4])])


FIELDS = [
    ("ICMP/Type", "icmp.type", lambda p: p[ICMP].type),
    ("ICMP/Code", "icmp.code", lambda p: p[ICMP].code),
    ("ICMP/Checksum", "icmp.checksum", lambda p: p[ICMP].chksum),
    ("ICMP/Identifier", "icmp.ident", of(ASKING, lambda m: m.id)),
    ("ICMP/Sequence number", "icmp.seq", of(ASKING, lambda m: m.seq)),
    # tshark shows it of code 4 alone, and no length of 0.
    ("ICMP/Next-hop MTU", None, of([3], lambda m: m.nexthopmtu)),
    ("ICMP/Length", None, of([3, 11, 12], lambda m: m.length)),
    ("ICMP/Gateway address", "icmp.redir_gw", of([5], lambda m: m.gw)),
    ("ICMP/Pointer", "icmp.pointer", of([12], lambda m: m.ptr)),
    ("ICMP/Originate timestamp", "icmp.originate_timestamp", of([13, 14], lambda m: m.ts_ori)),
    ("ICMP/Receive timestamp", "icmp.receive_timestamp", of([13, 14], lambda m: m.ts_rx)),
    ("ICMP/Transmit timestamp", "icmp.transmit_timestamp", of([13, 14], lambda m: m.ts_tx)),
    ("ICMP/Address mask", "icmp.address_mask", of([17, 18], lambda m: m.addr_mask)),
    ("ICMP/Number of addresses", "icmp.num_addrs", unpacked(ROUTERS, "B", 4)),
    ("ICMP/Address entry size", "icmp.addr_entry_size", unpacked(ROUTERS, "B", 5)),
    ("ICMP/Lifetime", "icmp.lifetime", unpacked(ROUTERS, "H", 6)),
    ("Router/Router address", "icmp.router_address", None),
    ("Router/Preference level", "icmp.pref_level", each("i", 4)),
    # tshark knows nothing of traceroute.
    ("ICMP/ID number", None, unpacked(TRACEROUTE, "H", 4)),
    ("ICMP/Outbound hop count", None, unpacked(TRACEROUTE, "H", 8)),
    ("ICMP/Return hop count", None, unpacked(TRACEROUTE, "H", 10)),
    ("ICMP/Output link speed", None, unpacked(TRACEROUTE, "I", 12)),
    ("ICMP/Output link MTU", None, unpacked(TRACEROUTE, "I", 16)),
    ("Quoted packet/IPv4/Identification", None, lambda p: p[IPerror].id),
    ("Quoted packet/IPv4/Source address", None, lambda p: p[IPerror].src),
    ("Quoted packet/IPv4/Destination address", None, lambda p: p[IPerror].dst),
    ("Quoted packet/UDP/Source port", "udp.srcport", lambda p: p[UDPerror].sport),
    ("Quoted packet/UDP/Length", "udp.length", lambda p: p[UDPerror].len),
]
CHECKSUMS = ["icmp.checksum.status"]
