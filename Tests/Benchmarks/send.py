"""Packets made by hand: as many as go beside the kernel's bound and the peers, and how even their pace is."""
import os
import re
import struct
import subprocess
import tempfile
import time

from side_by_side import median, table

RUNS, COUNT, RATE = 5, 400_000, 10_000
NETPROBE = [os.environ["NETPROBE_BINARY"], "send", "-q"]
HOST = "198.18.1.2"


def limit():
    output = subprocess.run(["limit", str(COUNT), "64", "0", "198.19.0.0", "198.18.1.1"],
                            check=True, capture_output=True, text=True).stdout
    return float(re.search(r": (\d+)/s", output).group(1))


def whole(command, count):
    """Packets a second of a whole process that sends so many."""
    start = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return count / (time.monotonic() - start)


def flooded(command, seconds):
    """Packets a second of a program that goes on until it is interrupted."""
    output = subprocess.run(["timeout", "-s", "INT", str(seconds), *command], capture_output=True, text=True)
    return int(re.search(r"(\d+) packets t", output.stdout + output.stderr).group(1)) / seconds


contestants = {
    "limit.c without receive": limit,
    "netprobe send --flood": lambda: whole(
        [*NETPROBE, "--flood", "-c", str(COUNT), "--packet", "ipv4(dst=198.19.0.0/16)/icmp.echo/pattern(8)"], COUNT),
    "netprobe, one host, 64 bytes": lambda: whole([*NETPROBE, "--flood", "-c", str(COUNT), "-s", "36", HOST], COUNT),
    "hping3 --flood, the same": lambda: flooded(["hping3", "--flood", "-q", "-1", "-d", "36", HOST], 3),
    "nping --rate 1000000, the same": lambda: whole(
        ["nping", "-q", "-N", "--icmp", "--rate", "1000000", "-c", "50000", "--data-length", "36", HOST], 50_000),
}
runs = {name: [] for name in contestants}
for _ in range(RUNS):
    for name, run in contestants.items():
        runs[name].append(run())
bound = median(runs["limit.c without receive"])
table(f"send: as fast as it goes over veth, whole process, median of {RUNS} runs",
      ["", "rate", "of limit.c"],
      [[name, f"{median(rates):,.0f}/s", f"{median(rates) / bound:.2f}"] for name, rates in runs.items()])


def gaps(command):
    """The times between packets as they arrive, in microseconds: their mean and standard deviation."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "capture")
        capture = subprocess.Popen(
            ["nsenter", "--net=/run/netns/host", "tcpdump", "--immediate-mode", "-n", "-Z", "root", "-s", "64", "-Q", "in",
             "-j", "host", "--time-stamp-precision=nano", "-i", "client", "-w", path, "icmp or udp port 9"],
            stderr=subprocess.PIPE, text=True)
        capture.stderr.readline()
        time.sleep(0.5)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        capture.terminate()
        capture.wait()
        with open(path, "rb") as file:
            data = file.read()
    times, place = [], 24
    while place + 16 <= len(data):
        seconds, nanoseconds, length, _ = struct.unpack_from("=IIII", data, place)
        times.append(seconds * 1_000_000_000 + nanoseconds)
        place += 16 + length
    between = [(later - earlier) / 1000 for earlier, later in zip(times, times[1:])]
    mean = sum(between) / len(between)
    return mean, (sum((gap - mean) ** 2 for gap in between) / len(between)) ** 0.5


paced = {
    "netprobe send --rate": [*NETPROBE, "--rate", str(RATE), "-c", str(RATE * 2), HOST],
    "nping --rate": ["nping", "-q", "-N", "--icmp", "--rate", str(RATE), "-c", str(RATE * 2), HOST],
}
measured = {name: [] for name in paced}
for _ in range(3):
    for name, command in paced.items():
        measured[name].append(gaps(command))
table(f"send: {RATE * 2:,} packets at {RATE:,}/s, as they arrive, median of 3 runs",
      ["", "mean gap", "standard deviation"],
      [[name, f"{median(mean for mean, _ in results):.1f} us", f"{median(deviation for _, deviation in results):.1f} us"]
       for name, results in measured.items()])
