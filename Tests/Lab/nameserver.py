#!/usr/bin/env python3
"""A name server that knows what a file says, and answers as badly as the file asks for.

A line of the file is NAME TYPE DATA. A NAME is a domain name, `*.` and the end of one, `*` for all, or an address,
which stands for its name in in-addr.arpa or ip6.arpa; where several fit, the longest counts. A TYPE is one of these:

  PTR NAME, CNAME NAME, TXT TEXT, A ADDRESS, AAAA ADDRESS     a record, with \\xHH for an odd octet
  SILENT          no answer
  DELAY MS        every answer so late
  HOLD COUNT      no answer until so many different questions like this one have come
  CODE NUMBER     this response code (RFC 1035, section 4.1.1), and no record
  TRUNCATED       over UDP no records, but that there are some
  ANSWER HEX      these octets where a record should be
  MESSAGE HEX     these octets behind the identifier, and nothing else

Of each NAME it knows besides how often it was asked: the TXT record of asked.NAME. It goes to the background when it is
ready, and prints its port, for which 0 asks for any.
"""
import heapq
import ipaddress
import os
import re
import select
import socket
import struct
import sys
import time

TYPES = {"A": 1, "CNAME": 5, "PTR": 12, "TXT": 16, "AAAA": 28}
QUERY_HEADER, RESPONSE, TRUNCATED, NO_SUCH_NAME = 12, 0x8580, 0x0200, 3


def unescaped(text):
    return re.sub(r"\\x(..)", lambda match: chr(int(match[1], 16)), text).encode("latin-1")


def wire_name(text):
    labels = [unescaped(label) for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def read_name(message, position):
    """A name as text, and where it ends. Questions have no compressed names."""
    labels = []
    while length := message[position]:
        if length > 63:
            raise ValueError("compressed")
        labels.append(message[position + 1 : position + 1 + length].decode("latin-1"))
        position += 1 + length
    return ".".join(labels).lower(), position + 1


def record_data(kind, text):
    if kind in ("PTR", "CNAME"):
        return wire_name(text)
    if kind == "TXT":
        data = unescaped(text)
        return b"".join(bytes([len(part)]) + part for part in (data[i : i + 255] for i in range(0, len(data), 255)))
    return ipaddress.ip_address(text).packed


def key(name):
    try:
        return ipaddress.ip_address(name).reverse_pointer
    except ValueError:
        return name.lower().rstrip(".")


class Zone:
    def __init__(self, file):
        self.lines, self.asked, self.held = {}, {}, {}
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, kind, data = (line.strip().split(None, 2) + [""])[:3]
                self.lines.setdefault(key(name), []).append((kind, data))

    def find(self, name):
        """The lines about a name, and the pattern that they stand at."""
        if name in self.lines:
            return self.lines[name], name
        parts = name.split(".")
        for start in range(1, len(parts) + 1):
            pattern = ".".join(["*"] + parts[start:])
            if pattern in self.lines:
                return self.lines[pattern], pattern
        return None, None

    def answers(self, query, over_udp, reply):
        """What to send: a list of (seconds from now, reply, message)."""
        name, position = read_name(query, QUERY_HEADER)
        kind = struct.unpack("!H", query[position : position + 2])[0]
        question = query[QUERY_HEADER : position + 4]
        if name.startswith("asked."):
            lines, pattern = [("TXT", str(self.asked.get(name[6:], 0)))], None
        else:
            self.asked[name] = self.asked.get(name, 0) + 1
            lines, pattern = self.find(name)
        said = dict(lines or [])
        if "SILENT" in said:
            return []
        wanted = [(name, k, data) for k, data in lines or [] if k in TYPES and (TYPES[k] == kind or k == "CNAME")]
        # What a CNAME leads to comes along, as from a recursive server.
        for target in [data for _, k, data in wanted if k == "CNAME"]:
            wanted += [(target, k, data) for k, data in self.find(key(target))[0] or [] if TYPES.get(k) == kind]
        code = int(said.get("CODE", NO_SUCH_NAME if lines is None else 0))
        cut = TRUNCATED if "TRUNCATED" in said and over_udp else 0
        records = [] if cut or code else [self.record(*one) for one in wanted]
        records += [bytes.fromhex(data) for k, data in lines or [] if k == "ANSWER"]
        header = query[:2] + struct.pack("!HHHHH", RESPONSE | cut | code, 1, len(records), 0, 0)
        message = header + question + b"".join(records)
        if "MESSAGE" in said:
            message = query[:2] + bytes.fromhex(said["MESSAGE"])
        answer = (int(said.get("DELAY", 0)) / 1000, reply, message)
        if "HOLD" not in said:
            return [answer]
        held = self.held.setdefault(pattern, {})
        held[name] = answer
        if len(held) < int(said["HOLD"]):
            return []
        return list(held.values())

    @staticmethod
    def record(name, kind, data):
        data = record_data(kind, data)
        return wire_name(name) + struct.pack("!HHIH", TYPES[kind], 1, 60, len(data)) + data


def open_port(address, port):
    """Sockets of UDP and of TCP with the same port: where any will do, one that is free in both."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for attempt in range(100):
        udp = socket.socket(family, socket.SOCK_DGRAM)
        udp.bind((address, port))
        try:
            return udp, socket.create_server(udp.getsockname()[:2], family=family)
        except OSError:
            if port or attempt == 99:
                raise
            udp.close()


def serve(address, port, zone, owner):
    """Answers until the process whose pidfd is `owner` ends."""
    udp, listener = open_port(address, port)
    print(udp.getsockname()[1], flush=True)
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    waiting, order, streams = [], 0, {}
    while True:
        timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        ready = select.select([owner, udp, listener, *streams], [], [], timeout)[0]
        if owner in ready:
            return
        queries = []
        for end in ready:
            if end is udp:
                query, client = udp.recvfrom(65536)
                queries.append((query, True, lambda message, client=client: udp.sendto(message, client)))
            elif end is listener:
                streams[listener.accept()[0]] = b""
            else:
                data = end.recv(65536)
                streams[end] += data
                if not data:
                    del streams[end]
                    continue
                while len(streams[end]) > 2 and len(streams[end]) >= 2 + int.from_bytes(streams[end][:2], "big"):
                    length = 2 + int.from_bytes(streams[end][:2], "big")
                    query, streams[end] = streams[end][2:length], streams[end][length:]
                    send = lambda message, end=end: end.sendall(struct.pack("!H", len(message)) + message)
                    queries.append((query, False, send))
        for query, over_udp, reply in queries:
            try:
                answers = zone.answers(query, over_udp, reply)
            except (ValueError, IndexError, struct.error):
                continue
            for delay, reply, message in answers:
                order += 1
                heapq.heappush(waiting, (time.monotonic() + delay, order, reply, message))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, reply, message = heapq.heappop(waiting)
            try:
                reply(message)
            except OSError:
                pass


if len(sys.argv) == 4 and "LAB_OWNER" in os.environ:
    with open(sys.argv[3], encoding="latin-1") as file:
        known = Zone(file)
    serve(sys.argv[1], int(sys.argv[2]), known, os.pidfd_open(int(os.environ["LAB_OWNER"])))
else:
    sys.exit("usage: LAB_OWNER=PID nameserver.py ADDRESS PORT FILE\n\n" + __doc__)
