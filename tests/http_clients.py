#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Clients of the agent's web server that are many, slow or broken.

usage: http_clients.py PORT crowd IDLE SLOW SCRAPES
       http_clients.py PORT malformed
       http_clients.py PORT fuzz SECONDS

All of them talk to loopback, and end with a status of 0 if the server bore it.
"""

import http.client
import random
import resource
import select
import socket
import sys
import time

PATIENCE = 20
GOOD = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"

# What is sent, and the statuses that may answer it; 0: closed without one.
MALFORMED = [
    (b"\r\n\r\n\r\n\r\n", {0}),
    (b"GET\r\n\r\n", {400}),
    (b"GET /metrics\r\n\r\n", {400}),
    (b"GET  /metrics  HTTP/1.1\r\n\r\n", {400}),
    (b"GET /metrics HTTP/1.1\r\n\r\n", {400}),
    (b"GET /metrics HTTP/9.9\r\nHost: localhost\r\n\r\n", {505}),
    (b"GET /metrics HTTP/x\r\nHost: localhost\r\n\r\n", {400}),
    (b"GET /metrics FTP/1.1\r\nHost: localhost\r\n\r\n", {400}),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}),
    (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\n\n", {400}),
    (b"\x00\x00\x00\x00\r\n\r\n", {400}),
    (b"GET /metr\x00ics HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}),
    (b"GET metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}),
    (b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", {404}),
    (b"GET /metrics/../metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", {404}),
    (b"GET /api/v1/lookup HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}),
    (b"GET /api/v1/lookup?q=1/xyz HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}),
    (b"GET /api/v1/lookup?q=%00%ff%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 404}),
    (b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nabcd", {405}),
    (b"PUT /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}),
    (b"DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}),
    (b"CONNECT a:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}),
    (b"NONSENSE / HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}),
    (GOOD + b"Content-Length: 4\r\n\r\nabcd", {413}),
    (GOOD + b"Content-Length: 99999999999999999999\r\n\r\n", {413}),
    (GOOD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {413}),
    (GOOD + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n", {400}),
    (GOOD + b"Host: b\r\n\r\n", {400}),
    (GOOD + b"No colon\r\n\r\n", {400}),
    (GOOD + b" folded: yes\r\n\r\n", {400}),
    (GOOD + b"Name : value\r\n\r\n", {400}),
    (GOOD + b"Name: \x01\r\n\r\n", {400}),
    (GOOD + b"Name: " + b"x" * 9000 + b"\r\n\r\n", {431}),
    (b"GET /" + b"x" * 20000 + b" HTTP/1.1\r\n\r\n", {431}),
    (GOOD + b"x: y\r\n" * 5000 + b"\r\n", {431}),
    (GOOD, {0}),
    (b"G", {0}),
]


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def send(client, data):
    """Send what the server wants to have of it."""
    try:
        client.sendall(data)
    except OSError:
        pass


def receive(client):
    parts = []
    try:
        while part := client.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def scrape(port):
    """A whole document within PATIENCE, or a failure."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    client.request("GET", "/metrics")
    reply = client.getresponse()
    body = reply.read()
    client.close()
    assert reply.status == 200, reply.status
    assert b"portclass_build_info" in body, body[:200]


def malformed(port):
    for sent, wanted in MALFORMED:
        with connect(port) as client:
            send(client, sent)
            try:
                client.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            reply = receive(client)
        status = int(reply.split(b" ", 2)[1]) if reply else 0
        assert status in wanted, (sent[:80], status, reply[:200])
        body = reply.partition(b"\r\n\r\n")[2]
        assert not status or (body.endswith(b".\n") or b"/api/v1/lookup" in body), reply
    scrape(port)


def trickle(slow):
    """A byte more of a request that never ends, from each that is still connected."""
    for client in list(slow):
        try:
            client.send(b"x")
        except OSError:
            slow.remove(client)


def crowd(port, idle, slow, scrapes):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, idle + 2 * slow + 100), hard))
    waiting = [connect(port) for _ in range(idle)]
    trickling = [connect(port) for _ in range(slow)]
    for client in trickling:
        send(client, b"GET /metrics HTTP/1.1\r\nX: ")
        client.setblocking(False)
    for _ in range(scrapes):
        trickle(trickling)
        scrape(port)
        time.sleep(0.05)
    # Replies that nobody takes.
    deaf = [connect(port) for _ in range(slow)]
    for client in deaf:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        send(client, (GOOD + b"\r\n") * 50)
    for _ in range(scrapes):
        scrape(port)
    for client in waiting + trickling + deaf:
        client.close()


def mutate(generator, data):
    data = bytearray(data)
    for _ in range(generator.randrange(8)):
        at = generator.randrange(len(data) + 1)
        data[at:at + generator.randrange(3)] = generator.randbytes(generator.randrange(4))
    return bytes(data)


def annoy(port, generator):
    with connect(port) as client:
        for _ in range(1 + generator.randrange(3)):
            if generator.randrange(4):
                send(client, mutate(generator, generator.choice(MALFORMED)[0]))
            else:
                send(client, generator.randbytes(generator.randrange(512)))
        if generator.randrange(2):
            select.select([client], [], [], 0.001)


def fuzz(port, seconds):
    generator = random.Random(9635)
    end = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < end:
        annoy(port, generator)
        rounds += 1
        if rounds % 500 == 0:
            scrape(port)
    scrape(port)
    print(f"{rounds} connections")


def main():
    port, what, numbers = int(sys.argv[1]), sys.argv[2], [int(word) for word in sys.argv[3:]]
    {"crowd": crowd, "malformed": malformed, "fuzz": fuzz}[what](port, *numbers)


main()
