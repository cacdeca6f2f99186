"""How near to the truth is the round-trip time that is printed?

The truth is the kernel's own: a packet socket on the sending interface notes when a request left and its reply came.
It is read after each run, so nothing runs beside the program that is measured.

What else the machine does changes all times severalfold within seconds. So the programs take short turns, each time
another one first, and ping takes part twice: a difference no larger than that between its two lines means nothing.

Between the two moments of a request, when it is captured and when the driver has it, the kernel makes the copy for the
capture. After a pause its code and data are out of the processor's caches, and that alone takes more than a microsecond;
so there is a table without pauses and one with them.
"""
import json
import os
import re
import socket
import struct
import subprocess

from side_by_side import median, table

TURNS, COUNT, HOST, INTERFACE = 10, 100, "198.18.1.2", "host"
PACES = {"the next as the reply comes": ["-A"], "one every 2 ms": ["-i", "0.002"]}
ALL_PROTOCOLS, SO_RCVBUFFORCE, SO_TIMESTAMPNS, ECHO_REPLY, ECHO_REQUEST = 3, 33, 35, 0, 8


def watch():
    """A packet socket that notes nanoseconds, wide enough for a whole run."""
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    tap.bind((INTERFACE, ALL_PROTOCOLS))
    tap.setblocking(False)
    return tap


def captured(tap):
    """Round trips by sequence number, in seconds."""
    times = {}
    while True:
        try:
            packet, ancillary, _, _ = tap.recvmsg(2048, 128)
        except BlockingIOError:
            break
        if len(packet) < 28 or packet[0] != 0x45 or packet[9] != socket.IPPROTO_ICMP:
            continue
        seconds, nanoseconds = next(
            struct.unpack("qq", data) for level, kind, data in ancillary if kind == SO_TIMESTAMPNS)
        times[packet[20], struct.unpack("!H", packet[26:28])[0]] = seconds * 10**9 + nanoseconds
    return {
        sequence: (times[ECHO_REPLY, sequence] - sent) / 1e9
        for (kind, sequence), sent in times.items() if kind == ECHO_REQUEST and (ECHO_REPLY, sequence) in times
    }


def text_times(output):
    return {int(n): float(ms) / 1e3 for n, ms in re.findall(r"icmp_seq=(\d+) .*time=([\d.]+) ms", output)}


def json_times(output):
    records = (json.loads(line) for line in output.splitlines() if line.startswith("{"))
    return {record["icmp_seq"]: float(record["rtt"]) for record in records if record.get("type") == "reply"}


netprobe = [os.environ["NETPROBE_BINARY"], "ping"]
variants = {
    "ping": (["ping"], text_times),
    "ping, again": (["ping"], text_times),
    "netprobe ping": (netprobe, text_times),
    "netprobe ping --json": ([*netprobe, "--json"], json_times),
}


def compare(pace):
    """Captured and printed round trips of each variant."""
    pairs = {name: [] for name in variants}
    for turn in range(TURNS):
        first = turn % len(variants)
        for name in (list(variants) * 2)[first:first + len(variants)]:
            command, read = variants[name]
            with watch() as tap:
                output = subprocess.run([*command, *pace, "-c", str(COUNT), HOST], capture_output=True, text=True)
                truth, printed = captured(tap), read(output.stdout)
            pairs[name] += [(truth[n], printed[n]) for n in truth.keys() & printed.keys()]
    return pairs


for words, pace in PACES.items():
    rows = []
    for name, both in compare(pace).items():
        columns = [[t for t, _ in both], [p for _, p in both], [abs(p - t) for t, p in both]]
        rows.append([name, *(f"{median(column) * 1e6:.2f} µs" if both else "-" for column in columns), len(both)])
    table(f"truth: {TURNS * COUNT:,} echoes over veth, {words}, in {TURNS} turns; medians",
          ["", "captured", "printed", "error", "compared"], rows)
