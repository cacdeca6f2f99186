"""`Sockets` beside a C program and Python's `socket`: the same work, call by call, with the same peer.

Every contestant has the C program at the other end, each side on a processor of its own, so that all that differs is
the contestant. They take turns, each time another one first, and each is compared with C of the same turn. C takes part
twice: a difference no larger than that between its two lines means nothing. Where the peer or the kernel is what takes
the time, the contestant's own share shows in its processor time; and what it executes outside the kernel is counted by
callgrind, which no other process disturbs.
"""
import os
import re
import subprocess
import sys

from side_by_side import median, table

RUNS = 15
WORK = {  # count of the timed runs, of the counted ones, the part of C's speed that is wanted, and what it is
    "send": (16_384, 1_000, 0.95, "TCP, 1 GiB sent in writes of 64 KiB"),
    "receive": (16_384, 1_000, 0.95, "TCP, 1 GiB received into 64 KiB"),
    "datagrams": (320_000, 6_400, 0.95, "UDP, 320,000 datagrams of 64 bytes sent and received, by batches of 64"),
    "echo": (50_000, 1_000, 0.95, "TCP, 50,000 times one byte there and back"),
    "accept": (20_000, 1_000, 0.9, "TCP, 20,000 connections accepted and closed"),
}
here = os.path.dirname(os.path.abspath(__file__))
contestants = {
    "C": ["sockets"],
    "C, again": ["sockets"],
    "Swift": ["SocketSpeed"],
    "Python": [sys.executable, os.path.join(here, "sockets_contestant.py")],
}
processors = sorted(os.sched_getaffinity(0))


def on(processor):
    return lambda: os.sched_setaffinity(0, {processor})


def run(command, work, port, count):
    """What it prints, and what it says on standard error."""
    done = subprocess.run([*command, work, port, str(count)], preexec_fn=on(processors[0]), capture_output=True,
                          text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"{' '.join(done.args)}: {done.stderr}")
    return done.stdout, done.stderr


def timed(work, port):
    """The wall and processor seconds of each contestant's runs."""
    count, results, names = WORK[work][0], {name: [] for name in contestants}, list(contestants)
    for turn in range(RUNS):
        first = turn % len(names)
        for name in (names * 2)[first:first + len(names)]:
            output, _ = run(contestants[name], work, port, count)
            results[name].append([float(word) for word in output.split()])
    return results


def instructions(name, work, port):
    """Executed outside the kernel for each piece of the work: what twice as much work executes more."""
    def executed(count):
        callgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        _, errors = run([*callgrind, *contestants[name]], work, port, count)
        return int(re.search(r"Collected : (\d+)", errors)[1])
    count = WORK[work][1]
    return (executed(2 * count) - executed(count)) / count


with subprocess.Popen(["sockets", "peer"], preexec_fn=on(processors[-1]), stdout=subprocess.PIPE, text=True) as peer:
    try:
        port = peer.stdout.readline().strip()
        for work, (_, _, wanted, title) in WORK.items():
            results = timed(work, port)
            rows = []
            for name, runs in results.items():
                row = [name]
                for seconds, by_c in zip(zip(*runs), zip(*results["C"])):
                    row += [f"{median(seconds):.3f} s", f"{median(c / s for c, s in zip(by_c, seconds)):.2f}"]
                rows.append([*row, "-" if name == "C, again" else f"{instructions(name, work, port):,.0f}"])
            table(f"sockets: {title}; median of {RUNS} runs, wanted {wanted} of C's speed",
                  ["", "wall", "of C", "processor", "of C", "instructions each"], rows)
    finally:
        peer.kill()

*_, connections, echoes, memory = subprocess.run(["AsyncConnections"], capture_output=True, text=True, check=True,
                                                 timeout=300).stdout.split()
table("sockets: idle async connections, both ends in one process; wanted 5,000 in 64 MB, and 10,000 echoes over them",
      ["", "connections", "echoes", "memory at most"],
      [["Swift", connections, echoes, f"{int(memory) * 1.024 / 1000:.1f} MB"]])
