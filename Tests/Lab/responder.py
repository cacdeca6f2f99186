#!/usr/bin/env python3
"""Answers echo requests to 203.0.113.N and 2001:db8:113::N as badly as the number N asks for (--list).

The kernel beside it does not forward, so it drops these requests; a packet socket sees and answers them all the same,
and needs no device file as TUN would. Fragments are not answered.
"""
import heapq
import ipaddress
import os
import select
import socket
import struct
import sys
import time

IP, IPV6 = 0x0800, 0x86DD
ICMP, ICMPV6, DESTINATION_OPTIONS, HOP_BY_HOP = 1, 58, 60, 0
ROUTER = {4: "203.0.113.254", 6: "2001:db8:113::254"}
OTHER = {4: "203.0.113.206", 6: "2001:db8:113::206"}
NETWORKS = [ipaddress.ip_network("203.0.113.0/24"), ipaddress.ip_network("2001:db8:113::/64")]
NO_OPERATION, RECORD_ROUTE = 1, 7


def checksum(data):
    words = struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2))
    total = sum(words)
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return total ^ 0xFFFF


def address(text):
    return ipaddress.ip_address(text).packed


class Request:
    """An echo request, and the packets that may answer it."""

    def __init__(self, packet):
        self.packet = packet
        self.version = packet[0] >> 4
        if self.version == 4:
            start, echo, protocol = (packet[0] & 15) * 4, 8, packet[9]
            part_of_more = struct.unpack("!H", packet[6:8])[0] & 0x3FFF
            self.source, self.destination = packet[12:16], packet[16:20]
            self.packet = packet[: struct.unpack("!H", packet[2:4])[0]]
        else:
            start, echo, protocol, part_of_more = 40, 128, packet[6], 0
            self.source, self.destination = packet[8:24], packet[24:40]
        self.icmp = self.packet[start:]
        to = ipaddress.ip_address(self.destination)
        whole_echo = protocol in (ICMP, ICMPV6) and self.icmp[0] == echo and not part_of_more
        if not whole_echo or not any(to in network for network in NETWORKS):
            raise ValueError("not ours")
        self.identifier, self.sequence = struct.unpack("!HH", self.icmp[4:8])
        # The number as it is written: ::16 is sixteen, though its bits say twenty-two.
        self.number = to.packed[3] if self.version == 4 else int(f"{to.packed[14] << 8 | to.packed[15]:x}")

    def seal(self, icmp, source):
        """`icmp` with its checksum."""
        pseudo = b"" if self.version == 4 else source + self.source + struct.pack("!II", len(icmp), ICMPV6)
        return icmp[:2] + struct.pack("!H", checksum(pseudo + icmp[:2] + b"\0\0" + icmp[4:])) + icmp[4:]

    def ip(self, icmp, source=None, options=b"", extension=None, excess=0, hop_limit=64):
        """An IP packet to the one who asked. `excess` makes its length field lie; `extension` is (number, bytes)."""
        source = source or self.destination
        if self.version == 4:
            length = 20 + len(options) + len(icmp) + excess
            first = 0x45 + len(options) // 4
            header = struct.pack("!BBHHHBBH", first, 0, length, 0, 0, hop_limit, ICMP, 0)
            header += source + self.source + options
            return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + icmp
        number, middle = (ICMPV6, b"") if extension is None else (extension[0], bytes([ICMPV6]) + extension[1])
        header = struct.pack("!IHBB", 6 << 28, len(middle) + len(icmp) + excess, number, hop_limit)
        return header + source + self.source + middle + icmp

    def reply(self, identifier=None, body=None, source=None, **changes):
        """An echo reply, right but for what the arguments say."""
        source = source or self.destination
        kind = 0 if self.version == 4 else 129
        head = struct.pack("!BBHHH", kind, 0, 0, identifier or self.identifier, self.sequence)
        icmp = self.seal(head + (self.icmp[8:] if body is None else body), source)
        return self.ip(icmp, source, **changes)

    def error(self, v4, v6, rest=bytes(4), quote=None, source=None, **changes):
        """An ICMP error of (type, code), from a router, that quotes the request."""
        source = source or address(ROUTER[self.version])
        quote = (self.packet[:548] if self.version == 4 else self.packet[:1232]) if quote is None else quote
        icmp = bytes(v4 if self.version == 4 else v6) + b"\0\0" + rest + quote
        return self.ip(self.seal(icmp, source), source, **changes)


def correct(request):
    """answers as it should"""
    return [(0, request.reply())]


def twice(request):
    """answers twice"""
    return [(0, request.reply()), (0, request.reply())]


def bad_checksum(request):
    """ICMP checksum off by one bit"""
    icmp = bytearray(request.seal(bytes([0 if request.version == 4 else 129]) + request.icmp[1:], request.destination))
    icmp[3] ^= 1
    return [(0, request.ip(bytes(icmp)))]


def truncated(request):
    """ICMP ends after six octets, in the middle of its header; its checksum is right"""
    kind = 0 if request.version == 4 else 129
    icmp = struct.pack("!BBHH", kind, 0, 0, request.identifier)
    return [(0, request.ip(request.seal(icmp, request.destination)))]


def other_identifier(request):
    """another identifier than asked for"""
    return [(0, request.reply(identifier=request.identifier ^ 0x5555 or 1))]


def other_source(request):
    """answers from 203.0.113.206, 2001:db8:113::206"""
    return [(0, request.reply(source=address(OTHER[request.version])))]


def garbage_quoted(request):
    """time exceeded, quoting 28 octets of garbage"""
    return [(0, request.error((11, 0), (3, 0), quote=b"\xa5" * 28))]


def other_payload(request):
    """the last octet of the payload is another"""
    body = request.icmp[8:]
    return [(0, request.reply(body=body[:-1] + bytes([body[-1] ^ 0xFF]) if body else b""))]


def late(request):
    """answers after 300 ms"""
    return [(0.3, request.reply())]


held = {}


def swapped(request):
    """answers every other request only after the next one (or after 500 ms)"""
    key = (request.source, request.identifier)
    earlier = held.pop(key, None)
    if earlier is not None and time.monotonic() < earlier[0] + 0.5:
        earlier[1][:] = [0, b""]
        return [(0, request.reply()), (0, earlier[2])]
    answer = [0.5, request.reply()]
    held[key] = (time.monotonic(), answer, answer[1])
    return [answer]


def lossy(request):
    """does not answer every third sequence number: 3, 6, 9…"""
    return [] if request.sequence % 3 == 0 else correct(request)


def unreachable(request):
    """host unreachable (IPv6: address unreachable), quoted as it should be"""
    return [(0, request.error((3, 1), (1, 3)))]


def bad_option(request):
    """an option longer than its header; a receiving kernel drops it"""
    extension = (HOP_BY_HOP, bytes([0, 0x3E, 200, 0, 0, 0, 0]))
    return [(0, request.reply(options=bytes([RECORD_ROUTE, 255, 4, 0]), extension=extension))]


def bad_length(request):
    """an IP length 400 octets beyond the end; a receiving kernel drops it"""
    return [(0, request.reply(excess=400))]


def redirect(request):
    """redirect to 203.0.113.254, quoted as it should be, then the right answer"""
    if request.version == 4:
        packet = request.error((5, 1), None, rest=address(ROUTER[4]))
    else:
        original = request.packet[: len(request.packet) // 8 * 8][:1000]
        option = bytes([4, 1 + len(original) // 8]) + bytes(6) + original
        rest = bytes(4) + address(ROUTER[6]) + request.destination
        packet = request.error(None, (137, 0), rest=rest, quote=option, source=address("fe80::254"), hop_limit=255)
    return [(0, packet), (0, request.reply())]


def quench(request):
    """source quench (IPv6: an error of the unknown type 100), quoted as it should be"""
    return [(0, request.error((4, 0), (100, 0)))]


def padded(request):
    """a 60-octet header of no-operation options (IPv6: destination options that are padding)"""
    extension = (DESTINATION_OPTIONS, bytes([0, 1, 4, 0, 0, 0, 0]))
    return [(0, request.reply(options=bytes([NO_OPERATION] * 40), extension=extension))]


def odd_pointer(request):
    """a record route option whose pointer is 255 (IPv6: a hop-by-hop option that nobody knows)"""
    extension = (HOP_BY_HOP, bytes([0, 0x3E, 4, 1, 2, 3, 4]))
    return [(0, request.reply(options=bytes([RECORD_ROUTE, 7, 255]) + bytes(5), extension=extension))]


BEHAVIOURS = dict(enumerate([
    correct, twice, bad_checksum, truncated, other_identifier, other_source, garbage_quoted, other_payload, late,
    swapped, lossy, unreachable, bad_option, bad_length, redirect, quench, padded, odd_pointer,
], start=1))


def serve(interface, owner):
    """Answers on `interface` until the process whose pidfd is `owner` ends."""
    links = []
    for protocol in (IP, IPV6):
        link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(protocol))
        link.bind((interface, protocol))
        links.append(link)
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    waiting, order = [], 0
    while True:
        timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        ready = select.select([owner, *links], [], [], timeout)[0]
        if owner in ready:
            return
        for link in ready:
            packet, origin = link.recvfrom(65536)
            try:
                request = Request(packet) if origin[2] == socket.PACKET_HOST else None
            except (ValueError, IndexError, struct.error):
                continue
            behaviour = BEHAVIOURS.get(request.number) if request else None
            for answer in behaviour(request) if behaviour else []:
                order += 1
                to = (interface, IP if request.version == 4 else IPV6, 0, 0, origin[4])
                heapq.heappush(waiting, (time.monotonic() + answer[0], order, link, to, answer))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, link, to, answer = heapq.heappop(waiting)
            if answer[1]:
                link.sendto(answer[1], to)


if sys.argv[1:] == ["--list"]:
    for number, behaviour in BEHAVIOURS.items():
        print(f"{number:3} {behaviour.__doc__}")
elif len(sys.argv) == 2 and "LAB_OWNER" in os.environ:
    serve(sys.argv[1], os.pidfd_open(int(os.environ["LAB_OWNER"])))
else:
    sys.exit("usage: LAB_OWNER=PID responder.py INTERFACE | responder.py --list")
