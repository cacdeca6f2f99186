"""`Packets` beside loops in C and scapy: one packet built, read, summed up.

The contestants take turns. What a turn allocates is counted by valgrind: how often twice as many turns ask for memory
more.
"""
import re
import subprocess
import sys

from side_by_side import median, table

RUNS = 9
SCAPY = "scapy"
COUNTS = {"build": 2_000_000, "parse": 1_000_000, "checksum": 2_000_000}
TITLES = {
    "build": "an ICMP echo request and its IPv4 header into the same bytes again; wanted 30 ns, nothing allocated",
    "parse": "a time exceeded with its quote and two MPLS labels read; wanted 100 ns, nothing allocated",
    "checksum": "the checksum of 1,500 bytes; wanted 10 GB/s or 0.9 of the best loop in C",
}
C_LOOPS = {f"C, {bits} bits a step{name}": [program, bits]
           for program, name in [("packets", ""), ("packets-native", ", for this processor alone")]
           for bits in ["16", "32", "64"]}
SCAPY_WORK = r"""
import sys, time
from scapy.all import IP, ICMP, UDP, Raw, checksum, load_contrib
from scapy.contrib.mpls import MPLS
work, count = sys.argv[1], int(sys.argv[2])
quote = bytes(IP(src="198.18.0.1", dst="198.18.0.2", ttl=1) / UDP(sport=50000, dport=33434) / bytes(100))
answer = bytes(IP(src="198.18.0.2", dst="198.18.0.1") / ICMP(type=11) / quote)
data = bytes(i * 37 & 255 for i in range(1500))
start = time.perf_counter_ns()
for turn in range(count):
    if work == "build":
        bytes(IP(src="198.18.0.1", dst="198.18.0.2", id=turn) / ICMP(id=7, seq=turn) / bytes(32))
    elif work == "parse":
        IP(answer)[ICMP].payload
    else:
        checksum(data)
print((time.perf_counter_ns() - start) / count, 0)
"""


def run(command, count):
    done = subprocess.run([*command, str(count)], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"{' '.join(done.args)}: {done.stderr}")
    return float(done.stdout.split()[0])


def allocations(work):
    """How often one turn asks for memory."""
    def asked(count):
        done = subprocess.run(["valgrind", "PacketSpeed", work, str(count)], capture_output=True, text=True, timeout=300)
        return int(re.search(r"total heap usage: ([\d,]+) allocs", done.stderr)[1].replace(",", ""))
    return (asked(2_000) - asked(1_000)) / 1_000


def contestants(work):
    names = {"netprobe": (["PacketSpeed", work], COUNTS[work])}
    if work == "checksum":
        names |= {name: (command, COUNTS[work]) for name, command in C_LOOPS.items()}
    return names | {SCAPY: (["/usr/bin/python3", "-c", SCAPY_WORK, work], 300)}


for work in COUNTS:
    times = {name: [] for name in contestants(work)}
    for _ in range(RUNS):
        for name, (command, count) in contestants(work).items():
            if name != SCAPY or len(times[name]) < 1:
                times[name].append(run(command, count))
    rows = []
    for name, values in times.items():
        row = [name, f"{median(values):,.1f} ns"]
        if work == "checksum":
            row.append(f"{1500 / median(values):.1f} GB/s")
        else:
            row.append(f"{allocations(work):g}" if name == "netprobe" else "-")
        rows.append(row)
    table(f"packets: {TITLES[work]}; median of {RUNS} runs",
          ["", "each", "speed" if work == "checksum" else "allocations"], rows)
