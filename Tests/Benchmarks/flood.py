"""One neighbour over a veth pair, each echo sent as soon as the one before is answered."""
import os
import re
import resource
import subprocess
import time

from side_by_side import median, table

RUNS, COUNT, HOST = 5, 200_000, "198.18.1.2"
commands = {
    "ping -f": ["ping"],
    "ping -f, again": ["ping"],  # how far two lines may differ and mean nothing
    "netprobe ping -f": [os.environ["NETPROBE_BINARY"], "ping"],
}


def flood(command):
    """Wall and processor seconds, and echoes lost."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    output = subprocess.run([*command, "-f", "-q", "-c", str(COUNT), HOST], capture_output=True, text=True).stdout
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    sent, received = map(int, re.search(r"(\d+) packets transmitted, (\d+) received", output).groups())
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, sent - received


runs = {name: [] for name in commands}
for _ in range(RUNS):
    for name, command in commands.items():
        runs[name].append(flood(command))
rows = []
for name, results in runs.items():
    wall = median(result[0] for result in results)
    rows.append([
        name, f"{wall:.2f} s", f"{COUNT / wall:,.0f}/s", f"{median(result[1] for result in results):.2f} s",
        f"{median(result[2] for result in results):.0f}",
    ])
table(f"flood: {COUNT:,} echoes over veth, median of {RUNS} runs", ["", "wall", "rate", "processor", "lost"], rows)
