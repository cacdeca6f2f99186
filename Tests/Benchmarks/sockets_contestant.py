"""What sockets.c does, with Python's `socket`: `sockets_contestant.py WORK PORT COUNT`.

Python has no sendmmsg and recvmmsg: it sends and receives the datagrams of a batch one by one.
"""
import socket
import sys
import time

PIECE, MESSAGE, BATCH, BACKLOG = 64 << 10, 64, 64, 1000
wall = processor = 0.0


def start():
    global wall, processor
    wall -= time.monotonic()
    processor -= time.process_time()


def stop():
    global wall, processor
    wall += time.monotonic()
    processor += time.process_time()


def work_with_peer(port, what):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(what)
    return connection


def send(port, count):
    connection, piece = work_with_peer(port, b"s"), bytes(PIECE)
    start()
    for _ in range(count):
        connection.sendall(piece)
    connection.shutdown(socket.SHUT_WR)
    assert connection.recv(1)
    stop()


def receive(port, count):
    connection, piece, rest = work_with_peer(port, b"r"), bytearray(PIECE), count * PIECE
    start()
    while rest > 0:
        received = connection.recv_into(piece)
        assert received
        rest -= received
    stop()


def datagrams(_, count):
    sender, receiver = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    sender.bind(("127.0.0.1", 0))
    receiver.bind(("127.0.0.1", 0))
    source, destination, message = sender.getsockname(), receiver.getsockname(), bytearray(MESSAGE)
    start()
    for first in range(0, count, BATCH):
        for number in range(first, first + BATCH):
            sender.sendto(number.to_bytes(8, "little") + b"x" * (MESSAGE - 8), destination)
        for number in range(first, first + BATCH):
            length, found = receiver.recvfrom_into(message)
            assert length == MESSAGE and int.from_bytes(message[:8], "little") == number and found == source
    stop()


def echo(port, count):
    connection, answer = work_with_peer(port, b"e"), bytearray(1)
    start()
    for number in range(count):
        byte = bytes((number & 255,))
        connection.send(byte)
        assert connection.recv_into(answer) == 1 and answer == byte
    stop()


def accept(port, count):
    listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    control = work_with_peer(port, b"a")
    control.sendall(listener.getsockname()[1].to_bytes(2, "big"))
    for _ in range(count // BACKLOG):
        control.sendall(b"\0")
        assert control.recv(1)
        start()
        for _ in range(BACKLOG):
            connection, address = listener.accept()
            assert address[0] == "127.0.0.1"
            connection.close()
        stop()
        control.sendall(b"\0")
        assert control.recv(1)


{"send": send, "receive": receive, "datagrams": datagrams, "echo": echo, "accept": accept}[sys.argv[1]](
    int(sys.argv[2]), int(sys.argv[3]))
print(wall, processor)
