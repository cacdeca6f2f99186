"""What no common program says: talk.py VERB ARG…

  send PACKET                   a whole IP packet, an expression in the words of words.py
  serve KIND ADDRESS PORT       says "ready", answers one caller (or datagram), and ends
  call KIND ADDRESS PORT        calls such a server, says a line and waits for its answer
  group INTERFACE STEP…         multicast: "1,join,GROUP", "1,block,GROUP,SOURCE" (on socket 1), or "wait,SECONDS"

Kinds: udp, udplite, udplite-partial, tcp, tcp-fastopen, tcp-md5, tcp-long, sctp, dccp.
"""
import os
import socket
import struct
import sys
import time

STREAM, DATAGRAM, DCCP = 1, 2, 6
KINDS = {
    "udp": (DATAGRAM, 17), "udplite": (DATAGRAM, 136), "tcp": (STREAM, 6), "sctp": (STREAM, 132), "dccp": (DCCP, 33),
}
MULTICAST = {"join": 42, "block": 43, "unblock": 44, "leave": 45, "join-source": 46, "leave-source": 47}


def storage(address):
    """A struct sockaddr_storage."""
    if ":" in address:
        packed = struct.pack("=HHI16s", socket.AF_INET6, 0, 0, socket.inet_pton(socket.AF_INET6, address))
    else:
        packed = struct.pack("=HH4s", socket.AF_INET, 0, socket.inet_aton(address))
    return packed.ljust(128, b"\0")


def opened(kind, address, peer):
    base, _, variant = kind.partition("-")
    end = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, *KINDS[base])
    end.settimeout(10)
    if base == "dccp":
        end.setsockopt(269, 2, b"prob")  # SOL_DCCP, DCCP_SOCKOPT_SERVICE
    if variant == "partial":
        end.setsockopt(136, 10, 12)  # UDPLITE_SEND_CSCOV
    if variant == "fastopen":
        end.setsockopt(socket.IPPROTO_TCP, 23, 5)  # TCP_FASTOPEN
    if variant == "md5":
        key = b"netprobe"
        signature = struct.pack("=HHI", 0, len(key), 0) + key.ljust(80, b"\0")
        end.setsockopt(socket.IPPROTO_TCP, 14, storage(peer) + signature)  # TCP_MD5SIG
    return end


def serve(kind, address, port):
    end = opened(kind, address, "198.18.1.1")
    if end.type != socket.SOCK_DGRAM:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    end.bind((address, int(port)))
    if end.type == socket.SOCK_DGRAM:
        print("ready", flush=True)
        data, caller = end.recvfrom(2000)
        end.sendto(b"answer", caller)
        return
    end.listen(5)
    print("ready", flush=True)
    for _ in range(2 if kind == "tcp-fastopen" else 1):
        peer, _ = end.accept()
        peer.settimeout(10)
        peer.recv(2000)
        peer.sendall(b"answer" * (20000 if kind == "tcp-long" else 1))
        peer.recv(2000)
        peer.close()


def call(kind, address, port):
    for attempt in range(2 if kind == "tcp-fastopen" else 1):
        end = opened(kind, address, address)
        if kind == "tcp-fastopen":
            end.settimeout(None)  # with one, the first call would not wait for its cookie
            end.sendto(b"question", socket.MSG_FASTOPEN, (address, int(port)))
        else:
            end.connect((address, int(port)))
            end.send(b"question")
        size = 0
        while size < (120000 if kind == "tcp-long" else 6):
            size += len(end.recv(2000))
        time.sleep(2 if kind == "sctp" else 0.5)  # SCTP has heartbeats to say
        end.close()
        time.sleep(0.5)


def send(expression):
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    import words
    packet = eval(expression, vars(words))
    family = socket.AF_INET6 if packet.name == "IPv6" else socket.AF_INET
    end = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
    end.sendto(bytes(packet), (packet.dst, 0))


def group(interface, *steps):
    index = struct.pack("=I4x", socket.if_nametoindex(interface))
    sockets = {}
    for verb, *rest in (step.split(",") for step in steps):
        if verb == "wait":
            time.sleep(float(rest[0]))
            continue
        option, *addresses = rest
        version6 = ":" in addresses[0]
        if (verb, version6) not in sockets:
            sockets[verb, version6] = socket.socket(socket.AF_INET6 if version6 else socket.AF_INET, socket.SOCK_DGRAM)
        sockets[verb, version6].setsockopt(
            41 if version6 else 0, MULTICAST[option], index + b"".join(map(storage, addresses)))


{"send": send, "serve": serve, "call": call, "group": group}[sys.argv[1]](*sys.argv[2:])
