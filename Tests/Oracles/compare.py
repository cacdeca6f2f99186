"""Compares what `Packets`, scapy and tshark read in the same packets: compare.py PROGRAM COUNT SEED [FORMAT...]

Half of the packets are scapy's, made by the format's module, and half are ours. See README.md.
"""
import importlib.util
import ipaddress
import json
import multiprocessing
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile

FORMATS = pathlib.Path(__file__).parent / "formats"
LINKS = {"Ether": 1, "CookedLinux": 113, "CookedLinuxV2": 276}  # of those classes of scapy's; RAW of IP
RAW = 101
SHOWN = 3  # packets of a format
# What tshark may dissect: to it, random ports are applications with malformed requests.
PROTOCOLS = """_ws ah arp data dccp eth ethertype frame gre icmp icmpv6 ieee8021ad igmp ip ipv6 llc mpls mrdisc raw
    sctp sll tcp udp udplite vlan""".split()
# Each packet for itself, checksums verified, numbers as they stand in the packet, extensions behind any quote.
PREFERENCES = """dccp.check_checksum:TRUE dccp.relative_sequence_numbers:FALSE icmp.favor_icmp_mpls:TRUE
    ip.check_checksum:TRUE ip.defragment:FALSE ipv6.defragment:FALSE sctp.reassembly:FALSE sctp.relative_tsns:FALSE
    sctp.tsn_analysis:FALSE tcp.analyze_sequence_numbers:FALSE tcp.check_checksum:TRUE
    tcp.desegment_tcp_streams:FALSE tcp.relative_sequence_numbers:FALSE udp.check_checksum:TRUE
    udplite.check_checksum:TRUE""".split() + ["sctp.checksum:CRC 32c"]
EXPERT = "_ws.expert.severity"
ERROR = 0x800000  # tshark's number for its severest expert information
GOOD, BAD = "1", "0"


def load(name):
    spec = importlib.util.spec_from_file_location("format", FORMATS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def output_of(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout.split("\n")[:-1]


def their_capture(packets):
    """A capture (pcapng) of scapy's packets; each link type has an interface."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("=II", kind, 12 + len(body)) + body + struct.pack("=I", 12 + len(body))

    links = [RAW, *LINKS.values()]
    file = block(0x0A0D0D0A, struct.pack("=IHHq", 0x1A2B3C4D, 1, 0, -1))
    file += b"".join(block(1, struct.pack("=HHI", link, 0, 0)) for link in links)
    for packet in packets:
        interface = links.index(LINKS.get(type(packet).__name__, RAW))
        data = bytes(packet)
        file += block(6, struct.pack("=IIIII", interface, 0, 0, len(data), len(data)) + data)
    return file


def by_tshark(capture, fields, directory):
    """Of every packet the values of the fields."""
    known = {line.split("\t")[2] for line in output_of(["tshark", "-G", "protocols"])}
    disabled = sorted(name for name in known if name.split(".")[0] not in PROTOCOLS)
    configuration = directory / "wireshark"
    configuration.mkdir()
    (configuration / "disabled_protos").write_text("\n".join(disabled) + "\n")
    command = ["tshark", "-n", "-r", str(capture), "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|"]
    # Of the protocols that are left, some are also found behind UDP.
    command += ["-d", "udp.port==1-65535,data"]
    for preference in PREFERENCES:
        command += ["-o", preference]
    for field in fields:
        command += ["-e", field]
    rows = output_of(command, env={"PATH": "/usr/bin:/bin", "WIRESHARK_CONFIG_DIR": str(configuration)})
    return [dict(zip(fields, (text.split("|") if text else [] for text in row.split("\t")))) for row in rows]


def by_scapy(packet, get):
    """The values of a field; none where the packet has no such layer."""
    try:
        found = get(packet)
    except (IndexError, AttributeError):
        return []
    return [] if found is None else list(found) if isinstance(found, (list, tuple)) else [found]


def alike(value):
    """What is the same in all ways of writing it: numbers, addresses, bytes."""
    if isinstance(value, bytes):
        value = value.hex()
    if not isinstance(value, str):
        try:
            return int(value)  # also scapy's flags
        except (TypeError, ValueError):
            value = str(value)
    value = value.strip().lower()
    if re.fullmatch("[0-9a-f]{2}(:[0-9a-f]{2})*", value):
        value = value.replace(":", "")
    try:
        return {"true": 1, "false": 0}[value] if value in ("true", "false") else int(value, 0)
    except ValueError:
        pass
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        return value


def differences(module, ours, packet, shown):
    """Everything about a packet that is not as it should be, in words."""
    if ours.get("error"):
        yield f"ours: {ours['error']}"
    if ours["written"] != ours["bytes"]:
        yield f"ours is written as {ours['written']}"
    for path, field, get in module.FIELDS:
        mine = ours["fields"].get(path, [])
        for name, theirs in [("tshark", shown[field] if field else None), ("scapy", by_scapy(packet, get) if get else None)]:
            if theirs is not None and list(map(alike, theirs)) != list(map(alike, mine)):
                yield f"{path}: ours {mine}, {name}'s {theirs}"
    for status in getattr(module, "CHECKSUMS", []):
        if BAD in shown[status] or shown[status][:1] not in ([], [GOOD]):
            yield f"{status}: {shown[status]}"
    if shown["_ws.malformed"]:
        yield "tshark: malformed"
    if any(int(severity) >= ERROR for severity in shown[EXPERT]):
        yield f"tshark: {shown['_ws.expert.message']}"


def compare(job):
    """A format's name, how many packets were looked at, and what to say of those that differ."""
    program, count, seed, name = job
    try:
        return name, *compared(program, count, seed, name)
    except Exception as error:
        return name, 0, [f"{name}: {type(error).__name__}: {error}"]


def compared(program, count, seed, name):
    module = load(name)
    from scapy import all as scapy

    generator = random.Random(seed)
    random.seed(seed)  # scapy's own, for what the module leaves to it
    made = [module.make(generator) for _ in range(count)]
    statuses = getattr(module, "CHECKSUMS", [])
    fields = sorted({field for _, field, _ in module.FIELDS if field} | {
        *statuses, "_ws.malformed", EXPERT, "_ws.expert.message"})
    with tempfile.TemporaryDirectory() as scratch:
        directory = pathlib.Path(scratch)
        (directory / "theirs").write_bytes(their_capture(made))
        capture = directory / "both"
        readings = [json.loads(line) for line in output_of(
            [program, name, str(count), str(seed), str(directory / "theirs"), str(capture)])]
        shown = by_tshark(capture, fields, directory)
    if not len(readings) == len(shown) == 2 * count:
        return len(readings), [f"{name}: {len(readings)} packets read here, {len(shown)} by tshark"]

    classes = {link: getattr(scapy, name) for name, link in LINKS.items()}
    failures, differing = [], 0
    for number, (ours, row) in enumerate(zip(readings, shown)):
        data = bytes.fromhex(ours["bytes"])
        packet = classes.get(ours["link"], scapy.IP if data[0] >> 4 == 4 else scapy.IPv6)(data)
        found = list(differences(module, ours, packet, row))
        differing += bool(found)
        if found and differing <= SHOWN:
            origin = f"scapy's packet {number}" if number < count else f"our packet {number - count}"
            failures += [f"{name}, {origin}: {ours['bytes']}", *(f"    {line}" for line in found)]
    if differing:
        failures.append(f"{name}: {differing} of {len(readings)} packets differ")
    # A comparison of nothing with nothing agrees: each name must occur.
    for path, field, _ in module.FIELDS:
        if count and not any(path in ours["fields"] for ours in readings):
            failures.append(f"{name}: no packet has a field {path}")
    for status in statuses:
        if count and not any(row[status] for row in shown):
            failures.append(f"{name}: tshark verified no {status}")
    return len(readings), failures


def main():
    program, count, seed, *names = sys.argv[1:]
    samples = set(output_of([program]))
    modules = {path.stem for path in FORMATS.glob("*.py")}
    jobs = [(program, int(count), int(seed), name) for name in names or sorted(samples | modules)]
    for name in sorted({job[-1] for job in jobs} - (samples & modules)):
        print(f"oracles: {name} has no {'random packets here' if name in modules else 'module'}")
        sys.exit(1)
    total, failed = 0, []
    # A process for each: what a module tells scapy about protocols stays among its own packets.
    with multiprocessing.get_context("spawn").Pool(maxtasksperchild=1) as pool:
        for name, packets, failures in pool.imap(compare, jobs, chunksize=1):
            total += packets
            print("\n".join(failures) or f"{name}: {packets} packets agree", flush=True)
            failed += [name] if failures else []
    if failed:
        print(f"oracles: {len(failed)} of {len(jobs)} formats differ: {', '.join(failed)}")
        sys.exit(1)
    print(f"oracles: {total} packets of {len(jobs)} formats, both ways: all agree")


if __name__ == "__main__":
    main()
