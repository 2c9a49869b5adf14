#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""How long an agent under load takes to say that it is alive, and what memory it has by then.

usage: load.py INTERFACES CLIENTS   (in a world of its own: tools/world.sh)

Asked for /healthz and /readyz all the time: while it attaches to the interfaces, while the clients
ask for the metrics in loops, and while a reload goes over all interfaces. The times are this
machine's; the clients run on it, too.
"""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time

ADDRESS = ("127.0.0.1", 9635)
LOAD_SECONDS = 10


def get(path):
    with socket.create_connection(ADDRESS, 30) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        reply = b""
        while more := client.recv(1 << 16):
            reply += more
    return reply


def ask(until):
    """The longest that an answer took, in ms, and how many there were."""
    worst, count, reply = 0, 0, b""
    while True:
        for path in ("/healthz", "/readyz"):
            begun = time.monotonic()
            try:
                reply = get(path)
            except ConnectionRefusedError:
                continue
            worst = max(worst, time.monotonic() - begun)
            count += 1
        if until(reply):
            return round(worst * 1000), count
        time.sleep(0.01)


def memory(pid, key):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(key)) >> 10


def tell(what, answers, pid):
    own, most, mapped = (memory(pid, key) for key in ("RssAnon", "VmHWM", "RssFile"))
    print(f"{what:58} {answers[0]:6} ms {answers[1]:7} {own:5} MB {most:5} MB, {mapped} mapped", flush=True)


def batch(lines):
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)


def make_load(clients, ends, served):
    def loop():
        count = 0
        while time.monotonic() < ends:
            try:
                get("/metrics")
                count += 1
            except OSError:
                pass
        with served.get_lock():
            served.value += count

    threads = [threading.Thread(target=loop) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    interfaces, clients = map(int, sys.argv[1:])
    numbers = range(interfaces)
    batch([f"link add load{i} type veth peer name far{i}" for i in numbers])
    batch([f"link set load{i} up" for i in numbers])
    agent = subprocess.Popen(["build/portclass", "agent", "dev", "load*", "listen", "127.0.0.1:9635"],
                             stderr=subprocess.DEVNULL)
    print(f"{'':58} {'longest':>9} {'answers':>7} {'now':>8} {'peak':>8}")
    tell(f"while it attaches to {interfaces} interfaces", ask(lambda reply: b" 200 " in reply[:20]), agent.pid)
    ends = time.monotonic() + LOAD_SECONDS
    served = multiprocessing.Value("q", 0)
    # Of another process, or they would share one interpreter with who asks for health.
    load = multiprocessing.Process(target=make_load, args=(clients, ends, served))
    load.start()
    answers = ask(lambda _: time.monotonic() > ends)
    load.join()
    tell(f"while {clients} clients ask for {served.value} scrapes", answers, agent.pid)
    os.kill(agent.pid, signal.SIGHUP)
    quiet = time.monotonic() + 3 + interfaces / 10
    tell(f"while a reload goes over {interfaces}", ask(lambda _: time.monotonic() > quiet), agent.pid)
    agent.terminate()
    agent.wait()
    batch([f"link del load{i}" for i in numbers])


main()
