# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Where tshark and portclass are known to differ, and what has to be counted there.

Each rule says which frames it is about, and what the contract makes of them, by what
tshark tells of other fields or of the frame's twin. A frame that differs and that no
rule explains fails the test, and so does one that is not counted as its rule demands.
"""

from collections import namedtuple

from dissection import EXTENSIONS, ICMP, TRANSPORTS, verdict_of

ETHERNET_HEADER, TAG, IPV6_HEADER, FRAGMENT_HEADER = 14, 4, 40, 8
EXTENSION_LAYERS = {field.rsplit(".", 1)[0] for field in EXTENSIONS.values()}

# about(frame, family): whether; demands(frame, data, twin): a verdict.
Rule = namedtuple("Rule", "words about demands")


def header_ends(frame):
    """Where the last IP or extension header that tshark read ends, by its lengths."""
    at = ETHERNET_HEADER + TAG * frame.tags()
    if frame.values["ip.dst"]:
        return at + frame.number_of("ip.hdr_len")
    for field in ("ipv6.hopopts", "ipv6.routing", "ipv6.dstopts"):
        at += sum(map(int, frame.values[f"{field}.len_oct"]))
    at += FRAGMENT_HEADER * len(frame.values["ipv6.fraghdr.nxt"])
    at += sum((int(length) + 2) * 4 for length in frame.values["ah.length"])
    return at + IPV6_HEADER


def sctp_ports(frame, data, _):
    at = header_ends(frame)
    source, destination = (int.from_bytes(data[start:start + 2], "big") for start in (at, at + 2))
    return f"sctp {source} {destination}"


def stops_at_sctp(frame, _):
    return frame.layers[-1] == "sctp" and not frame.values["sctp.srcport"]


def has_total_length_0(frame, _):
    """tshark says then how much there is of the frame."""
    there = frame.size - ETHERNET_HEADER - TAG * frame.tags()
    return frame.number_of("ip.len") == there and there < frame.number_of("ip.hdr_len")


def of_protocol_alone(frame, *_):
    """No port can lie in a frame that ends in the IP header."""
    protocol = frame.number_of("ip.proto")
    if frame.number_of("ip.frag_offset"):
        return "fragment"
    if protocol in TRANSPORTS:
        return "truncated"
    return "icmp" if protocol == ICMP else "other_l4"


def stops_in_chain(frame, family):
    return family == "ipv6_chain_cut" and frame.layers[-1] in EXTENSION_LAYERS | {"ah"}


def as_twin(_frame, _data, twin):
    return verdict_of(twin)


RULES = [
    Rule("shorter than an Ethernet header: the kernel takes no such frame",
         lambda frame, _: frame.size < ETHERNET_HEADER,
         lambda *_: "refused"),
    Rule("4 to 11 bytes of SCTP: tshark reads no port of a header that is not whole",
         stops_at_sctp, sctp_ports),
    Rule("type 0x9100: to tshark a tag, to IEEE 802.1Q none",
         lambda frame, _: frame.number_of("eth.type") == 0x9100,
         lambda *_: "non_ip"),
    Rule("total length 0, frame ends in the options: tshark takes its length for the total",
         has_total_length_0, of_protocol_alone),
    Rule("payload length ends in the extension headers: tshark stops there, we look on",
         stops_in_chain, as_twin),
    Rule("routing header of another length than its type's: tshark stops there, we step over it",
         lambda frame, family: family == "ipv6_routing_odd" and
         frame.layers[-1] == "ipv6.routing", as_twin),
    Rule("jumbogram below 65,536 bytes: to tshark its payload is empty, to us its length not told",
         lambda _, family: family == "jumbogram_small", as_twin),
]
