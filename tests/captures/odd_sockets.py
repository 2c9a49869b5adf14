#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""What the kernel sends for sockets that few programs use.

usage: odd_sockets.py IPV4 IPV6

It sends to both addresses: datagrams with options, extension headers and fragments,
UDP-Lite, bare protocols, and reports of groups joined. It prints what the kernel
refuses, one line each.
"""

import socket
import struct
import sys
import time

IP_OPTIONS = 4
IPV6_HOPOPTS, IPV6_RTHDR, IPV6_DSTOPTS = 54, 57, 59
UDPLITE, ESP, GRE, IPIP, VRRP, EXPERIMENT = 136, 50, 47, 4, 112, 253
PORT = 5353

# Each option: record route with room for three; then headers of 8 bytes, their first
# byte filled in by the kernel.
RECORD_ROUTE = bytes([7, 15, 4] + [0] * 13)
PADDING = bytes([0, 0, 1, 4, 0, 0, 0, 0])
ROUTER_ALERT = bytes([0, 0, 5, 2, 0, 0, 1, 0])


def datagram(address, *options, kind=socket.SOCK_DGRAM, protocol=0, size=32):
    """Send one; options are arguments of setsockopt()."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, kind, protocol) as sender:
        for option in options:
            sender.setsockopt(*option)
        sender.sendto(bytes(size), (address, 0 if kind == socket.SOCK_RAW else PORT))


def sent(interface):
    """The packets that have left an interface."""
    with open("/proc/net/dev", encoding="ascii") as file:
        line = next(line for line in file if line.split(":")[0].strip() == interface)
    return int(line.split(":")[1].split()[9])


def join(group, interface):
    """Be in a group until the kernel has reported that; it reports the leaving, too."""
    before = sent(interface)
    family = socket.AF_INET6 if ":" in group else socket.AF_INET
    packed = socket.inet_pton(family, group)
    with socket.socket(family, socket.SOCK_DGRAM) as member:
        if family == socket.AF_INET6:
            member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                              packed + struct.pack("I", socket.if_nametoindex(interface)))
        else:
            member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                              packed + struct.pack("4sI", bytes(4),
                                                   socket.if_nametoindex(interface)))
        deadline = time.monotonic() + 2
        while sent(interface) == before and time.monotonic() < deadline:
            time.sleep(0.01)


def attempts(ipv4, ipv6):
    """Pairs (what it is, how it is sent)."""
    ip, ip6 = socket.IPPROTO_IP, socket.IPPROTO_IPV6
    yield "IPv4 options", lambda: datagram(ipv4, (ip, IP_OPTIONS, RECORD_ROUTE))
    yield "hop-by-hop options", lambda: datagram(ipv6, (ip6, IPV6_HOPOPTS, ROUTER_ALERT))
    yield "destination options", lambda: datagram(ipv6, (ip6, IPV6_DSTOPTS, PADDING))
    yield "both kinds of options, fragmented", lambda: datagram(
        ipv6, (ip6, IPV6_HOPOPTS, ROUTER_ALERT), (ip6, IPV6_DSTOPTS, PADDING), size=20000)
    yield "a segment routing header", lambda: datagram(
        ipv6, (ip6, IPV6_RTHDR, bytes([0, 2, 4, 0, 0, 0, 0, 0]) +
               socket.inet_pton(socket.AF_INET6, ipv6)))
    for address in (ipv4, ipv6):
        yield f"UDP-Lite to {address}", lambda address=address: datagram(address, protocol=UDPLITE)
        yield f"fragments to {address}", lambda address=address: datagram(address, size=20000)
        for protocol in (ESP, GRE, IPIP, VRRP, EXPERIMENT):
            yield (f"protocol {protocol} to {address}",
                   lambda address=address, protocol=protocol: datagram(
                       address, kind=socket.SOCK_RAW, protocol=protocol, size=1600))
    yield "an IPv4 group", lambda: join("239.1.2.3", "eth0")
    yield "an IPv6 group", lambda: join("ff05::1234", "eth0")


def main(ipv4, ipv6):
    for words, send in attempts(ipv4, ipv6):
        try:
            send()
        except OSError as error:
            print(f"  this kernel sends no {words}: {error.strerror}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
