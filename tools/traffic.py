#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Real traffic for the demo, between two ends of one cable: host and peer.

usage: traffic.py serve|ask host|peer

`serve` runs the services that live at that end until it is killed; `ask` is the
client of those that live at the other end. One of each per end makes traffic
both ways. Only the web server and the shapes of DNS and NTP are true to their
protocols; the rest are plain bytes over real connections to well-known ports.
"""

import errno
import http.client
import http.server
import socket
import socketserver
import struct
import sys
import threading
import time
from dataclasses import dataclass, field

PATIENCE = 10  # seconds for a server to appear or to answer
IPV4 = {"host": "192.0.2.1", "peer": "192.0.2.2"}
IPV6 = {"host": "2001:db8::1", "peer": "2001:db8::2"}
VLAN = {"host": "198.51.100.1", "peer": "198.51.100.2"}
VLAN_ID = 7
SCTP = 132  # IP protocol number


@dataclass(frozen=True)
class Service:
    """One service: where it lives, and what one client asks of it."""

    end: str
    transport: str
    port: int
    clients: int
    exchanges: int
    request: int  # bytes of each request
    reply: int  # bytes of each reply; 0: there is none
    addresses: dict = field(default_factory=lambda: IPV4)

    def address(self):
        return self.addresses[self.end]


SERVICES = [
    Service("host", "http", 80, 20, 4, 0, 20000),
    Service("host", "http", 8080, 10, 4, 0, 8000, IPV6),
    Service("host", "tcp", 22, 1, 80, 64, 96),
    Service("host", "tcp", 993, 2, 20, 100, 4000, IPV6),
    Service("host", "tcp", 1883, 3, 20, 80, 40),
    Service("host", "tcp", 5432, 4, 100, 200, 6000),
    Service("host", "tcp", 6379, 2, 150, 60, 120),
    Service("host", "tcp", 50051, 2, 90, 300, 500),
    Service("host", "udp", 161, 1, 20, 60, 90, IPV6),
    Service("host", "udp", 514, 1, 30, 220, 0),
    Service("host", "udp", 514, 1, 4, 4000, 0),  # more than a frame: IP fragments
    Service("peer", "tcp", 443, 3, 30, 300, 150000),
    Service("peer", "tcp", 3306, 2, 60, 150, 3000, IPV6),
    Service("peer", "tcp", 5672, 1, 40, 300, 60),
    Service("peer", "dns", 53, 40, 1, 0, 0),
    Service("peer", "dns", 53, 20, 1, 0, 0, IPV6),
    Service("peer", "ntp", 123, 4, 1, 0, 0),
    Service("peer", "udp", 443, 2, 60, 120, 1200, IPV6),
]
SCTP_SERVICE = Service("host", "sctp", 2905, 1, 20, 120, 80)
VLAN_SERVICE = Service("host", "tcp", 2049, 1, 40, 200, 3000, VLAN)


def dns_query(number):
    header = struct.pack("!6H", number, 0x0100, 1, 0, 0, 0)
    labels = b"".join(bytes([len(part)]) + part for part in (b"www", b"example", b"net"))
    return header + labels + struct.pack("!BHH", 0, 1, 1)  # type A, class IN


def dns_answer(query):
    (number,) = struct.unpack_from("!H", query)
    header = struct.pack("!6H", number, 0x8180, 1, 1, 0, 0)
    record = struct.pack("!HHHLH4B", 0xC00C, 1, 1, 300, 4, 192, 0, 2, 80)
    return header + query[12:] + record


def ntp_packet(mode):
    return struct.pack("!B47x", 4 << 3 | mode)  # version 4


# What a client sends and a server answers, for transports carried by UDP.
DATAGRAMS = {
    "udp": (lambda service, number: bytes(service.request),
            lambda service, request: bytes(service.reply)),
    "dns": (lambda service, number: dns_query(number),
            lambda service, request: dns_answer(request)),
    "ntp": (lambda service, number: ntp_packet(3),
            lambda service, request: ntp_packet(4)),
}


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        page = bytes(self.server.service.reply)
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


class Stream(socketserver.BaseRequestHandler):
    """Answer every request on a connection, until the client ends it."""

    def handle(self):
        service = self.server.service
        while receive(self.request, service.request):
            self.request.sendall(bytes(service.reply))


class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        request, reply_from = self.request
        service = self.server.service
        reply = DATAGRAMS[service.transport][1](service, request)
        if reply:
            reply_from.sendto(reply, self.client_address)


class TcpServer(socketserver.ThreadingTCPServer):
    address_family = socket.AF_INET6  # and IPv4 by mapped addresses
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


class SctpServer(TcpServer):
    def __init__(self, address, handler):
        super().__init__(address, handler, bind_and_activate=False)
        self.socket.close()
        self.socket = socket.socket(self.address_family, socket.SOCK_STREAM, SCTP)
        self.server_bind()
        self.server_activate()


class UdpServer(socketserver.UDPServer):
    address_family = socket.AF_INET6
    max_packet_size = 65535


SERVERS = {
    "http": (TcpServer, Web),
    "tcp": (TcpServer, Stream),
    "sctp": (SctpServer, Stream),
    "udp": (UdpServer, Datagram),
    "dns": (UdpServer, Datagram),
    "ntp": (UdpServer, Datagram),
}


def receive(connection, size):
    """Read exactly size bytes; False if the connection ends before that."""
    while size:
        data = connection.recv(min(size, 65536))
        if not data:
            return False
        size -= len(data)
    return True


def eventually(attempt):
    """Repeat an attempt until the other end's server is up."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except (ConnectionError, socket.timeout):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def ask_http(service):
    client = http.client.HTTPConnection(service.address(), service.port, timeout=PATIENCE)
    eventually(client.connect)
    for _ in range(service.exchanges):
        client.request("GET", "/")
        client.getresponse().read()
    client.close()


def ask_stream(service, connection):
    for _ in range(service.exchanges):
        connection.sendall(bytes(service.request))
        if not receive(connection, service.reply):
            raise ConnectionError(f"port {service.port}: the server hung up")
    connection.close()


def ask_tcp(service):
    address = (service.address(), service.port)
    ask_stream(service, eventually(lambda: socket.create_connection(address, PATIENCE)))


def ask_sctp(service):
    def connect():
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP)
        connection.settimeout(PATIENCE)
        connection.connect((service.address(), service.port))
        return connection

    ask_stream(service, eventually(connect))


def ask_datagram(service):
    request_of = DATAGRAMS[service.transport][0]
    expects_reply = service.transport != "udp" or service.reply
    family = socket.AF_INET6 if ":" in service.address() else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.settimeout(1 if expects_reply else None)
        client.connect((service.address(), service.port))
        for number in range(service.exchanges):
            def exchange(number=number):
                client.send(request_of(service, number))
                if expects_reply:
                    client.recv(65535)

            eventually(exchange)


CLIENTS = {
    "http": ask_http,
    "tcp": ask_tcp,
    "sctp": ask_sctp,
    "udp": ask_datagram,
    "dns": ask_datagram,
    "ntp": ask_datagram,
}


def checksum(header):
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def ipv4(addresses, protocol, payload):
    """An IPv4 packet from the peer to the host."""
    def header(check):
        return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, check,
                           socket.inet_aton(addresses["peer"]), socket.inet_aton(addresses["host"]))

    return header(checksum(header(0))) + payload


def send_frames(frames):
    """Send whole Ethernet frames, each a pair (type, payload), to the host."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind(("eth0", 0))
        source = wire.getsockname()[4]
        for ethertype, payload in frames:
            wire.send(b"\xff" * 6 + source + struct.pack("!H", ethertype) + payload)


def sctp_frames(service):
    """Protocol 132 with an SCTP header, but no association behind it."""
    for number in range(service.exchanges):
        chunk = struct.pack("!HHLL", 40000, service.port, number, 0) + bytes(service.request)
        yield 0x0800, ipv4(IPV4, SCTP, chunk)


def vlan_frames(service):
    """Tagged TCP segments, but no connection behind them."""
    for number in range(service.exchanges):
        segment = struct.pack("!HHLLBBHHH", 40001, service.port, number, 0, 5 << 4, 0x10, 8192,
                              0, 0)
        packet = ipv4(VLAN, socket.IPPROTO_TCP, segment + bytes(service.request))
        yield 0x8100, struct.pack("!HH", VLAN_ID, 0x0800) + packet


def lldp_frames(_):
    """A switch that tells its name: no IP at all."""
    name = struct.pack("!H", 5 << 9 | 4) + b"demo"
    for _ in range(3):
        yield 0x88CC, name + bytes(2)


def has_sctp():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, SCTP).close()
    except OSError as error:
        if error.errno in (errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT):
            return False
        raise
    return True


def has_vlan():
    return any(name == f"eth0.{VLAN_ID}" for _, name in socket.if_nameindex())


def services():
    """The table, and what this kernel can do besides."""
    if has_sctp():
        yield SCTP_SERVICE
    if has_vlan():
        yield VLAN_SERVICE
    yield from SERVICES


def hand_made():
    """What the peer sends as bare frames, as no socket does it here: (words, frames)."""
    if not has_sctp():
        yield ("this kernel has no SCTP: hand-made packets of protocol 132",
               sctp_frames(SCTP_SERVICE))
    if not has_vlan():
        yield ("this kernel has no VLAN devices: hand-made tagged frames",
               vlan_frames(VLAN_SERVICE))
    yield "hand-made LLDP frames, as a switch sends them", lldp_frames(None)


def serve(end):
    mine = {(each.transport, each.port): each for each in services() if each.end == end}
    for service in mine.values():
        server_of, handler = SERVERS[service.transport]
        server = server_of(("::", service.port), handler)
        server.service = service
        threading.Thread(target=server.serve_forever).start()


def ask(end):
    failures = []

    def run(service):
        try:
            CLIENTS[service.transport](service)
        except Exception as error:  # pylint: disable=broad-except
            failures.append(f"{service.transport} port {service.port}: {error}")

    threads = [threading.Thread(target=run, args=[service])
               for service in services() if service.end != end for _ in range(service.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if end == "peer":
        for words, frames in hand_made():
            print(f"  {words}", flush=True)
            send_frames(frames)
    if failures:
        sys.exit("traffic: " + "\ntraffic: ".join(sorted(set(failures))))


def main():
    commands = {"serve": serve, "ask": ask}
    if len(sys.argv) != 3 or sys.argv[1] not in commands or sys.argv[2] not in IPV4:
        sys.exit(__doc__)
    commands[sys.argv[1]](sys.argv[2])


if __name__ == "__main__":
    main()
