"""One echo on loopback: what the whole process costs."""
import os

from side_by_side import launch, median, table

RUNS = 200
commands = {
    "ping": ["ping", "-c", "1", "127.0.0.1"],
    "ping, again": ["ping", "-c", "1", "127.0.0.1"],  # how far two lines may differ and mean nothing
    "fping": ["fping", "-c", "1", "127.0.0.1"],
    "netprobe ping": [os.environ["NETPROBE_BINARY"], "ping", "-c", "1", "127.0.0.1"],
    "an empty Swift program that parses arguments": [os.environ["EMPTY_PROGRAM"], "127.0.0.1"],
}
rows = []
for name, runs in zip(commands, launch(RUNS, list(commands.values()))):
    rows.append([
        name,
        f"{median(run.wall for run in runs) * 1e3:.2f} ms",
        f"{median(run.processor for run in runs) * 1e3:.2f} ms",
        f"{median(run.memory for run in runs) / 1024:.1f} MiB",
        sum(run.status != 0 for run in runs),
    ])
table(f"startup: one echo on loopback, whole process, median of {RUNS} runs",
      ["", "wall", "processor", "memory", "failed"], rows)
