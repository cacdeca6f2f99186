"""SCTP with the chunks and the parameters that scapy can make."""
import struct

from scapy.all import *


def parameter(r):
    return r.choice([
        SCTPChunkParamIPv4Addr(addr="198.18.%d.%d" % (r.randrange(256), r.randrange(256))),
        SCTPChunkParamIPv6Addr(addr="2001:db8::%x" % r.randrange(1, 65536)),
        SCTPChunkParamStateCookie(cookie=r.randbytes(r.randrange(1, 40))),
        SCTPChunkParamCookiePreservative(sug_cookie_inc=r.randrange(1 << 32)),
        SCTPChunkParamSupportedAddrTypes(addr_type_list=r.choice([[5], [6], [5, 6]])),
        SCTPChunkParamECNCapable(), SCTPChunkParamFwdTSN(),
    ])


def parameters(r):
    """None, or some and at last one without padding, which scapy counts as the chunk's."""
    return r.choice([[], [parameter(r) for _ in range(r.randrange(4))] + [SCTPChunkParamECNCapable()]])


def initiation(r, kind):
    return kind(
        flags=0, init_tag=r.randrange(1 << 32), a_rwnd=r.randrange(1 << 32), n_out_streams=r.randrange(1, 65536),
        n_in_streams=r.randrange(1, 65536), init_tsn=r.randrange(1 << 32),
        params=parameters(r))


def heartbeat(r, kind):
    return kind(flags=0, params=[SCTPChunkParamHeartbeatInfo(data=r.randbytes(4 * r.randrange(1, 6)))])


def acknowledgment(r):
    distance, gaps = 0, []
    for _ in range(r.randrange(4)):
        start = distance + r.randrange(2, 1000)
        distance = start + r.randrange(20)
        gaps.append("%d:%d" % (start, distance))
    return SCTPChunkSACK(
        flags=0, cumul_tsn_ack=r.randrange(1 << 32), a_rwnd=r.randrange(1 << 32), gap_ack_list=gaps,
        dup_tsn_list=[r.randrange(1 << 32) for _ in range(r.randrange(4))])


def chunk(r):
    kind = r.randrange(13)
    if kind == 0:
        return SCTPChunkData(
            reserved=0, delay_sack=r.randrange(2), unordered=r.randrange(2), beginning=r.randrange(2),
            ending=r.randrange(2), tsn=r.randrange(1 << 32), stream_id=r.randrange(65536),
            stream_seq=r.randrange(65536), proto_id=r.randrange(1 << 32), data=r.randbytes(r.randrange(1, 40)))
    return [
        lambda: initiation(r, SCTPChunkInit), lambda: initiation(r, SCTPChunkInitAck), lambda: acknowledgment(r),
        lambda: heartbeat(r, SCTPChunkHeartbeatReq), lambda: heartbeat(r, SCTPChunkHeartbeatAck),
        lambda: SCTPChunkAbort(reserved=0, TCB=r.randrange(2), error_causes=cause(r)),
        lambda: SCTPChunkShutdown(flags=0, cumul_tsn_ack=r.randrange(1 << 32)),
        lambda: SCTPChunkShutdownAck(flags=0),
        lambda: SCTPChunkError(flags=0, error_causes=struct.pack("!HHI", 3, 8, r.randrange(1 << 32))),
        lambda: SCTPChunkCookieEcho(flags=0, cookie=r.randbytes(r.randrange(1, 30))),
        lambda: SCTPChunkCookieAck(flags=0),
        lambda: SCTPChunkShutdownComplete(reserved=0, TCB=r.randrange(2)),
    ][kind - 1]()


def cause(r):
    """None, or that the user wanted it."""
    reason = r.randbytes(4 * r.randrange(4))
    return r.choice([b"", struct.pack("!HH", 12, 4 + len(reason)) + reason])


def make(r):
    packet = r.choice([IP(src="198.18.0.1", dst="198.18.0.2"), IPv6(src="2001:db8::1", dst="2001:db8::2")])
    packet /= SCTP(sport=r.randrange(65536), dport=r.randrange(65536), tag=r.randrange(1 << 32))
    for _ in range(r.randrange(4)):
        packet /= chunk(r)
    return packet


def chunks(kind, name):
    """The field of every chunk of that kind."""
    def get(p):
        found = []
        while p is not None and not isinstance(p, NoPayload):
            if type(p) is kind:  # INIT ACK is an INIT to scapy
                found.append(getattr(p, name))
            p = p.payload
        return found
    return get


FIELDS = [
    ("SCTP/Source port", "sctp.srcport", lambda p: p[SCTP].sport),
    ("SCTP/Destination port", "sctp.dstport", lambda p: p[SCTP].dport),
    ("SCTP/Verification tag", "sctp.verification_tag", lambda p: p[SCTP].tag),
    ("SCTP/DATA/TSN", "sctp.data_tsn_raw", chunks(SCTPChunkData, "tsn")),
    ("SCTP/DATA/Chunk flags/I", "sctp.data_i_bit", chunks(SCTPChunkData, "delay_sack")),
    ("SCTP/DATA/Chunk flags/U", "sctp.data_u_bit", chunks(SCTPChunkData, "unordered")),
    ("SCTP/DATA/Chunk flags/B", "sctp.data_b_bit", chunks(SCTPChunkData, "beginning")),
    ("SCTP/DATA/Chunk flags/E", "sctp.data_e_bit", chunks(SCTPChunkData, "ending")),
    ("SCTP/DATA/Stream identifier", "sctp.data_sid", chunks(SCTPChunkData, "stream_id")),
    ("SCTP/DATA/Payload protocol identifier", "sctp.data_payload_proto_id", chunks(SCTPChunkData, "proto_id")),
    ("SCTP/INIT/Initiate tag", "sctp.init_initiate_tag", chunks(SCTPChunkInit, "init_tag")),
    ("SCTP/INIT/Advertised receiver window credit", "sctp.init_credit", chunks(SCTPChunkInit, "a_rwnd")),
    ("SCTP/INIT/Number of outbound streams", "sctp.init_nr_out_streams", chunks(SCTPChunkInit, "n_out_streams")),
    ("SCTP/INIT/Number of inbound streams", "sctp.init_nr_in_streams", chunks(SCTPChunkInit, "n_in_streams")),
    ("SCTP/INIT/Initial TSN", "sctp.init_initial_tsn", chunks(SCTPChunkInit, "init_tsn")),
    ("SCTP/INIT ACK/Initiate tag", "sctp.initack_initiate_tag", chunks(SCTPChunkInitAck, "init_tag")),
    ("SCTP/INIT ACK/Initial TSN", "sctp.initack_initial_tsn", chunks(SCTPChunkInitAck, "init_tsn")),
    ("SCTP/SACK/Cumulative TSN ack", "sctp.sack_cumulative_tsn_ack_raw", chunks(SCTPChunkSACK, "cumul_tsn_ack")),
    ("SCTP/SACK/Advertised receiver window credit", "sctp.sack_a_rwnd", chunks(SCTPChunkSACK, "a_rwnd")),
    ("SCTP/SACK/Number of gap ack blocks", "sctp.sack_number_of_gap_blocks", chunks(SCTPChunkSACK, "n_gap_ack")),
    ("SCTP/SACK/Number of duplicate TSNs", "sctp.sack_number_of_duplicated_tsns", chunks(SCTPChunkSACK, "n_dup_tsn")),
    ("SCTP/SACK/Gap ack block/Start", "sctp.sack_gap_block_start", None),
    ("SCTP/SACK/Gap ack block/End", "sctp.sack_gap_block_end", None),
    ("SCTP/SACK/Duplicate TSN", "sctp.sack_duplicate_tsn", None),
    ("SCTP/SHUTDOWN/Cumulative TSN ack", "sctp.shutdown_cumulative_tsn_ack",
     chunks(SCTPChunkShutdown, "cumul_tsn_ack")),
    ("SCTP/COOKIE ECHO/Cookie", "sctp.cookie", None),
    ("SCTP/ABORT/Chunk flags/T", "sctp.abort_t_bit", chunks(SCTPChunkAbort, "TCB")),
    ("SCTP/SHUTDOWN COMPLETE/Chunk flags/T", "sctp.shutdown_complete_t_bit", chunks(SCTPChunkShutdownComplete, "TCB")),
]
CHECKSUMS = ["sctp.checksum.status"]
