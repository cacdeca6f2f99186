from scapy.all import *


def quote(r):
    return IPv6(src="2001:db8::1", dst="2001:db8::2", hlim=1) / UDP(sport=9, dport=9) / r.randbytes(r.randrange(33))


def make(r):
    echo = dict(id=r.getrandbits(16), seq=r.getrandbits(16), data=r.randbytes(r.randrange(65)))
    message = r.choice([
        lambda: ICMPv6EchoRequest(**echo),
        lambda: ICMPv6EchoReply(**echo),
        lambda: ICMPv6DestUnreach(code=r.randrange(9)) / quote(r),
        lambda: ICMPv6PacketTooBig(mtu=r.getrandbits(32)) / quote(r),
        lambda: ICMPv6TimeExceeded(code=r.randrange(2)) / quote(r),
        lambda: ICMPv6ParamProblem(code=r.randrange(11), ptr=r.getrandbits(32)) / quote(r),
    ])()
    ends = [f"2001:db8::{r.getrandbits(16):x}" for _ in range(2)]
    return IPv6(src=ends[0], dst=ends[1], hlim=r.randrange(256), tc=r.getrandbits(8), fl=r.getrandbits(20)) / message


def of(kinds, name):
    """The field of the first layer of these kinds, if there is one."""
    return lambda p: next((getattr(p[kind], name) for kind in kinds if kind in p), None)


def head(name):
    return lambda p: getattr(p[IPv6].payload, name, None)


ECHOES = (ICMPv6EchoRequest, ICMPv6EchoReply)
FIELDS = [
    ("ICMPv6/Type", "icmpv6.type", head("type")),
    ("ICMPv6/Code", "icmpv6.code", head("code")),
    ("ICMPv6/Checksum", "icmpv6.checksum", head("cksum")),
    ("ICMPv6/Identifier", "icmpv6.echo.identifier", of(ECHOES, "id")),
    ("ICMPv6/Sequence number", "icmpv6.echo.sequence_number", of(ECHOES, "seq")),
    ("ICMPv6/MTU", "icmpv6.mtu", of((ICMPv6PacketTooBig,), "mtu")),
    ("ICMPv6/Pointer", "icmpv6.pointer", of((ICMPv6ParamProblem,), "ptr")),
    # tshark is silent where it is 0.
    ("ICMPv6/Length", None, of((ICMPv6DestUnreach, ICMPv6TimeExceeded), "length")),
]
CHECKSUMS = ["icmpv6.checksum.status"]
