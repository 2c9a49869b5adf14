#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""A capture of the frames that are hard to classify, made with scapy.

usage: hard_cases.py CAPTURE NAMES

The same seed makes the same frames every time. NAMES gets a line for each of them:
the family that it belongs to. What a frame is to be counted as is not said here;
tshark says it. Where it is known to see less than there is, the frame before is a
twin: counted alike, but for what the family's name says, and all to be seen.
"""

import logging
import random
import sys

logging.getLogger("scapy").setLevel(logging.ERROR)

# pylint: disable=wrong-import-position
from scapy.contrib.gtp import GTP_U_Header
from scapy.contrib.lldp import LLDPDU, LLDPDUEndOfLLDPDU
from scapy.contrib.mpls import MPLS
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption
from scapy.layers.inet6 import (ICMPv6DestUnreach, ICMPv6EchoRequest, ICMPv6ND_NS,
                                IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop,
                                IPv6ExtHdrRouting, Jumbo, PadN, RouterAlert)
from scapy.layers.ipsec import AH, ESP
from scapy.layers.l2 import ARP, GRE, LLC, STP, Dot1AD, Dot1Q, Dot3, Ether
from scapy.layers.ppp import PPP, PPPoE
from scapy.layers.sctp import SCTP, SCTPChunkInit
from scapy.layers.vxlan import VXLAN
from scapy.packet import Raw, raw

from pcap import write_capture

SEED = 20260213
BORDERS = [0, 1, 53, 80, 443, 1023, 1024, 8080, 32767, 32768, 49151, 49152, 65535]
TCP_PROTOCOL, UDP_PROTOCOL, DCCP_PROTOCOL, SCTP_PROTOCOL, UDPLITE_PROTOCOL = 6, 17, 33, 132, 136
ICMP_PROTOCOL, ICMPV6_PROTOCOL = 1, 58
OTHERS = [2, 4, 41, 46, 47, 50, 51, 89, 94, 103, 108, 112, 115, 135, 137, 139, 140, 143, 253, 255]

rng = random.Random(SEED)


def port():
    return rng.choice([rng.choice(BORDERS), rng.randrange(65536)])


def payload(most=40):
    """Zero bytes, in which no dissector finds a protocol of its own."""
    return Raw(bytes(rng.randrange(most)))


def ether(**fields):
    return Ether(src="02:00:00:00:00:02", dst="02:00:00:00:00:01", **fields)


def arp(**fields):
    return ARP(hwsrc="02:00:00:00:00:02", psrc="192.0.2.2", pdst="192.0.2.1", **fields)


def ipv4(**fields):
    return IP(src="192.0.2.2", dst="192.0.2.1", **fields)


def ipv6(**fields):
    return IPv6(src="2001:db8::2", dst="2001:db8::1", **fields)


def dccp_bytes():
    """A DCCP-Data header, whole, with extended sequence numbers."""
    ports = port().to_bytes(2, "big") + port().to_bytes(2, "big")
    return ports + bytes([4, 0, 0, 0, 0x05, 0, 0, 1, 0, 0, 0, 2])


def udplite_bytes():
    ports = port().to_bytes(2, "big") + port().to_bytes(2, "big")
    return ports + bytes([0, 8, 0xff, 0xff])


# What makes the bytes behind an IP header, by protocol number.
TRANSPORTS = {
    TCP_PROTOCOL: lambda: TCP(sport=port(), dport=port(), flags=rng.choice(["S", "A", "PA", "FA"])),
    UDP_PROTOCOL: lambda: UDP(sport=port(), dport=port()),
    SCTP_PROTOCOL: lambda: SCTP(sport=port(), dport=port()) / SCTPChunkInit(),
    DCCP_PROTOCOL: lambda: Raw(dccp_bytes()),
    UDPLITE_PROTOCOL: lambda: Raw(udplite_bytes()),
}


def transport():
    """A transport header: (protocol, layer)."""
    protocol = rng.choice(list(TRANSPORTS))
    return protocol, TRANSPORTS[protocol]()


def ip_packet():
    """IPv4 or IPv6 with a transport in it, nothing odd."""
    protocol, layer = transport()
    if rng.random() < 0.5:
        return ipv4(proto=protocol) / layer / payload()
    return ipv6(nh=protocol) / layer / payload()


# Each family: how many frames of it, and what makes one.

def plain():
    return ether() / ip_packet()


def tagged():
    """Up to six tags of either type, in any order, before anything."""
    inner = rng.choice([ip_packet, ip_packet, arp, lambda: Raw(bytes(46))])()
    for _ in range(rng.randrange(7)):
        tag = rng.choice([Dot1Q, Dot1AD])
        inner = tag(vlan=rng.randrange(1, 4095)) / inner
    return ether() / inner


def tagged_otherwise():
    """Types that some switches take for tags, but no standard does."""
    kind = rng.choice([0x9100, 0x9200, 0x88e7])
    return ether(type=kind) / Raw(bytes([0, 7, 8, 0]) + raw(ip_packet()))


def not_ip():
    frames = [
        lambda: ether() / arp(op=rng.randrange(1, 3)),
        lambda: ether(type=0x8035) / arp(op=3),
        lambda: Ether(src="02:00:00:00:00:02", dst="01:80:c2:00:00:0e", type=0x88cc) /
        LLDPDU() / LLDPDUEndOfLLDPDU(),
        lambda: Dot3(src="02:00:00:00:00:02", dst="01:80:c2:00:00:00") / LLC() / STP(),
        lambda: Dot3(src="02:00:00:00:00:02", dst="01:80:c2:00:00:00") /
        LLC(dsap=0xaa, ssap=0xaa, ctrl=3) / Raw(bytes([0, 0, 0, 8, 0]) + raw(ip_packet())),
        lambda: ether(type=rng.randrange(0x600)) / payload(64),
        lambda: ether(type=rng.choice([0x8847, 0x8848])) / MPLS(s=1) / ip_packet(),
        lambda: ether(type=0x8864) / PPPoE() / PPP(proto=0x21) / ip_packet(),
        lambda: ether(type=0x8863) / PPPoE(code=9) / payload(),
        lambda: ether(type=rng.choice([0x0008, 0xdd86, 0x88e5, 0x8906, 0x9000, 0xffff])) /
        ip_packet(),
        lambda: ether(type=rng.randrange(0x600, 0x10000)) / payload(64),
    ]
    return rng.choice(frames)()


def ipv4_options():
    protocol, layer = transport()
    options = [IPOption(bytes([1] * rng.randrange(1, 41)))]
    return ether() / ipv4(proto=protocol, options=options) / layer / payload()


def ipv4_odd_header():
    """IHL, version and total length that fit each other only by chance."""
    protocol, layer = transport()
    header = ipv4(proto=protocol, ihl=rng.choice([5, rng.randrange(16)]),
                  version=rng.choice([4, 4, 4, rng.randrange(16)]),
                  len=rng.choice([0, 1, 19, 20, 21, 22, 23, 24, 25, 28, 40, 44, 60, 63, 64, 65,
                                  1500, 65535, rng.randrange(65536)]),
                  frag=rng.choice([0, 0, 0, rng.randrange(8192)]))
    return ether() / header / layer / Raw(bytes(rng.choice([0, 4, 40])))


def ipv4_fragment():
    protocol = rng.choice(list(TRANSPORTS) + [ICMP_PROTOCOL, 50, 89])
    layer = TRANSPORTS[protocol]() if protocol in TRANSPORTS else Raw(bytes(8))
    header = ipv4(proto=protocol, flags=rng.choice(["", "MF", "DF", "MF+DF", "evil"]),
                  frag=rng.choice([0, 0, 1, 185, 8191, rng.randrange(8192)]))
    return ether() / header / layer / payload()


def ipv6_odd_header():
    protocol, layer = transport()
    header = ipv6(nh=protocol, version=rng.choice([6, 6, rng.randrange(16)]),
                  plen=rng.choice([0, 1, 3, 4, 5, 8, 20, 1280, 65535, rng.randrange(65536)]))
    return ether() / header / layer / payload()


def routing_bytes(protocol, addresses):
    """Routing headers that tshark agrees with: their type fits their length."""
    kind, left = rng.choice([(0, 0), (0, addresses), (253, 0)])
    return bytes([protocol, 2 * addresses, kind, left]) + bytes(4 + 16 * addresses)


def extension(following):
    """An extension header before `following`, a pair (protocol, bytes); as such a pair."""
    protocol, behind = following
    # Options that are all padding, 0 to 3 times 8 bytes more than the first 8.
    more = rng.choice([0, 0, 1, 3])
    pad = PadN(optdata=bytes(8 * more + 4))
    kinds = [
        (0, lambda: IPv6ExtHdrHopByHop(nh=protocol, options=[pad])),
        (60, lambda: IPv6ExtHdrDestOpt(nh=protocol, options=[pad])),
        (43, lambda: Raw(routing_bytes(protocol, more))),
        (44, lambda: IPv6ExtHdrFragment(nh=protocol, offset=0, m=rng.randrange(2),
                                        id=rng.randrange(1 << 32))),
        (51, lambda: AH(nh=protocol, payloadlen=1 + 2 * more, spi=1, seq=1,
                        icv=bytes(8 * more))),
    ]
    number, make = rng.choice(kinds)
    return number, raw(make()) + behind


def chain(depth):
    protocol = rng.choice(list(TRANSPORTS) + [ICMPV6_PROTOCOL, 59, 50, 59])
    layer = TRANSPORTS[protocol]() if protocol in TRANSPORTS else Raw(bytes(16))
    following = protocol, raw(layer / payload())
    for _ in range(depth):
        following = extension(following)
    return following


def ipv6_chain():
    protocol, behind = chain(rng.randrange(11))
    return ether() / ipv6(nh=protocol) / Raw(behind)


def ipv6_chain_cut():
    """A payload length that ends within the chain or the ports; the twin has them whole."""
    protocol, behind = chain(rng.randrange(1, 4))
    length = rng.randrange(1, len(behind) + 8)
    return (ether() / ipv6(nh=protocol) / Raw(behind),
            ether() / ipv6(nh=protocol, plen=length) / Raw(behind))


def ipv6_routing_odd():
    """Routing headers whose type contradicts their length; the twin has options there."""
    protocol, behind = chain(rng.randrange(3))
    more = rng.randrange(4)
    routing = bytes([rng.choice([0, 2, 2, 3, 4]), rng.randrange(3), 0, 0]) + bytes(2 + 8 * more)
    options = bytes([1, 4 + 8 * more]) + bytes(4 + 8 * more)
    assert len(routing) == len(options)
    return tuple(ether() / ipv6(nh=number) / Raw(bytes([protocol, more]) + header + behind)
                 for number, header in ((60, options), (43, routing)))


def ipv6_fragment():
    protocol, layer = transport()
    offset = rng.choice([0, 0, 1, 8191, rng.randrange(8192)])
    fragment = IPv6ExtHdrFragment(nh=protocol, offset=offset, m=rng.randrange(2),
                                  res2=rng.randrange(4))
    return ether() / ipv6() / fragment / layer / payload()


def authenticated():
    protocol, layer = transport()
    header = AH(nh=protocol, payloadlen=4, spi=7, seq=1, icv=bytes(12))
    if rng.random() < 0.5:
        return ether() / ipv4(proto=51) / header / layer / payload()
    return ether() / ipv6(nh=51) / header / layer / payload()


def without_ports():
    """Protocols that have none, ESP and no-next-header among them."""
    protocol = rng.choice(OTHERS + [59, 60, 43, 44, 0, rng.randrange(256)])
    if rng.random() < 0.5:
        return ether() / ipv4(proto=protocol) / Raw(bytes(24))
    return ether() / ipv6(nh=rng.choice([50, 59] + OTHERS)) / Raw(bytes(24))


def encrypted():
    esp = ESP(spi=rng.randrange(256, 1 << 32), seq=1, data=bytes(32))
    return ether() / (ipv4(proto=50) if rng.random() < 0.5 else ipv6(nh=50)) / esp


def control_messages():
    """ICMP and ICMPv6 each in its own IP and in the other's; errors quote a packet."""
    quoted = raw(ip_packet())[:rng.randrange(28, 60)]
    messages = [
        lambda: ipv4() / ICMP() / payload(),
        lambda: ipv4() / ICMP(type=3, code=rng.randrange(4)) / Raw(quoted),
        lambda: ipv6() / ICMPv6EchoRequest(data=bytes(8)),
        lambda: ipv6() / ICMPv6DestUnreach() / Raw(quoted),
        lambda: ipv6() / ICMPv6ND_NS(tgt="2001:db8::1"),
        lambda: ipv6() / IPv6ExtHdrHopByHop(options=[RouterAlert()], nh=58) / Raw(bytes([143]) +
                                                                                   bytes(27)),
        lambda: ipv4(proto=58) / Raw(bytes([128]) + bytes(15)),
        lambda: ipv6(nh=1) / Raw(bytes([8]) + bytes(15)),
    ]
    return ether() / rng.choice(messages)()


def jumbogram():
    """Payload length 0, and the true one in a hop-by-hop option (RFC 2675)."""
    protocol, layer = transport()
    behind = raw(layer) + bytes(65536)
    options = IPv6ExtHdrHopByHop(nh=protocol, options=[Jumbo(jumboplen=8 + len(behind))])
    return ether() / ipv6(plen=0) / options / Raw(behind)


def jumbogram_small():
    """One that would not have had to be one; the twin is none."""
    protocol, layer = transport()
    behind = Raw(raw(layer / payload()))
    options = IPv6ExtHdrHopByHop(nh=protocol, options=[Jumbo(jumboplen=8 + len(behind))])
    return (ether() / ipv6() / IPv6ExtHdrHopByHop(nh=protocol) / behind,
            ether() / ipv6(plen=0) / options / behind)


def big_tcp():
    """A length of 0, as the kernel sends it to itself."""
    protocol, layer = transport()
    if rng.random() < 0.5:
        return ether() / ipv4(proto=protocol, len=0) / layer / payload()
    return ether() / ipv6(nh=protocol, plen=0) / layer / payload()


def tunnel():
    inner = ip_packet()
    tunnels = [
        lambda: ipv4(proto=47) / GRE(proto=0x800) / inner,
        lambda: ipv6(nh=47) / GRE(proto=0x86dd) / inner,
        lambda: ipv4(proto=4) / ipv4() / TCP(sport=port(), dport=port()),
        lambda: ipv4(proto=41) / ipv6() / UDP(sport=port(), dport=port()),
        lambda: ipv6(nh=4) / ipv4() / TCP(sport=port(), dport=port()),
        lambda: ipv6(nh=41) / ipv6() / SCTP(sport=port(), dport=port()),
        lambda: ipv4() / UDP(sport=port(), dport=4789) / VXLAN(vni=7) / ether() / inner,
        lambda: ipv6() / UDP(sport=port(), dport=2152) / GTP_U_Header(teid=7) / inner,
        lambda: ipv4(proto=137) / MPLS(s=1) / inner,
    ]
    return ether() / rng.choice(tunnels)()


def padded():
    """An Ethernet frame is at least 60 bytes, whatever the IP length says."""
    protocol = rng.choice(list(TRANSPORTS))
    size = rng.randrange(9)
    layer = raw(TRANSPORTS[protocol]())[:size]
    header = ipv4(proto=protocol) if rng.random() < 0.5 else ipv6(nh=protocol)
    frame = raw(ether() / header / Raw(layer))
    return frame + bytes(rng.choice([0x00, 0xff, 0x35]) for _ in range(max(0, 60 - len(frame)) + 4))


def cut_at_every_byte():
    """Whole frames of the families above, and all that begins them."""
    protocol, behind = chain(3)
    whole = [
        ether() / Dot1AD(vlan=1) / Dot1Q(vlan=2) / ipv4() / TCP(sport=443, dport=port()),
        ether() / ipv4(options=[IPOption(bytes([1] * 12))], proto=SCTP_PROTOCOL) / SCTP(sport=2905),
        ether() / ipv4(proto=DCCP_PROTOCOL) / Raw(dccp_bytes()),
        ether() / ipv4(proto=UDPLITE_PROTOCOL) / Raw(udplite_bytes()),
        ether() / ipv4() / ICMP() / Raw(bytes(8)),
        ether() / ipv4() / UDP(sport=53, dport=port()) / Raw(bytes(8)),
        ether() / ipv4(proto=TCP_PROTOCOL, frag=64) / Raw(bytes(16)),
        ether() / ipv6() / UDP(sport=port(), dport=53) / Raw(bytes(8)),
        ether() / ipv6() / ICMPv6EchoRequest(),
        ether() / ipv6(nh=protocol) / Raw(behind),
        ether() / ipv6() / IPv6ExtHdrRouting() / IPv6ExtHdrFragment(m=1) / TCP(sport=80),
        ether() / ipv6(nh=51) / AH(nh=TCP_PROTOCOL, payloadlen=4, icv=bytes(12)) / TCP(dport=22),
        ether() / arp(),
    ]
    for frame in map(raw, whole):
        for size in range(len(frame)):
            yield frame[:size]


FAMILIES = [
    (200, plain), (400, tagged), (60, tagged_otherwise), (300, not_ip), (200, ipv4_options),
    (500, ipv4_odd_header), (250, ipv4_fragment), (250, ipv6_odd_header), (600, ipv6_chain),
    (300, ipv6_chain_cut), (100, ipv6_routing_odd),
    (200, ipv6_fragment), (100, authenticated), (250, without_ports),
    (40, encrypted), (200, control_messages), (4, jumbogram), (60, jumbogram_small),
    (80, big_tcp), (200, tunnel),
    (150, padded),
]


def frames():
    """Pairs (family, bytes)."""
    for count, family in FAMILIES:
        for _ in range(count):
            made = family()
            *twins, frame = made if isinstance(made, tuple) else (made,)
            for twin in twins:
                yield f"{family.__name__}_twin", raw(twin)
            yield family.__name__, raw(frame)
    for frame in cut_at_every_byte():
        yield cut_at_every_byte.__name__, frame


def main(capture, names):
    made = list(frames())
    write_capture(capture, [frame for _, frame in made])
    with open(names, "w", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name, _ in made)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
