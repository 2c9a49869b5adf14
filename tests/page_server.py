#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""The page with counts that a test has thought of, instead of an agent's.

usage: page_server.py PAGE POLICY_HEADER SCENARIO

It prints the port that it listens on, on loopback. Each reading is two seconds
after the one before, by its own clock: that is the step of the page.
"""

import http.server
import json
import math
import re
import sys

STEP = 2
START = "2026-02-13T08:15:00Z"

# service, transport, first, last, class, status, packets/s to, from, bytes a packet to, from
SERVICES = [
    ("https", "tcp", 443, 443, "system", "assigned", 4200, 9300, 92, 1400),
    ("postgresql", "tcp", 5432, 5432, "user", "assigned", 2600, 2400, 180, 640),
    ("https", "udp", 443, 443, "system", "assigned", 900, 2100, 88, 1230),
    ("shop/frontend:http", "tcp", 8080, 8080, "user", "assigned", 1500, 0, 410, 0),
    ("", "udp", 49152, 65535, "dynamic", "dynamic", 1100, 0, 260, 0),
    ("domain", "udp", 53, 53, "system", "assigned", 310, 305, 74, 190),
    ("redis", "tcp", 6379, 6379, "user", "assigned", 640, 610, 110, 130),
    ("ssh", "tcp", 22, 22, "system", "assigned", 80, 64, 120, 340),
    ("", "tcp", 1024, 32767, "user", "unassigned", 70, 12, 66, 66),
    ("ntp", "udp", 123, 123, "system", "assigned", 4, 4, 90, 90),
    ("imaps", "tcp", 993, 993, "system", "assigned", 30, 44, 120, 900),
    ("shop/orders-with-a-rather-long-name-of-its-own:grpc-and-more", "tcp", 50051, 50060, "dynamic",
     "assigned", 420, 0, 350, 0),
    ("m2ua", "sctp", 2904, 2904, "user", "assigned", 55, 55, 210, 190),
    ("mysql", "tcp", 3306, 3306, "user", "assigned", 0, 370, 0, 1060),
    ("bgp", "tcp", 179, 179, "system", "assigned", 0.5, 0.5, 85, 85),
    ("snmp", "udp", 161, 161, "system", "assigned", 12, 0, 96, 0),
    ("syslog", "udp", 514, 514, "system", "assigned", 140, 0, 320, 0),
    ("etcd-client", "tcp", 2379, 2379, "user", "assigned", 210, 260, 240, 480),
]
REASONS = [("arp", 3, 42), ("icmp", 24, 98), ("fragment", 9, 1300), ("non_ip", 0.5, 66), ("other_l4", 310, 1100)]


def moving(number, steps):
    """Packets so far at one packet a second: a wave of its own period around it."""
    period = 40 + 23 * (number % 7)
    now = steps * STEP
    return now + 0.75 * period / 6.3 * (1 - math.cos(6.3 * now / period + number)) + now * now / 2500 * (number % 2)


def even(_, steps):
    return steps * STEP


def counter(packets, size, base=0):
    return {"packets": base + int(packets), "bytes": base + int(packets) * size}


def add(counters):
    counters = list(counters)
    return {unit: sum(each[unit] for each in counters) for unit in ("packets", "bytes")}


def shown(interface, steps, scale=1.0, pace=moving, since_boot=10**15, base=0, only=None):
    """What `show` says of an interface."""
    services = []
    for number, (name, transport, first, last, klass, status, to, back, to_size, back_size) in enumerate(SERVICES[:only]):
        so_far = pace(number, steps) * scale
        if steps and (to or back):
            services.append({"direction": "rx", "service": name, "transport": transport, "first": first,
                             "last": last, "class": klass, "status": status, "origin": "registry",
                             "to": counter(to * so_far, to_size, base),
                             "from": counter(back * so_far, back_size)})
    reasons = [{"direction": "rx", "reason": name, **counter(each * steps * STEP * scale, size)}
               for name, each, size in REASONS if steps and not only]
    classes = [{"direction": "rx", "class": klass,
                **add(each[side] for each in services if each["class"] == klass for side in ("to", "from"))}
               for klass in ("system", "user", "dynamic") if any(each["class"] == klass for each in services)]
    return {"interface": interface, "ifindex": 2, "since": START, "since_boot": since_boot,
            "registry": {"name": "iana.csv", "date": "2026-02-13", "sha256": "00" * 32},
            "total": [{"direction": "rx", **add(classes + reasons)}],
            "classes": classes, "services": services, "unclassified": reasons}


def again(steps):
    """Detached and attached anew at the fourth reading."""
    return [shown("eth0", steps + 9, pace=even)] if steps < 4 else [
        shown("eth0", steps - 4, pace=even, since_boot=10**15 + 1)]


def retired(steps):
    """A swap of the registry has left a twin of the first service, and a nameless one."""
    interface = shown("eth0", steps + 1, pace=even, only=1)
    first = interface["services"][0]
    nameless = {"service": "", "first": 7, "last": 9, "was": "unassigned"}
    interface["services"] += [{**first, "status": "retired"}, {**first, **nameless, "status": "retired"}]
    return [interface]


SCENARIOS = {
    "lively": lambda steps: [shown("eth0", steps + 30)],
    "two": lambda steps: [shown("eth0", steps + 30), shown("bond0.100", steps, 120, only=7)],
    "even": lambda steps: [shown("eth0", steps, pace=even)],
    "idle": lambda steps: [shown("eth0", 0)],
    "empty": lambda steps: [],
    "again": again,
    "retired": retired,
    "huge": lambda steps: [shown("eth0", steps + 1, pace=even, base=2**63 + 1, only=1)],
    "broken": lambda steps: None,
    "breaks": lambda steps: [shown("eth0", steps)] if steps < 3 else None,
}
FOUND = [{"service": "https", "transport": transport, "first": 443, "last": 443, "class": "system",
          "status": "assigned", "origin": "registry", "aliases": [], "file": "iana.csv", "line": 694}
         for transport in ("tcp", "udp")]


class Handler(http.server.BaseHTTPRequestHandler):
    page = policy = scenario = None
    steps = -1

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):  # pylint: disable=invalid-name
        if self.path == "/":
            self.answer(200, "text/html; charset=utf-8", self.page)
        elif self.path == "/api/v1/counters":
            type(self).steps += 1
            counters = self.scenario(self.steps)
            if counters is None:
                self.answer(503, "text/plain", b"the maps can't be read")
            else:
                self.answer(200, "application/json", json.dumps(counters).encode())
        elif self.path.startswith("/api/v1/lookup?q="):
            self.answer(200, "application/json", json.dumps(FOUND).encode())
        else:
            self.answer(404, "text/plain", b"no such page")

    def log_message(self, *_):
        pass


def main():
    if len(sys.argv) != 4 or sys.argv[3] not in SCENARIOS:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as page, open(sys.argv[2], encoding="utf-8") as header:
        Handler.page = page.read()
        Handler.policy = "".join(re.findall(r'"(.*)"', header.read()))
    Handler.scenario = staticmethod(SCENARIOS[sys.argv[3]])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
