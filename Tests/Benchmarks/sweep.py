"""How fast 65,536 hosts are asked, and who of them is missed.

Behind one wire 198.19.0.0/16 answers, and nothing else does: what goes to 10.0.0.0/8 is dropped without a word.
"""
import os
import re
import subprocess

from side_by_side import launch, median, table

NETPROBE = os.environ["NETPROBE_BINARY"]
LIVE, COUNT, HOSTS = "198.19.0.0/16", 65_536, 65_534
RUNS = 25


def text(*command, limit=60):
    """What a command prints on its outputs."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    return done.stdout, done.stderr


def limit():
    """The kernel's bound: probes a second by a thread that sends, while another receives."""
    output, _ = text("limit", "200000", "64", "1", "198.19.0.0", "198.18.1.1")
    return int(re.search(r": (\d+)/s", output)[1])


def alive(output):
    return len({line.split()[0] for line in output.splitlines() if re.match(r"\d+\.\d+\.\d+\.\d+", line)})


def tracked():
    commands = {
        "fping -i 0.001": ["fping", "-a", "-i", "0.001", "-g", LIVE],
        "netprobe sweep -i 0": [NETPROBE, "sweep", "-a", "-i", "0", "-g", LIVE],
    }
    bounds, runs = [], {name: [] for name in commands}
    for _ in range(RUNS):
        bounds.append(limit())
        for name, result in zip(commands, launch(1, list(commands.values()))):
            runs[name] += result
    bound = median(bounds)
    rows = [["limit.c with receive", "-", f"{bound:,.0f}/s", "1.00", "-", "-", "-"]]
    walls = {name: median(run.wall for run in results) for name, results in runs.items()}
    for name, command in commands.items():
        wall, results = walls[name], runs[name]
        rows.append([
            name, f"{wall:.3f} s", f"{HOSTS / wall:,.0f}/s", f"{HOSTS / wall / bound:.2f}",
            f"{walls['fping -i 0.001'] / wall:.2f}", HOSTS - alive(text(*command)[0]),
            f"{median(run.memory for run in results) / 1024:.1f} MiB"])
    table(f"sweep: {HOSTS:,} live hosts over veth, whole process, median of {RUNS} runs",
          ["", "wall", "rate", "of limit.c", "fping = 1", "missed", "memory"], rows)


def interface():
    """The way there: interface, and the hardware address at its other end."""
    route, _ = text("ip", "-o", "route", "get", "198.19.0.1")
    text("ping", "-c1", "198.19.0.1")
    device, gateway = re.search(r"dev (\S+)", route)[1], re.search(r"via (\S+)", route)[1]
    neighbour, _ = text("ip", "neigh", "show", gateway)
    return device, re.search(r"lladdr (\S+)", neighbour)[1]


def zmap(device, hardware, rate):
    output, errors = text(
        "zmap", "-M", "icmp_echoscan", "-i", device, "-G", hardware, "-S", "198.18.1.1", "-r", str(rate), "-c", "1",
        "-b", "/dev/null", "-o", "-", LIVE)
    sent = re.findall(r"send: \d+ done \(([\d.]+) ([KM]?)p/s avg\)", errors)[-1]
    return float(sent[0]) * {"": 1, "K": 1e3, "M": 1e6}[sent[1]], COUNT - alive(output)


def scanned(*options):
    output, errors = text(NETPROBE, "sweep", "--scan", "-t", "300", *options)
    return int(re.search(r"probes, (\d+) a second", errors)[1]), COUNT - alive(output)


def scan():
    device, hardware = interface()
    command = [NETPROBE, "sweep", "--scan", "--rate", "0", "-t", "300", LIVE]
    peers, ours = [], []
    for _ in range(9):
        peers.append(zmap(device, hardware, 0))
        ours.append(scanned("--rate", "0", LIVE))
    memory = median(run.memory for run in launch(3, [command])[0]) / 1024
    rows = [
        ["zmap -r 0", f"{median(run[0] for run in peers):,.0f}/s", f"{median(run[1] for run in peers):,.0f}", "-"],
        ["netprobe sweep --scan --rate 0", f"{median(run[0] for run in ours):,.0f}/s",
         f"{median(run[1] for run in ours):,.0f}", f"{memory:.1f} MiB"]]
    table("sweep: the same without a record of each, median of 9 runs", ["", "sent", "missed", "memory"], rows)


def silent():
    rows = []
    for rate in (1_000, 10_000, 50_000, 100_000):
        command = ["timeout", "-s", "INT", "5", NETPROBE, "sweep", "--scan", "--rate", str(rate), "10.0.0.0/8"]
        held = int(re.search(r"probes, (\d+) a second", text(*command)[1])[1])
        run = launch(1, [command])[0][0]
        rows.append([f"--rate {rate}", f"{held:,}/s", f"{100 * (held / rate - 1):+.2f}%",
                     f"{100 * run.processor / run.wall:.0f}%", f"{run.memory / 1024:.1f} MiB"])
    table("sweep: --scan of a silent /8 for 5 seconds", ["", "sent", "off by", "of one core", "memory"], rows)


def watching():
    lines = [str(198 * 2**24 + 19 * 2**16 + number) for number in range(10_000)]
    path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"sweep-targets-{os.getpid()}")
    with open(path, "w") as file:
        file.writelines(f"198.19.{int(line) >> 8 & 255}.{int(line) & 255}\n" for line in lines)
    try:
        options = ["-l", "-p", "1000", "-i", "0.05", "-f", path]
        commands = {"fping -l -p 1000": ["fping", *options], "netprobe sweep -l -p 1000": [NETPROBE, "sweep", *options]}
        rows = []
        for name, command in commands.items():
            run = launch(1, [["timeout", "-s", "INT", "10", *command]])[0][0]
            rows.append([name, f"{100 * run.processor / run.wall:.1f}%", f"{run.memory / 1024:.1f} MiB"])
    finally:
        os.remove(path)
    table("sweep: 10,000 targets, each once a second, for 10 seconds", ["", "of one core", "memory"], rows)


def startup():
    commands = {"fping": ["fping", "198.18.1.2"], "netprobe sweep": [NETPROBE, "sweep", "198.18.1.2"]}
    rows = []
    for name, runs in zip(commands, launch(200, list(commands.values()))):
        rows.append([name, f"{median(run.wall for run in runs) * 1e3:.2f} ms",
                     f"{median(run.processor for run in runs) * 1e3:.2f} ms",
                     f"{median(run.memory for run in runs) / 1024:.1f} MiB"])
    table("sweep: one target, whole process, median of 200 runs", ["", "wall", "processor", "memory"], rows)


tracked()
scan()
silent()
watching()
startup()
