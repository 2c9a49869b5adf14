#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""An agent under ThreadSanitizer: all documents asked for at once, through reloads.

usage: race.py PROGRAM   (in a world of its own: tools/world.sh)

It ends with the agent's status, which ThreadSanitizer makes another than 0 if two threads
touched the same memory unordered.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

PATHS = ("/metrics", "/api/v1/counters", "/readyz", "/healthz", "/api/v1/lookup?q=https", "/")
OVERLAY = "/run/overlay"
RELOADS = 6


def get(path):
    with socket.create_connection(("127.0.0.1", 9635), 20) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        reply = b""
        while more := client.recv(1 << 16):
            reply += more
    return reply


def ready():
    try:
        return b" 200 " in get("/readyz")[:20]
    except OSError:
        return False


def rename(number):
    with open(OVERLAY, "w", encoding="ascii") as file:
        file.write(f"round-{number} 4000/udp\n")


def main():
    for number in range(4):
        subprocess.run(["ip", "link", "add", f"race{number}", "type", "veth", "peer", "name", f"far{number}"],
                       check=True)
        subprocess.run(["ip", "link", "set", f"race{number}", "up"], check=True)
    rename(0)
    agent = subprocess.Popen(["setarch", "-R", sys.argv[1], "agent", "dev", "race*", "overlay", OVERLAY,
                              "listen", "127.0.0.1:9635", "detach-on-exit"])
    while not ready():
        if agent.poll() is not None:
            sys.exit(f"race: the agent ended with {agent.returncode}")
        time.sleep(0.1)
    ends = threading.Event()

    def loop(path):
        while not ends.is_set():
            get(path)

    threads = [threading.Thread(target=loop, args=(path,)) for path in PATHS * 3]
    for thread in threads:
        thread.start()
    for number in range(1, RELOADS + 1):
        rename(number)
        while f"round-{number}".encode() not in get("/api/v1/lookup?q=4000/udp"):
            time.sleep(0.05)
    ends.set()
    for thread in threads:
        thread.join()
    os.kill(agent.pid, signal.SIGTERM)
    status = agent.wait()
    print(f"race: {RELOADS} reloads, {len(threads)} clients, status {status}")
    sys.exit(status)


main()
