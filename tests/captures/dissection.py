# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""What tshark sees in the frames of a capture, and what that makes of each.

Nothing here looks at a frame's bytes, nor knows where a header begins: tshark's
dissection of the outermost headers is all there is. A verdict is a line as
verdicts.c prints it: `tcp 40000 443`, or a reason.
"""

import subprocess
from collections import defaultdict

TAG_TYPES = {0x8100, 0x88A8}
TAG_LAYERS = {"vlan", "ieee8021ad"}
TAGS_FOLLOWED = 4
EXTENSIONS_FOLLOWED = 8
IPV4_HEADER_LEAST = 20

# Unless told so, tshark puts fragments and segments of a whole capture together, and
# takes no length of 0 for that of a BIG TCP packet.
PREFERENCES = ["ip.defragment:FALSE", "ipv6.defragment:FALSE",
               "tcp.desegment_tcp_streams:FALSE", "tcp.analyze_sequence_numbers:FALSE",
               "sctp.reassembly:FALSE", "ip.tso_support:TRUE", "ipv6.tso_support:TRUE"]

FIELDS = ["frame.len", "frame.protocols", "eth.len", "eth.type", "vlan.len", "vlan.etype", "ieee8021ah.etype", "vlan.id",
          "ieee8021ad.id", "ieee8021ad.svid", "ieee8021ad.cvid",
          "ip.version", "ip.hdr_len", "ip.len", "ip.frag_offset", "ip.proto", "ip.dst",
          "ipv6.version", "ipv6.plen", "ipv6.nxt", "ipv6.dst", "ipv6.hopopts.nxt",
          "ipv6.routing.nxt", "ipv6.dstopts.nxt", "ipv6.fraghdr.nxt", "ipv6.fraghdr.offset",
          "ah.next_header", "ipv6.hopopts.len_oct", "ipv6.routing.len_oct",
          "ipv6.dstopts.len_oct", "ah.length", "tcp.srcport", "tcp.dstport", "udp.srcport",
          "udp.dstport", "sctp.srcport", "sctp.dstport", "dccp.srcport", "dccp.dstport"]

# By IP protocol number: the transport that it is counted as, tshark's layer.
TRANSPORTS = {6: ("tcp", "tcp"), 17: ("udp", "udp"), 33: ("dccp", "dccp"), 132: ("sctp", "sctp"),
              136: ("udp", "udplite")}
ICMP, ICMPV6 = 1, 58
FRAGMENT = 44
# By IP protocol number: the field that says what is behind an extension header.
EXTENSIONS = {0: "ipv6.hopopts.nxt", 43: "ipv6.routing.nxt", FRAGMENT: "ipv6.fraghdr.nxt",
              51: "ah.next_header", 60: "ipv6.dstopts.nxt"}


class Frame:
    """The fields that tshark found in one frame, each a list in order of appearance."""

    def __init__(self, number, line):
        self.number = number
        self.values = defaultdict(list)
        for name, value in zip(FIELDS, line.split("\t"), strict=True):
            if value:
                self.values[name] = value.split(",")
        self.layers = [layer for layer in "".join(self.values["frame.protocols"]).split(":")
                       if layer != "ethertype"]
        self.size = self.number_of("frame.len")

    def number_of(self, field, index=0):
        """A field's value, None where it is not there."""
        values = self.values[field]
        return int(values[index], 0) if index < len(values) else None

    def tag_layers(self):
        """The layers of VLAN tags that begin the frame."""
        layers = []
        for layer in self.layers[1:]:
            if layer not in TAG_LAYERS:
                break
            layers.append(layer)
        return layers

    def tags(self):
        """VLAN tags read; two service tags in a row are one layer of two to tshark."""
        return sum(len(self.values[field]) for field in
                   ("vlan.id", "ieee8021ad.id", "ieee8021ad.svid", "ieee8021ad.cvid"))

    def ethertype(self):
        """The type behind all tags."""
        layers = self.tag_layers()
        if not layers:
            return self.number_of("eth.type")
        field = "vlan.etype" if layers[-1] == "vlan" else "ieee8021ah.etype"
        return self.number_of(field, layers.count(layers[-1]) - 1)


def ports_of(frame, protocol):
    """The outermost ports, if tshark came so far."""
    transport, layer = TRANSPORTS[protocol]
    field = "udp" if layer == "udplite" else layer
    source, destination = (frame.number_of(f"{field}.{end}port") for end in ("src", "dst"))
    if layer not in frame.layers or source is None or destination is None:
        return "truncated"
    return f"{transport} {source} {destination}"


def verdict_of_ipv4(frame):
    version, header, length = (frame.number_of(field)
                               for field in ("ip.version", "ip.hdr_len", "ip.len"))
    if version not in (None, 4) or (version is None and frame.values["ipv6.version"]):
        return "malformed"
    if header is not None and header < IPV4_HEADER_LEAST:
        return "malformed"
    if length and length < header:
        return "malformed"
    if not frame.values["ip.dst"]:
        return "truncated"
    if frame.number_of("ip.frag_offset"):
        return "fragment"
    protocol = frame.number_of("ip.proto")
    if protocol in TRANSPORTS:
        return ports_of(frame, protocol)
    return "icmp" if protocol == ICMP else "other_l4"


def verdict_of_ipv6(frame):
    if "ipv6" not in frame.layers[1:2 + len(frame.tag_layers())]:
        return "malformed"
    if not frame.values["ipv6.dst"]:
        return "truncated"
    protocol = frame.number_of("ipv6.nxt")
    seen = defaultdict(int)
    for _ in range(EXTENSIONS_FOLLOWED + 1):
        if protocol not in EXTENSIONS:
            break
        if sum(seen.values()) == EXTENSIONS_FOLLOWED:
            return "too_deep"
        index = seen[protocol]
        if protocol == FRAGMENT and frame.number_of("ipv6.fraghdr.offset", index):
            return "fragment"
        seen[protocol] += 1
        protocol = frame.number_of(EXTENSIONS[protocol], index)
    if protocol is None:
        return "truncated"
    if protocol in TRANSPORTS:
        return ports_of(frame, protocol)
    return "icmp" if protocol == ICMPV6 else "other_l4"


def verdict_of(frame):
    """What a frame is to be counted as, if tshark is right about it."""
    ethertype = frame.ethertype()
    if frame.tags() > TAGS_FOLLOWED:
        return "too_deep"
    if ethertype is None:
        has_length = frame.values["eth.len"] or frame.values["vlan.len"]
        return "non_ip" if has_length else "truncated"
    if ethertype in TAG_TYPES:
        return "too_deep" if frame.tags() == TAGS_FOLLOWED else "truncated"
    if ethertype == 0x0806:
        return "arp"
    if ethertype == 0x0800:
        return verdict_of_ipv4(frame)
    if ethertype == 0x86DD:
        return verdict_of_ipv6(frame)
    return "non_ip"


def dissect(capture):
    """Yield a Frame for each frame of a capture."""
    command = ["tshark", "-n", "-r", capture, "-T", "fields", "-E", "occurrence=a"]
    for preference in PREFERENCES:
        command += ["-o", preference]
    for field in FIELDS:
        command += ["-e", field]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as process:
        number = 0
        for number, line in enumerate(process.stdout, 1):
            yield Frame(number, line.rstrip("\n"))
        words = process.stderr.read()
    if process.returncode:
        raise SystemExit(f"tshark -r {capture}: {words}")
