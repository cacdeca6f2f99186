"""Writes each vector of the tests as a file of bytes: the packet, and what is behind its IP header; and all of a file in a
row, each behind a byte that is its length."""
import pathlib
import sys

vectors = pathlib.Path(__file__).parent.parent / "PacketsTests" / "Vectors"
corpus = pathlib.Path(sys.argv[1])
corpus.mkdir(parents=True)
count = 0
for path in sorted(vectors.glob("*.txt")):
    row = b""
    for block in path.read_text().split("\n\n"):
        packet = bytes.fromhex("".join(line for line in block.splitlines() if not line.startswith("#")))
        # The last two: extensions behind what an ICMP or ICMPv6 error quotes.
        starts = {0, 14, 20, 28, 40, 48, 156, 176}
        for start in starts:
            if start < len(packet):
                (corpus / f"{count:05}-{start}").write_bytes(packet[start:])
        if 0 < len(packet) < 256:
            row += bytes([len(packet)]) + packet
        count += 1
    (corpus / f"{path.name}-row").write_bytes(row[:2048])
