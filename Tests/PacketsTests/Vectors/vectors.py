"""Test vectors, other people's bytes in text: writes a file of them, reads it back, asks tcpdump what they are."""
import os
import re
import struct
import subprocess

FIELDS = "name", "from", "link", "line"  # in this order, each on a line of its own before the bytes
LINK_TYPES = {"ipv4": 101, "ipv6": 101, "ethernet": 1}  # as a pcap file numbers them: LINKTYPE_RAW, LINKTYPE_ETHERNET


def read(path):
    """The vectors of a file, in its order: dicts of the fields that are there, and "bytes"."""
    with open(path, encoding="ascii") as file:
        blocks = file.read().split("\n\n")
    return [parse(block) for block in blocks if block.strip()]


def parse(block):
    vector, digits = {}, ""
    for line in block.strip().split("\n"):
        field = re.fullmatch("# (%s): (.+)" % "|".join(FIELDS), line)
        if field:
            vector[field[1]] = field[2]
        else:
            digits += line
    vector["bytes"] = bytes.fromhex(digits)
    return vector


def write(path, vectors):
    """Makes the file anew, in one step; no two of its vectors may have the same name."""
    names = [vector["name"] for vector in vectors]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"{path}: more than one vector with the name {', '.join(sorted(twice))}")
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write("\n".join(text(vector) for vector in vectors))
    os.replace(path + ".new", path)


def text(vector):
    digits = vector["bytes"].hex()
    lines = [digits[start:start + 32] for start in range(0, len(digits), 32)]
    head = [f"# {field}: {vector[field]}" for field in FIELDS]
    return "\n".join(head + [" ".join(re.findall("..?.?.?", line)) for line in lines]) + "\n"


def line(link, packet):
    """What `tcpdump -n -t -r` prints of a capture with this packet; it may be several lines, and becomes one."""
    capture = struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, LINK_TYPES[link])
    capture += struct.pack("=IIII", 0, 0, len(packet), len(packet)) + packet
    printed = subprocess.run(
        ["tcpdump", "-n", "-t", "-r", "-"], input=capture, check=True, timeout=10,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
    ).stdout.decode("ascii", "backslashreplace")
    return " ".join(printed.split())
