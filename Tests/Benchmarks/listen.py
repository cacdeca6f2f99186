"""Packets at an even pace over veth, each decoded and printed: how many are dropped, and what it takes."""
import os
import re
import resource
import signal
import subprocess
import time

from side_by_side import median, table

RUNS, RATE, SECONDS = 3, 100_000, 3
NETPROBE = [os.environ["NETPROBE_BINARY"], "listen", "--raw"]
commands = {
    "tcpdump -nn -i": ["tcpdump", "-nn", "-i", "client", "udp"],
    "netprobe listen --raw -i": [*NETPROBE, "-i", "client", "udp"],
    "netprobe listen --raw -p udp": [*NETPROBE, "-4", "-p", "udp"],
    "netprobe, and --pcap": [*NETPROBE, "-i", "client", "-w", "/dev/null", "udp"],
}


def listen(command):
    """Packets a second that were sent, captured and dropped packets, and processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(os.devnull, "wb") as output:
        # What is printed is read by another program.
        reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=output)
        listener = subprocess.Popen(["nsenter", "--net=/run/netns/host", *command],
                                    stdout=reader.stdin, stderr=subprocess.PIPE, text=True)
        reader.stdin.close()
    time.sleep(1)
    sent = subprocess.run(["pace", str(RATE), str(SECONDS), "198.18.1.2"], check=True, capture_output=True, text=True)
    time.sleep(1)
    listener.send_signal(signal.SIGINT)
    errors = listener.communicate()[1]
    reader.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    captured = int(re.search(r"(\d+) packets? captured", errors).group(1))
    dropped = int(re.search(r"(\d+) packets? dropped by kernel", errors).group(1))
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return float(re.search(r", (\d+)/s", sent.stdout).group(1)), captured, dropped, processor


runs = {name: [] for name in commands}
for _ in range(RUNS):
    for name, command in commands.items():
        runs[name].append(listen(command))
rows = []
for name, results in runs.items():
    rate, captured, dropped, processor = (median(result[i] for result in results) for i in range(4))
    rows.append([name, f"{rate:,.0f}/s", f"{captured:,.0f}", f"{dropped:,.0f}", f"{processor:.2f} s"])
table(f"listen: {RATE * SECONDS:,} datagrams over veth at {RATE:,}/s, each printed into a pipe, median of {RUNS} runs",
      ["", "sent at", "captured", "dropped", "processor, all"], rows)
