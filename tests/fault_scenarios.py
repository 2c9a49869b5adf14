# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
The commands that faults.py lets fail: what comes before each, and what must hold after it.
"""
import ctypes
import json
import os
import socket
import subprocess
import sys
import time

PORTCLASS, OBJECT, SCENARIO = sys.argv[1:4]
PINS = "/sys/fs/bpf/portclass"
DEVICE, PEER = "fault0", "fault1"
FRAMES = 3      # sent before a command, and the same after it
END = 20        # seconds, by which a command has to be over


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=END, **options)


class Wrong(Exception):
    """What a command did that it must not do, in words."""


def portclass(*words):
    done = run(PORTCLASS, *words)
    if done.returncode:
        raise Wrong(f"then portclass {' '.join(words)}: {done.stderr}{done.stdout}")
    return done.stdout


class Peer:
    """Sends frames that nothing answers: what enters the host is what was sent."""

    def __init__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        run("ip", "link", "add", DEVICE, "type", "veth", "peer", "name", PEER, "netns", "peer")
        for where in [], ["nsenter", "--net=/run/netns/peer"]:
            device = PEER if where else DEVICE
            run(*where, "sysctl", "-qw", f"net.ipv6.conf.{device}.disable_ipv6=1")
            run(*where, "ip", "link", "set", device, "up")
        with open("/proc/self/ns/net") as home, open("/run/netns/peer") as there:
            if libc.setns(there.fileno(), 0):
                raise SystemExit("faults: no peer")
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            self.socket.bind((PEER, 0))
            libc.setns(home.fileno(), 0)
        link = json.loads(run("ip", "-j", "link", "show", "dev", DEVICE).stdout)[0]
        address = bytes.fromhex(link["address"].replace(":", ""))
        ip = bytes.fromhex("4500001c00000000 40110000 c0000202 cb007109".replace(" ", ""))
        udp = bytes.fromhex("9c4007d000080000")
        self.frame = address + bytes.fromhex("02000000000a0800") + ip + udp
        self.sent = 0

    def send(self, count=FRAMES):
        for _ in range(count):
            self.socket.send(self.frame)
        self.sent += count


def pins():
    return [os.path.join(path, name) for path, folders, files in os.walk("/sys/fs/bpf")
            for name in folders + files if not name.endswith(".debug")]


def slot_is_free():
    return not json.loads(run("ip", "-j", "link", "show", "dev", DEVICE).stdout)[0].get("xdp")


def reading(*words):
    return json.loads(portclass("-j", "show", *(words or ("dev", DEVICE))))


def packets(shown):
    total = sum(each["packets"] for each in shown["total"])
    services = sum(each[side]["packets"] for each in shown["services"] for side in ("to", "from"))
    reasons = sum(each["packets"] for each in shown["unclassified"])
    return total if services + reasons == total else -1


def conserved(peer, *words):
    """What is wrong with the counts; None: nothing."""
    for _ in range(100):
        counted = packets(reading(*words))
        if counted == peer.sent:
            return None
        time.sleep(0.01)
    return f"{peer.sent} frames were sent, {counted} counted"


def nothing_left():
    if not slot_is_free():
        return "the interface still has a program"
    return f"left: {' '.join(pins())}" if pins() else None


class Scenario:
    """What comes before a command, the command, and what is wrong after it."""
    words = ()
    kept = False    # the world is the same after it, whatever it does

    def __init__(self, peer, scratch):
        self.peer, self.scratch = peer, scratch
        for name in "one", "two":
            with open(f"{scratch}/{name}", "w") as file:
                file.write(f"{name} 2000/udp\n")

    def before(self):
        pass

    def after(self, status, output):
        return None

    def attach(self):
        portclass("attach", "dev", DEVICE, "registry", f"{self.scratch}/one")
        self.peer.sent = 0
        self.peer.send()

    def clear(self):
        run(PORTCLASS, "detach", "dev", DEVICE)
        return nothing_left()


class Attach(Scenario):
    words = ("attach", "dev", DEVICE)

    def before(self):
        self.peer.sent = 0

    def after(self, status, output):
        if status:
            return nothing_left()
        self.peer.send()
        return conserved(self.peer) or self.clear()


class AttachLarge(Attach):
    """With a table for which the object has no room, so that its rows are a map of their own."""
    def __init__(self, peer, scratch):
        super().__init__(peer, scratch)
        self.words = ("attach", "dev", DEVICE, "mode", "generic", "overlay", f"{scratch}/large")
        with open(f"{scratch}/large", "w") as file:
            file.writelines(f"made-up-{port} {port}/tcp\n" for port in range(1, 20000))


class AttachTwice(Scenario):
    """It is attached already: the one that counts is never harmed."""
    words = ("attach", "dev", DEVICE)
    kept = True
    before_all = Scenario.attach

    def after(self, status, output):
        if not status:
            return "attached twice"
        return conserved(self.peer)


class Detach(Scenario):
    words = ("detach", "dev", DEVICE)

    def before(self):
        self.attach()

    def after(self, status, output):
        if not status:
            return nothing_left()
        if not slot_is_free():
            self.peer.send()
            wrong = conserved(self.peer)
            if wrong:
                return wrong
        return self.clear()


class Clean(Detach):
    words = ("clean",)


class Reload(Scenario):
    def __init__(self, peer, scratch):
        super().__init__(peer, scratch)
        self.words = ("reload", "dev", DEVICE, "registry", f"{scratch}/two")
        self.before_all = self.attach

    def before(self):
        if self.peer.sent > 3000:
            self.clear()
            self.attach()

    def after(self, status, output):
        self.peer.send()
        wrong = conserved(self.peer)
        shown = reading()
        if not wrong and not status and shown["registry"]["name"] != "two":
            wrong = "it said that it was done, and was not"
        named = sum(each["to"]["packets"] for each in shown["services"]
                    if each["service"] in ("one", "two"))
        if not wrong and named != self.peer.sent:
            wrong = f"of {self.peer.sent} frames, {named} have their names"
        portclass("reload", "dev", DEVICE, "registry", f"{self.scratch}/one")
        self.peer.send()
        wrong = wrong or conserved(self.peer)
        if not wrong and (reading()["registry"]["name"] != "one" or
                          os.path.exists(f"{PINS}/{DEVICE}/next")):
            wrong = "the next reload did not make it good"
        return wrong


class TakeOver(Scenario):
    """Of what version 1 has attached: that one counts on, or this one does."""
    words = ("attach", "dev", DEVICE, "take-over")

    def before_all(self):
        self.first("first_compile")

    def first(self, function):
        done = run("bash", "-ec", 'on_host() { "$@"; }; . "$ROOT/tests/e2e/first_version.bash"; ' +
                   f"first=$BATS_TEST_TMPDIR/first.o; {function}",
                   env={**os.environ, "ROOT": os.getcwd(), "PINS": PINS, "DEVICE": DEVICE,
                        "BATS_TEST_TMPDIR": self.scratch})
        if done.returncode:
            raise SystemExit(f"faults: {function}: {done.stdout}{done.stderr}")

    def before(self):
        self.clear()
        self.first("first_attach")
        self.peer.sent = 0

    def after(self, status, output):
        if slot_is_free():
            return "nothing is attached"
        self.peer.send()
        if status:
            again = run(PORTCLASS, *self.words)
            if again.returncode not in (0, 4):
                return f"the next one said: {again.stderr}"
            if not again.returncode: # all was as before: its own frames are the first's
                self.peer.sent = 0
                self.peer.send()
        wrong = conserved(self.peer)
        return wrong or (f"left: {PINS}/{DEVICE}/takeover" if os.path.exists(f"{PINS}/{DEVICE}/takeover")
                         else self.clear())


class Reader(Scenario):
    kept = True
    before_all = Scenario.attach

    def after(self, status, output):
        if status:
            return None
        if "-j" in self.run_words:
            shown = [json.loads(line) for line in output.splitlines()]
            return None if shown and self.is_right(shown[-1]) else f"wrong: {output}"
        return None if self.text in output else f"wrong: {output}"


class Show(Reader):
    words = ("show", "dev", DEVICE)
    text = "2000/udp"

    def is_right(self, shown):
        return packets(shown) == self.peer.sent and shown["interface"] == DEVICE


class ShowAll(Show):
    words = ("show",)

    def is_right(self, shown):
        return len(shown) == 1 and super().is_right(shown[0])


class ShowPin(Show):
    """What bpftool pinned and attached: the interface is found by asking all of them."""
    words = ("show", "pin", "/sys/fs/bpf/by-hand")
    text = f"{DEVICE}: received"

    def before_all(self):
        top = "/sys/fs/bpf/by-hand"
        os.mkdir(top)
        for words in (("prog", "loadall", OBJECT, f"{top}/prog", "pinmaps", f"{top}/maps"),
                      ("net", "attach", "xdp", "pinned", f"{top}/prog/classify", "dev", DEVICE)):
            done = run("bpftool", *words)
            if done.returncode:
                raise SystemExit(f"faults: bpftool: {done.stdout}{done.stderr}")
        self.peer.sent = 0
        self.peer.send()

    def clear(self):
        run("bpftool", "net", "detach", "xdp", "dev", DEVICE)
        run("rm", "-r", "/sys/fs/bpf/by-hand")
        return nothing_left()


class List(Reader):
    words = ("list",)
    text = f"{DEVICE}          attached"

    def is_right(self, shown):
        return [each["state"] for each in shown] == ["attached"]


class Watch(Reader):
    words = ("watch", "dev", DEVICE, "interval", "0.01", "count", "2")
    text = "per second"

    def is_right(self, shown):
        return all(each["packets"] == 0 for each in shown["total"])


class Lookup(Scenario):
    kept = True
    words = ("lookup", "443/tcp")

    def after(self, status, output):
        return None if status or "https" in output else f"wrong: {output}"


class Stats(Lookup):
    def __init__(self, peer, scratch):
        super().__init__(peer, scratch)
        self.words = ("registry", "stats", f"{scratch}/one")

    def after(self, status, output):
        return None if status or "one" in output else f"wrong: {output}"


class Check(Stats):
    def __init__(self, peer, scratch):
        super().__init__(peer, scratch)
        self.words = ("registry", "check", f"{scratch}/one")


class Agent(Scenario):
    """It ends, or attaches in the end; then it ends as it is told."""
    def __init__(self, peer, scratch):
        super().__init__(peer, scratch)
        self.words = ("agent", "listen", "127.0.0.1:0", "dev", DEVICE, "registry",
                      f"{scratch}/one", "detach-on-exit")

    def before(self):
        self.peer.sent = 0

    def after(self, status, output):
        return nothing_left() if status else self.clear()


SCENARIOS = {"attach": Attach, "attach-large": AttachLarge, "attach-twice": AttachTwice,
             "detach": Detach, "clean": Clean, "reload": Reload, "take-over": TakeOver, "show": Show,
             "show-all": ShowAll, "show-pin": ShowPin, "list": List, "watch": Watch,
             "lookup": Lookup, "stats": Stats, "check": Check, "agent": Agent}
