#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Two hundred and fifty clients in loops, and what that may cost: counts and bytes, no times.

usage: load.py ADDRESS AGENT_PID

Each client asks for the metrics, packed or not, again and again; some take their replies
byte by byte, some leave amid them. Beside them health is asked for. It ends when each
client was served often enough, and fails if one was refused, if the agent's memory grew by more
than its bounds allow, or if it read counters more than once a second.
"""

import gzip
import re
import socket
import sys
import threading
import time

CLIENTS = 240
SLOW = 10
ROUNDS = 60
# The connections with their buffers and windows, and the prints.
GROWTH_MOST = 32 << 20


def connect(address):
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), 60)


def receive(client):
    reply = b""
    while more := client.recv(1 << 16):
        reply += more
    return reply


def get(address, path, packed=False):
    with connect(address) as client:
        accept = "Accept-Encoding: gzip\r\n" if packed else ""
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{accept}Connection: close\r\n\r\n".encode())
        head, _, body = receive(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    assert int(re.search(rb"Content-Length: (\d+)", head)[1]) == len(body), head
    if packed:
        assert b"\r\nContent-Encoding: gzip" in head, head
        body = gzip.decompress(body)
    return body


def memory(pid):
    """Bytes of the process that are its own, not mapped from elsewhere."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"RssAnon:\s*(\d+) kB", status.read())[1]) << 10


class Load:
    def __init__(self, address):
        self.address = address
        self.failures = []
        self.ends = False

    def loop(self, number):
        try:
            for _ in range(ROUNDS):
                body = get(self.address, "/metrics", packed=number % 2 == 0)
                assert body.startswith(b"# HELP portclass_"), body[:40]
                assert body.endswith(b"\n"), body[-40:]
        except (AssertionError, OSError) as failure:
            self.failures.append(f"client {number}: {failure!r}")

    def dawdle(self):
        """One that takes a little, and leaves."""
        while not self.ends:
            try:
                with connect(self.address) as client:
                    client.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    for _ in range(20):
                        client.recv(1)
            except OSError:
                pass

    def run(self):
        clients = [threading.Thread(target=self.loop, args=(number,)) for number in range(CLIENTS)]
        slow = [threading.Thread(target=self.dawdle) for _ in range(SLOW)]
        for thread in clients + slow:
            thread.start()
        healthy = 0
        try:
            while any(thread.is_alive() for thread in clients):
                assert get(self.address, "/healthz") == b"alive\n"
                assert get(self.address, "/readyz").startswith(b"ready\n")
                healthy += 1
        finally:
            self.ends = True
            for thread in clients + slow:
                thread.join()
        return healthy


def reads(address):
    body = get(address, "/metrics").decode()
    return int(re.search(r"^portclass_reads_total (\d+)$", body, re.M)[1])


def main():
    address, pid = sys.argv[1], sys.argv[2]
    interfaces = len(re.findall(rb"(?m)^portclass_interface_attached{.*} 1$", get(address, "/metrics")))
    before, begun, read = memory(pid), time.monotonic(), reads(address)
    load = Load(address)
    healthy = load.run()
    seconds, grown, read = time.monotonic() - begun, memory(pid) - before, reads(address) - read
    print(f"{CLIENTS * ROUNDS} replies, health {healthy} times beside them; {read} readings of"
          f" {interfaces} interfaces; {grown >> 10} KB more")
    assert not load.failures, load.failures[:3]
    assert healthy
    assert grown < GROWTH_MOST, grown
    assert read <= interfaces * (seconds + 2), (read, interfaces, seconds)


main()
