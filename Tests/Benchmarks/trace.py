"""How long until the whole path is known, and is it right?

The first network is a user-space router's: twelve routers, each 8 ms of round trip further than the one before, of which
the 4th, 7th and 8th are silent, and the destination at 104 ms. The second is of the kernel's routers: eleven hops without
delay, which all answer. The third balances load over 2, 4, 8, 4 and 2 routers in a row, by flow. In the last a thousand
destinations lie behind the eleven hops.

Each part runs in a network of its own, which `run` makes: trace.py PART.
"""
import json
import math
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

from side_by_side import launch, median, table

NETPROBE = os.environ["NETPROBE_BINARY"]
DELAYED, QUICK, DIAMONDS = "198.18.0.13", "198.18.11.2", "198.18.0.8"
SILENT, HOPS = {4, 7, 8}, 13


def run(*command, stdin=None):
    """What the command printed, and its seconds of wall and of processor time."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    output = subprocess.run(command, capture_output=True, text=True, timeout=120, input=stdin).stdout
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return output, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def packets_sent(interface):
    # /sys may be another network's.
    with open("/proc/self/net/dev") as file:
        counters = next(line.split(":")[1].split() for line in file if line.strip().startswith(f"{interface}:"))
    return int(counters[9])


def hops_found(output):
    """The hops that a table of lines, one a hop, has addresses for."""
    found = {}
    for line in output.splitlines():
        match = re.match(r"\s*(\d+)[:.?]+.*?\s(\d+\.\d+\.\d+\.\d+)|\s*(\d+)\s+.*?(\d+\.\d+\.\d+\.\d+)", line)
        if match:
            hop, address = (match[1], match[2]) if match[1] else (match[3], match[4])
            found[int(hop)] = address
    return found


def delayed():
    commands = {
        "netprobe trace": ([NETPROBE, "trace", "-n", DELAYED], 9),
        "traceroute": (["traceroute", "-n", DELAYED], 9),
        "mtr, one probe a hop": (["mtr", "-r", "-c", "1", "-n", DELAYED], 1),
        "tracepath, one probe a hop": (["tracepath", "-n", DELAYED], 1),
    }
    rows = []
    for name, (command, times) in commands.items():
        runs = [run(*command) for _ in range(times)]
        complete = sum(
            set(hops_found(output)) == set(range(1, HOPS + 1)) - SILENT and hops_found(output)[HOPS] == DELAYED
            for output, _, _ in runs)
        rows.append([
            name, f"{median(wall for _, wall, _ in runs):.3f} s", f"{max(wall for _, wall, _ in runs):.3f} s",
            f"{median(processor for _, _, processor in runs) * 1e3:.1f} ms", f"{complete} of {times}"])
    table("trace: 12 hops of 8 ms, 3 of them silent, destination at 104 ms",
          ["", "median", "longest", "processor", "complete and right"], rows)


def quick():
    commands = {
        "netprobe trace": [NETPROBE, "trace", "-n", QUICK],
        "traceroute": ["traceroute", "-n", QUICK],
        "netprobe trace -I": [NETPROBE, "trace", "-n", "-I", QUICK],
        "traceroute -I": ["traceroute", "-n", "-I", QUICK],
    }
    rows = []
    for (name, command), runs in zip(commands.items(), launch(100, list(commands.values()))):
        rows.append([
            name, f"{median(run.wall for run in runs) * 1e3:.2f} ms",
            f"{median(run.processor for run in runs) * 1e3:.2f} ms",
            f"{median(run.memory for run in runs) / 1024:.1f} MiB", f"{len(hops_found(run(*command)[0]))} of 11"])
    table("trace: eleven hops without delay, whole process, median of 100 runs",
          ["", "wall", "processor", "memory", "hops"], rows)


def waiting():
    """Whoever waits should sleep: how often the process ran while nothing came."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _, wall, processor = run(NETPROBE, "trace", "-n", "-f", "4", "-m", "4", "-w", "3", DELAYED)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    switches = after.ru_nvcsw - before.ru_nvcsw
    table("trace: waiting for one silent hop", ["", "wall", "processor", "times it slept"],
          [["netprobe trace -f 4 -m 4 -w 3", f"{wall:.2f} s", f"{processor * 1e3:.1f} ms", switches]])


def stopping_point(next_hops, risk):
    """How many flows to a router show, up to this risk, that it has not one next hop more than were seen: Augustin,
    Friedman, Teixeira, "Multipath tracing with Paris traceroute", 2007. At 0.05: 6, 11, 16, 21, …"""
    k, flows = next_hops + 1, next_hops + 1
    while sum((-1) ** (i + 1) * math.comb(k, i) * (1 - i / k) ** flows for i in range(1, k)) > risk:
        flows += 1
    return flows


WIDTHS = [1, 2, 4, 8, 4, 2, 1, 1]


def published(risk):
    """The probes of the MDA as it was published, one after another, over the same diamonds: each router is sent as many
    flows as its stopping point says, found among those that pass it."""
    points = [stopping_point(next_hops, risk) for next_hops in range(1, 5)]
    ways, asked = {}, set()

    def way(flow, hop):
        if (flow, hop) not in ways:
            before = way(flow, hop - 1) if hop else 0
            wider = hop and WIDTHS[hop] > WIDTHS[hop - 1]
            narrower = hop and WIDTHS[hop] < WIDTHS[hop - 1]
            ways[flow, hop] = before * 2 + random.randrange(2) if wider else before // 2 if narrower else before
        return ways[flow, hop]

    def ask(flow, hop):
        asked.add((flow, hop))
        return way(flow, hop)

    for hop, before in enumerate([1] + WIDTHS[:-1]):
        for router in range(before):
            found, tested, flow = set(), 0, 0
            while tested < points[max(0, len(found) - 1)]:
                if hop == 0 or ask(flow, hop - 1) == router:
                    found.add(ask(flow, hop))
                    tested += 1
                flow += 1
    return len(asked)


def diamonds():
    rows = []
    for name, command in {
        "netprobe trace --paths": [NETPROBE, "trace", "-n", "--paths", "--rate", "1000", "--json", DIAMONDS],
        "scamper tracelb": ["scamper", "-O", "json", "-p", "1000", "-I", f"tracelb -P udp-sport -w 1 {DIAMONDS}"],
    }.items():
        before = packets_sent("net")
        output, wall, _ = run(*command)
        found = [json.loads(line) for line in output.splitlines() if name.startswith("netprobe")]
        search = found[-1]["search_probes"] if found else "?"
        rows.append([name, f"{wall:.2f} s", packets_sent("net") - before, search, len(set(routers(output)))])
    for name, risk in {"each router": 0.05, "the whole graph": 0.05 / sum(WIDTHS)}.items():
        needed = median(published(risk) for _ in range(101))
        rows.append([f"the MDA's stopping points, {name} at 95%", "", "", needed, sum(WIDTHS)])
    table("trace --paths: diamonds of 2, 4, 8, 4 and 2 routers, 1,000 probes a second at most",
          ["", "wall", "packets sent", "of them to find the graph", "addresses found"], rows)


def routers(output):
    """Every address of the network that is named in JSON."""
    return re.findall(r'"(198\.18\.0\.\d+)"', output)


def thousand():
    with tempfile.NamedTemporaryFile("w", suffix=".targets") as file:
        file.write("".join(f"198.19.{i // 250}.{i % 250 + 1}\n" for i in range(1000)))
        file.flush()
        before = packets_sent("r1")
        start = time.monotonic()
        process = subprocess.Popen(
            [NETPROBE, "trace", "-n", "--json", "--rate", "10000", "--targets", file.name],
            stdout=subprocess.PIPE, text=True)
        lines = [json.loads(line) for line in process.stdout]
        _, _, usage = os.wait4(process.pid, 0)
        wall, sent = time.monotonic() - start, packets_sent("r1") - before
    reached = sum(line["type"] == "end" and line.get("destination_hop") == 11 for line in lines)
    table("trace --targets: a thousand destinations at 10,000 probes a second",
          ["", "wall", "probes", "the rate allows", "memory", "reached"],
          [["netprobe trace", f"{wall:.2f} s", sent, f"{sent / 10000:.2f} s", f"{usage.ru_maxrss / 1024:.1f} MiB",
            reached]])


PARTS = {"delayed": (delayed, waiting), "eleven": (quick, thousand), "diamonds": (diamonds,)}
for measure in PARTS[sys.argv[1]]:
    measure()
