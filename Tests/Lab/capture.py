#!/usr/bin/env python3
"""Prints the ICMP packets on an interface, whole IP packets in hexadecimal: capture.py INTERFACE COUNT [PCAP-FILE]

Says "ready" first. Neighbour discovery and its like are left out, fragments are not.
"""
import socket
import struct
import sys

ETH_P_ALL, IP, IPV6 = 3, 0x0800, 0x86DD
ICMP, FRAGMENT, ICMPV6 = 1, 44, 58
RAW_IP = 101  # what a pcap file calls packets without a link layer


def is_wanted(packet, protocol):
    if protocol == IP:
        return len(packet) >= 20 and packet[9] == ICMP
    if protocol != IPV6 or len(packet) < 48:
        return False
    return packet[6] == FRAGMENT or packet[6] == ICMPV6 and not 130 <= packet[40] <= 143


def main(interface, count, path=None):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    link.bind((interface, ETH_P_ALL))
    file = open(path, "wb") if path else None
    if file:
        file.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, RAW_IP))
    print("ready", flush=True)
    seen = 0
    while seen < int(count):
        packet, origin = link.recvfrom(65536)
        if not is_wanted(packet, origin[1]):
            continue
        seen += 1
        print(packet.hex(), flush=True)
        if file:
            file.write(struct.pack("=IIII", seen, 0, len(packet), len(packet)) + packet)


main(*sys.argv[1:])
