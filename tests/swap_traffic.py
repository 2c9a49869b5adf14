#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Traffic while tables are swapped, and a reader that lets nothing go backwards.

usage: swap_traffic.py send CPU STOP ADDRESS PORT...
       swap_traffic.py read STOP COMMAND...

Both end when the file STOP is there, or in vain after minutes. `send` prints how many
datagrams it sent. `read` runs COMMAND, which prints what `portclass show -j` does,
again and again, fails when a counter is less than before or gone, and prints how
often it read.
"""

import itertools
import json
import os
import socket
import subprocess
import sys
import time

ENOUGH = 300  # seconds, on a machine that does much else
BURST = 64  # datagrams between two looks at the clock
PAUSE = 0.002  # seconds between two bursts or readings, for the others on this CPU


def until(stop):
    deadline = time.monotonic() + ENOUGH
    while not os.path.exists(stop):
        if time.monotonic() > deadline:
            sys.exit(f"{stop} did not come in {ENOUGH} s")
        yield


def send(cpu, stop, address, *ports):
    os.sched_setaffinity(0, {int(cpu) % os.cpu_count()})
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    targets = itertools.cycle([(address, int(port)) for port in ports])
    sent = 0
    for _ in until(stop):
        for target in itertools.islice(targets, BURST):
            client.sendto(b"swap", target)
            sent += 1
        time.sleep(PAUSE)
    print(sent)


def counters(document):
    """Every counter of the document by what it is of; a retired one keeps its name."""
    for total in document["total"]:
        yield ("total", total["direction"]), total
    for sum_of_class in document["classes"]:
        yield ("class", sum_of_class["direction"], sum_of_class["class"]), sum_of_class
    for reason in document["unclassified"]:
        yield ("reason", reason["direction"], reason["reason"]), reason
    for service in document["services"]:
        name = tuple(service[key] for key in ("direction", "service", "transport", "first", "last"))
        status = service.get("was", service["status"])
        for side in ("to", "from"):
            yield (*name, status, side), service[side]


def check(before, after):
    for name, counter in before.items():
        now = after.get(name)
        if now is None:
            sys.exit(f"{name} had {counter} and is gone")
        if now["packets"] < counter["packets"] or now["bytes"] < counter["bytes"]:
            sys.exit(f"{name} went backwards from {counter} to {now}")


def check_sums(document):
    """What the services and reasons counted is the total, at any moment."""
    parts = sum(service[side]["packets"] for service in document["services"] for side in ("to", "from"))
    parts += sum(reason["packets"] for reason in document["unclassified"])
    total = sum(total["packets"] for total in document["total"])
    if parts != total:
        sys.exit(f"the parts are {parts}, the total is {total}")


def read(stop, *command):
    before = {}
    readings = 0
    for _ in until(stop):
        document = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        after = dict(counters(document))
        check(before, after)
        check_sums(document)
        before = after
        readings += 1
        time.sleep(PAUSE)
    print(readings)


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("send", "read"):
        sys.exit(__doc__)
    {"send": send, "read": read}[sys.argv[1]](*sys.argv[2:])
