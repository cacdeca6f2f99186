"""Makes files of vectors out of recordings: pick.py FOLDER TABLE

A line of the table: "recording | kernel | file | link | name | sender | filter". A filter that no packet passes is
told, and its line left out. A new packet takes the place of the one with its name; the others of the file stay.
"""
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
import vectors

TCPDUMP = subprocess.run(["tcpdump", "--version"], capture_output=True, text=True).stdout.split()[2]
ETHERNET_HEADER = 14


def first_packet(recording, expression):
    capture = subprocess.run(
        ["tcpdump", "-c", "1", "-r", "-", "-w", "-", expression], stdin=open(recording, "rb"), check=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    if len(capture) < 40:
        return None
    length = struct.unpack_from("=I", capture, 32)[0]
    return capture[40:40 + length]


def main(folder, table):
    files = {}
    for row in open(table):
        recording, kernel, file, link, name, sender, expression = (cell.strip() for cell in row.split(" | "))
        packet = first_packet(recording, expression)
        if packet is None:
            print(f"{file}: no packet is '{name}'", file=sys.stderr)
            continue
        packet = packet if link == "ethernet" else packet[ETHERNET_HEADER:]
        files.setdefault(file, []).append({
            "name": name, "from": f"{sender}, {kernel}, captured by tcpdump {TCPDUMP}", "link": link,
            "line": vectors.line(link, packet), "bytes": packet})
    for file, kept in files.items():
        path = f"{folder}/{file}.captured.txt"
        named = {vector["name"]: vector for vector in (vectors.read(path) if os.path.exists(path) else []) + kept}
        vectors.write(path, list(named.values()))


main(*sys.argv[1:])
