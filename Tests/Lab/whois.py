#!/usr/bin/env python3
"""A whois server of routes, on port 43 of loopback: what a file of lines ADDRESS NUMBER… says of the autonomous systems
that announce an address. It goes to the background when it is ready, and ends with the process LAB_OWNER."""
import os
import select
import socket
import sys


def serve(known, owner):
    listener = socket.create_server(("127.0.0.1", 43))
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    while owner not in select.select([owner, listener], [], [])[0]:
        client = listener.accept()[0]
        with client, client.makefile("rw") as stream:
            numbers = known.get((stream.readline().split() or [""])[-1], [])
            stream.write("".join(f"route: 0.0.0.0/0\norigin: AS{number}\n\n" for number in numbers))


if len(sys.argv) == 2 and "LAB_OWNER" in os.environ:
    with open(sys.argv[1], encoding="ascii") as file:
        routes = {line.split()[0]: line.split()[1:] for line in file if line.strip()}
    serve(routes, os.pidfd_open(int(os.environ["LAB_OWNER"])))
else:
    sys.exit("usage: LAB_OWNER=PID whois.py FILE\n\n" + __doc__)
