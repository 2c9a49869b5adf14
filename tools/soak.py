#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""An agent in a bad neighbourhood, for hours: what happens to it, and what is lost.

usage: tools/soak.py SECONDS [SEED]   (in a world of its own: tools/world.sh)

Frames enter one interface without a pause, while interfaces come and go, overlays change,
ports are scanned, the disk is full, memory ends, clocks are others, and the agent and the
commands beside it are killed. Every few events the cable is cut: each frame that the
kernel saw must have been counted once. In the end nothing may be left.
"""

import collections
import datetime
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

PORTCLASS = os.path.abspath("build/portclass")
ADDRESS = "127.0.0.1:9635"
PINS = "/sys/fs/bpf/portclass"
DISK = "/run/soak"  # a small one, for the overlay and the log
CGROUPS = [  # where one can be made, and what bounds its memory: versions 2 and 1
    ("/sys/fs/cgroup", "memory.max"),
    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
]
CGROUP_MEMORY = "100M"
MEMORY_MOST = 32 << 20  # of the agent's own at rest
CHECK_EVERY = 10  # events
CHURN = 6  # interfaces besides eth0

SENDER = """
import random, socket, time
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ports = [53, 67, 123, 161, 443, 514, 4000, 4001, 4002, 30000, 60000]
while True:
    try:
        for _ in range(40):
            client.sendto(b"x" * random.randrange(200), ("192.0.2.1", random.choice(ports)))
    except OSError:
        pass
    time.sleep(0.01)
"""

SCAN = """
import socket
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(1, 65536):
    try:
        client.sendto(b"", ("192.0.2.1", port))
    except OSError:
        pass
"""


HOG = "import sys; hog = bytearray(300 << 20)"


def run(*words, check=True, **options):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    if check and done.returncode:
        sys.exit(f"{' '.join(words)}: status {done.returncode}: {done.stderr.strip()}")
    return done


def on_peer(*words, **options):
    return run("nsenter", "--net=/run/netns/peer", *words, **options)


def until(condition, what, seconds=60):
    """Wait for something that has to come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"soak: it never came: {what}")
        time.sleep(0.05)


def get(path):
    with urllib.request.urlopen(f"http://{ADDRESS}{path}", timeout=30) as reply:
        return reply.read()


def ready():
    try:
        return get("/readyz").startswith(b"ready\n")
    except (OSError, urllib.error.URLError):
        return False


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def make_cgroup():
    """One whose memory has a bound, to run out of; None: none can be made here."""
    for root, bound in CGROUPS:
        if not os.path.exists(f"{root}/cgroup.procs"):
            continue
        path = f"{root}/portclass-soak-{os.getpid()}-{time.monotonic_ns()}"
        os.mkdir(path)
        try:
            write(f"{path}/{bound}", CGROUP_MEMORY)
            return path
        except OSError:
            os.rmdir(path)
    return None


def kernel_objects():
    """Of every kind, how many there are."""
    return {kind: len(json.loads(run("bpftool", "-j", kind, "list").stdout or "[]"))
            for kind in ("prog", "map", "link")}


class Soak:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.done = collections.Counter()
        self.agent = None
        self.offset = 0  # of the agent's clocks, s
        self.churn = {}
        self.made = 0
        self.memory = []
        self.checks = 0
        self.frames = 0
        self.series = {}
        self.cgroup = make_cgroup()
        self.since = None
        self.before = kernel_objects()

    # What there is before anything happens.

    def build(self):
        run("ip", "link", "set", "lo", "up")
        os.makedirs("/run/netns", exist_ok=True)
        run("ip", "netns", "add", "peer")
        run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", "peer")
        run("ip", "addr", "add", "192.0.2.1/24", "dev", "eth0")
        run("ip", "link", "set", "eth0", "up")
        on_peer("ip", "addr", "add", "192.0.2.2/24", "dev", "eth0")
        os.makedirs(DISK, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", "size=4m", "soak", DISK)
        self.write_overlay()
        self.start_agent()
        until(ready, "ready")
        on_peer("ip", "link", "set", "eth0", "up")
        self.sender = subprocess.Popen(["nsenter", "--net=/run/netns/peer", "python3", "-c", SENDER])

    def write_overlay(self):
        rows = [f"soak-{self.random.randrange(1000)} {port}/udp"
                for port in self.random.sample(range(4000, 4400), self.random.randrange(1, 50))]
        text = "\n".join(rows) + "\n"
        try:
            with open(f"{DISK}/new", "w", encoding="ascii") as file:
                file.write(text)
            os.rename(f"{DISK}/new", f"{DISK}/overlay")
        except OSError:  # the disk is full
            pass

    def start_agent(self):
        words = [PORTCLASS, "agent", "dev", "eth0", "dev", "churn*", "listen", ADDRESS,
                 "series", "100", "overlay", f"{DISK}/overlay"]
        if self.offset:
            words = ["unshare", "--time", "--boottime", str(self.offset), "--monotonic",
                     str(self.offset)] + words
        with open(f"{DISK}/log", "a", encoding="ascii") as log:
            self.agent = subprocess.Popen(words, stderr=log, preexec_fn=self.enter_cgroup)
        self.series = {}

    def enter_cgroup(self, badness=1000):
        if self.cgroup:
            write(f"{self.cgroup}/cgroup.procs", str(os.getpid()))
            write("/proc/self/oom_score_adj", str(badness))

    def end_agent(self, how):
        self.agent.send_signal(how)
        if how == signal.SIGTERM and self.agent.wait(60):
            sys.exit(f"soak: SIGTERM: the agent ended with {self.agent.returncode}")
        self.agent.wait(60)

    # Events: each is a method, and leaves an agent that runs or starts.

    def event_reload(self):
        self.write_overlay()
        if self.random.random() < 0.5:
            self.agent.send_signal(signal.SIGHUP)

    def event_scan(self):
        on_peer("python3", "-c", SCAN)

    def event_interface_comes(self):
        if len(self.churn) >= CHURN:
            self.event_interface_goes()
        self.made += 1
        name = f"churn{self.made}"
        run("ip", "link", "add", name, "type", "veth", "peer", "name", f"far{self.made}")
        run("ip", "link", "set", name, "up")
        self.churn[name] = True

    def event_interface_goes(self):
        if self.churn:
            name = self.random.choice(list(self.churn))
            del self.churn[name]
            run("ip", "link", "del", name)

    def event_interface_is_renamed(self):
        if self.churn:
            name = self.random.choice(list(self.churn))
            self.made += 1
            del self.churn[name]
            self.churn[f"churn{self.made}"] = True
            run("ip", "link", "set", name, "down")
            run("ip", "link", "set", name, "name", f"churn{self.made}")

    def event_agent_is_killed(self):
        self.end_agent(signal.SIGKILL)
        self.start_agent()

    def event_agent_ends(self):
        self.end_agent(signal.SIGTERM)
        self.start_agent()

    def event_clocks_are_others(self):
        """As in a container with a time namespace, or after another boot."""
        self.end_agent(signal.SIGTERM)
        self.offset = self.random.choice([0, 86400, 400 * 86400])
        self.start_agent()

    def event_command_is_killed(self):
        """A reload beside the agent, at some step of it."""
        words = [PORTCLASS, "reload", "dev", "eth0", "overlay", f"{DISK}/overlay"]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL) as command:
            time.sleep(self.random.random() * 0.3)  # to hit it anywhere
            command.kill()

    def event_command_is_stopped(self):
        """With the lock of the pins, perhaps; the agent goes on."""
        words = [PORTCLASS, "reload", "dev", "eth0", "overlay", f"{DISK}/overlay"]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL) as command:
            time.sleep(self.random.random() * 0.2)
            command.send_signal(signal.SIGSTOP)
            until(lambda: get("/healthz") == b"alive\n", "alive beside a stopped command")
            command.send_signal(signal.SIGCONT)

    def event_disk_is_full(self):
        try:
            with open(f"{DISK}/ballast", "wb", buffering=0) as ballast:
                while True:
                    ballast.write(bytes(1 << 12))
        except OSError:
            pass
        self.write_overlay()
        self.agent.send_signal(signal.SIGHUP)
        until(lambda: get("/healthz") == b"alive\n", "alive with a full disk")
        os.unlink(f"{DISK}/ballast")
        os.truncate(f"{DISK}/log", 0)  # as who rotates logs would

    def event_memory_ends(self):
        """A neighbour in its control group takes it all; the kernel prefers the agent."""
        if not self.cgroup:
            return
        run("python3", "-c", HOG, check=False, preexec_fn=lambda: self.enter_cgroup(0))
        self.done["killed by the kernel for memory"] += self.agent.poll() == -signal.SIGKILL
        self.event_agent_is_killed()

    def event_everything_is_asked_for(self):
        for path in ("/metrics", "/api/v1/counters", "/readyz", "/", "/api/v1/lookup?q=4000"):
            try:
                get(path)
            except urllib.error.HTTPError as refusal:
                if refusal.code not in (404, 503):
                    raise

    # What must hold, whatever was.

    def check_series(self):
        """No counter goes back while an agent lives."""
        now = dict(re.findall(r"^(portclass_\S*_total\{.*\}) (\d+)$", get("/metrics").decode(), re.M))
        for name, value in now.items():
            if "eth0" in name and int(value) < int(self.series.get(name, 0)):
                sys.exit(f"soak: {name} went from {self.series[name]} to {value}")
        self.series = now

    def check_counts(self):
        """Every frame that entered was counted once."""
        on_peer("ip", "link", "set", "eth0", "down")
        link = json.loads(run("ip", "-s", "-j", "link", "show", "dev", "eth0").stdout)[0]
        shown = json.loads(run(PORTCLASS, "-j", "show", "dev", "eth0").stdout)
        frames = link["stats64"]["rx"]["packets"]
        services = sum(row[side]["packets"] for row in shown["services"] for side in ("to", "from"))
        reasons = sum(row["packets"] for row in shown["unclassified"])
        total = sum(row["packets"] for row in shown["total"])
        if not frames == services + reasons == total:
            sys.exit(f"soak: {frames} frames entered, {services} + {reasons} of {total} were counted")
        since = datetime.datetime.fromisoformat(shown["since"])
        self.since = self.since or since
        if abs((since - self.since).total_seconds()) > 2:
            sys.exit(f"soak: counting since {self.since}, it says {since} now")
        self.frames = frames
        on_peer("ip", "link", "set", "eth0", "up")

    def check(self):
        until(ready, "ready again")
        self.check_series()
        self.check_counts()
        with open(f"/proc/{self.agent.pid}/status", encoding="ascii") as status:
            memory = int(re.search(r"RssAnon:\s*(\d+)", status.read())[1]) << 10
        self.memory.append(memory)
        if memory > MEMORY_MOST:
            sys.exit(f"soak: the agent has {memory >> 20} MB of its own")
        self.checks += 1

    def check_nothing_is_left(self):
        self.end_agent(signal.SIGTERM)
        self.sender.kill()
        self.sender.wait()
        for name in list(self.churn):
            run("ip", "link", "del", name)
        run(PORTCLASS, "detach", "dev", "eth0")
        run(PORTCLASS, "clean", check=False)
        until(lambda: not os.path.exists(PINS), f"{PINS} is gone")
        until(lambda: kernel_objects() == self.before, f"as many objects as before: {self.before}")
        run("umount", DISK)
        if self.cgroup:
            until(self.remove_cgroup, "the control group is empty")

    def remove_cgroup(self):
        try:
            os.rmdir(self.cgroup)
        except OSError:
            return False
        return True

    def leave(self):
        """However it ended: the world takes the rest with it."""
        if self.agent and self.agent.poll() is None:
            self.end_agent(signal.SIGKILL)
        if self.cgroup and os.path.isdir(self.cgroup):
            until(self.remove_cgroup, "the control group is empty")

    def run(self, seconds):
        events = sorted(name for name in dir(self) if name.startswith("event_"))
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for _ in range(CHECK_EVERY):
                name = self.random.choice(events)
                until(self.agent_answers, "an agent that answers")
                getattr(self, name)()
                self.done[name.removeprefix("event_").replace("_", " ")] += 1
            self.check()

    def agent_answers(self):
        try:
            return get("/healthz") == b"alive\n"
        except OSError:
            if self.agent.poll() is not None:
                sys.exit(f"soak: the agent ended by itself: {self.agent.returncode}")
            return False


def main():
    seconds = float(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    print(f"soak: {seconds:.0f} s, seed {seed}", flush=True)
    soak = Soak(seed)
    if not soak.cgroup:
        print("soak: no control group can be made here: memory does not end")
    try:
        soak.build()
        soak.run(seconds)
        soak.check()
        soak.check_nothing_is_left()
    finally:
        soak.leave()
    for name, count in sorted(soak.done.items()):
        print(f"{count:6}  {name}")
    print(f"soak: {soak.frames:,} frames entered, each counted once, at {soak.checks} looks; the agent"
          f" had {min(soak.memory) >> 10} to {max(soak.memory) >> 10} KB of its own; nothing is left")


main()
