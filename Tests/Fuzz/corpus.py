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

expressions = [
    'ipv4(ttl=3,dscp=ef)/icmp.echo(id=7,seq=1)/"hello"', "ipv4(src=198.18.0.0/24,options=[rr(9),ra])/udp(dport=[53,60-70])",
    "ipv6(dst=2001:db8::1)/hopopts(options=ra(0))/icmpv6.mldquery(group=ff02::1:3,sources=[2001:db8::2])",
    "ipv4/igmp.report(records=[exclude(225.1.2.3),allow(225.1.2.4,198.18.0.1)])/pattern(9,0a0b)/random(4)",
    "ipv4/tcp(flags=SA,options=[mss(1460),sackok,ts(1,0),nop,wscale(7)],seq=random)/hex(\"00:ff\")",
    "ipv4/gre.key(key=1)/ipv6/frag(offset=1,mf)/udp", 'icmp.timeexceeded/ipv4(ttl=1-3)/udp/"\\x00\\n"',
]
for index, text in enumerate(expressions):
    (corpus / f"expression-{index}").write_bytes(text.encode())
