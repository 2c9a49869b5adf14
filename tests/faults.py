#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Let each system call that a command makes fail, one a run, or all from one on, and
judge what the command does.

A run has to end, by itself and not by a signal; to succeed or to end with the
status that fits the error, saying what was tried; and to leave an interface that is
as it was or as it should be, with every frame counted once.

usage: faults.py PORTCLASS OBJECT SCENARIO [all], in a world with a peer (helper.bash).
Without `all`, only some of the runs: the same ones each time.
"""
import errno
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from fault_scenarios import DEVICE, END, PINS, PORTCLASS, SCENARIO, SCENARIOS, Peer, Wrong, run

ALL = sys.argv[4:] == ["all"]
ATTACHED = re.compile(f"{DEVICE}: (attached in|adopted)")

# What each call can come back with, by capabilities(7), errno(3) and its own page.
ERRORS = {
    "bpf": "EPERM ENOMEM ENOSPC EBUSY EAGAIN EINTR EMFILE",
    "mkdir": "EPERM ENOMEM ENOSPC EACCES EROFS", "rename": "EPERM ENOMEM ENOSPC EACCES",
    "unlink": "EPERM EACCES EBUSY ENOMEM", "rmdir": "EPERM EACCES EBUSY",
    "openat": "EACCES EMFILE ENOMEM EINTR", "mmap": "ENOMEM EAGAIN EPERM",
    "mremap": "ENOMEM", "munmap": "ENOMEM", "madvise": "EAGAIN", "read": "EIO EINTR",
    "pread64": "EIO", "lseek": "EINVAL", "getdents64": "EIO ENOMEM", "close": "EIO EINTR",
    "socket": "EMFILE ENOBUFS EPERM ENOMEM", "bind": "ENOMEM EPERM", "getsockname": "ENOBUFS",
    "setsockopt": "ENOMEM", "sendto": "ENOBUFS EINTR EAGAIN ENOMEM EPERM",
    "recvmsg": "ENOBUFS EINTR EAGAIN ENOMEM", "ioctl": "EPERM ENOMEM",
    "flock": "EINTR ENOLCK EAGAIN",
    "write": "ENOSPC EIO EINTR", "statfs": "EACCES EIO ENOMEM", "fstatfs": "EIO ENOMEM",
    "newfstatat": "EACCES ENOMEM EIO", "faccessat2": "EACCES EROFS ENOMEM", "access": "EACCES EIO",
    "capget": "EPERM", "capset": "EPERM", "prctl": "EPERM", "dup3": "EMFILE", "fcntl": "EMFILE",
    "poll": "EINTR ENOMEM", "signalfd4": "EMFILE ENOMEM", "epoll_create1": "EMFILE ENOMEM",
    "epoll_ctl": "ENOMEM ENOSPC", "epoll_wait": "EINTR", "inotify_init1": "EMFILE ENOMEM",
    "inotify_add_watch": "ENOSPC ENOMEM", "eventfd2": "EMFILE", "timerfd_create": "EMFILE",
    "rt_sigaction": "EINVAL", "rt_sigprocmask": "EINVAL", "sysinfo": "EFAULT", "uname": "EFAULT",
    "prlimit64": "EPERM", "socketpair": "EMFILE", "pipe2": "EMFILE", "accept4": "EMFILE",
    "listen": "EADDRINUSE", "getrandom": "EAGAIN",
}
STATUS = {"EPERM": 5, "EACCES": 5, "EBUSY": 4}
OFTEN = 60      # more occurrences of one call (libbpf reads a file by lines) are sampled
EVERY = int(os.environ.get("FAULTS_EVERY", "11"))     # run of a plan, without `all`


class Run:
    """One command with one call that fails."""

    def __init__(self, scenario, call, number, error, words, lasting=False):
        self.scenario, self.call, self.number, self.error = scenario, call, number, error
        self.words, self.lasting = words, lasting
        self.trace = f"{scenario.scratch}/trace"
        self.what = "not reached"

    def strace(self):
        return ["strace", "-f", "-qq", "-o", self.trace, "-e", f"trace={self.call}", "-e",
                f"inject={self.call}:error={self.error}:when={self.number}" +
                "+" * self.lasting, PORTCLASS]

    def go(self):
        self.scenario.run_words = self.words
        self.scenario.before()
        if SCENARIO == "agent":
            self.go_agent()
        else:
            try:
                done = run(*self.strace(), *self.words, stdin=subprocess.DEVNULL)
            except subprocess.TimeoutExpired:
                return "it never ended"
            self.status, self.output, self.said = done.returncode, done.stdout, done.stderr
        with open(self.trace) as file:
            injected = [line for line in file if "(INJECTED)" in line]
        if injected:
            self.what = re.sub(r"^\d+ +", "", injected[0]).strip()[:90]
        wrong = self.judge_status()
        # What goes on failing can't be cleaned up after: the next detach can.
        if self.lasting and self.status and SCENARIO.startswith("attach") and \
                not self.scenario.kept:
            return self.scenario.clear() or wrong
        wrong = self.scenario.after(self.status, self.output) or wrong
        # The empty directory that it could not remove does no harm, and the next one does.
        if wrong == f"left: {PINS}" and self.what.startswith(f'rmdir("{PINS}")'):
            os.rmdir(PINS)
            return None
        return wrong

    def go_agent(self):
        log = open(f"{self.scenario.scratch}/log", "w+")
        agent = subprocess.Popen([*self.strace(), *self.words], stdout=log, stderr=log,
                                 stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 8
        while agent.poll() is None and time.monotonic() < deadline:
            if ATTACHED.search(open(log.name).read()):
                break
            time.sleep(0.02)
        attached = ATTACHED.search(open(log.name).read())
        if agent.poll() is None:
            children = run("pgrep", "-P", str(agent.pid)).stdout.split()
            for child in children:
                os.kill(int(child), signal.SIGTERM)
        try:
            agent.wait(END)
        except subprocess.TimeoutExpired:
            for child in run("pgrep", "-P", str(agent.pid)).stdout.split():
                os.kill(int(child), signal.SIGKILL)
            agent.wait()
        self.status, self.output = agent.returncode, ""
        self.said = open(log.name).read()
        if not self.status and not attached:
            self.said += "faults: never attached"
            self.status = -1

    def judge_status(self):
        if self.status < 0 or self.status > 6:
            return f"status {self.status}: {self.said}"
        if not self.status:
            return None
        if self.status not in (2, STATUS.get(self.error, 2)) and not (
                SCENARIO == "attach-twice" and self.status == 4) and not (
                self.status == 6 and "it can't be read" in self.said + self.output) and not (
                self.status == 1 and "/agent.conf" in self.said + self.output):
            return f"status {self.status} of {self.error}: {self.said}{self.output}"
        return self.judge_words()

    def judge_words(self):
        """On standard error; as an object on standard output if it can be written."""
        words = [line for line in self.said.splitlines() if line.startswith("portclass: ")]
        if "-j" in self.words and self.call != "write":
            try:
                failure = json.loads(self.output.splitlines()[-1])["error"]
            except (ValueError, IndexError, KeyError, TypeError):
                return f"no failure in the JSON: {self.output}{self.said}"
            if failure["status"] != self.status:
                return f"status {self.status} is not that of {failure}"
            words = ["portclass: " + failure["message"]]
        elif self.call == "write" and (self.lasting or self.what.startswith("write(2")):
            return None     # its last words are what failed
        bare = "portclass: " + os.strerror(getattr(errno, self.error))
        if not words or words[-1] == bare:
            return f"it does not say what failed: {self.said}{self.output}"
        return None


def occurrences(scenario):
    """The calls of a run in which nothing fails, from the end of the loader's work on."""
    trace = f"{scenario.scratch}/trace"
    whole = Run(scenario, "all", 1, "ENOSYS", scenario.words)
    whole.strace = lambda: ["strace", "-f", "-qq", "-o", trace, "-e",
                            "trace=" + ",".join(sorted(ERRORS)), PORTCLASS]
    wrong = whole.go()
    if SCENARIO == "attach-twice":
        wrong = None
    if wrong:
        raise SystemExit(f"faults: {scenario.words} fails by itself: {wrong}")
    counts, first, loading = {}, {}, True
    with open(trace) as file:
        lines = [re.sub(r"^\d+ +", "", line) for line in file]
    last_library = max(i for i, line in enumerate(lines) if ".so" in line and
                       line.startswith("openat") and "/proc/" not in line)
    for i, line in enumerate(lines):
        call = line.split("(")[0]
        if call not in ERRORS:
            continue
        counts[call] = counts.get(call, 0) + 1
        if loading:
            first[call] = counts[call] + 1
        if i > last_library and call == "munmap":
            loading = False
    return {call: range(first.get(call, 1), count + 1) for call, count in counts.items()}


def is_asked_again(call, error):
    """For ever, and rightly so: it does not last, or something comes in the end."""
    return error == "EINTR" or (call, error) == ("recvmsg", "EAGAIN")


def plan(numbers):
    """Each occurrence with each error, once and from then on; or some of these runs."""
    turn = 0
    for call, when in sorted(numbers.items()):
        errors = ERRORS[call].split()
        when = list(when)
        if len(when) > OFTEN:
            step = len(when) // OFTEN + 1
            when = when[:10] + when[10:-10:step] + when[-10:]
        for number in when:
            for error, lasting in [(error, lasting) for error in errors
                                   for lasting in (False, True)]:
                if lasting and (is_asked_again(call, error) or SCENARIO == "agent"):
                    continue
                turn += 1
                if ALL or turn % EVERY == 0:
                    yield call, number, error, lasting, turn // (1 if ALL else EVERY)


def main():
    peer = Peer()
    tally = {"runs": 0, "not reached": 0, "succeeded": 0, "failed as they should": 0, "WRONG": 0}
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        scenario = SCENARIOS[SCENARIO](peer, scratch)
        if hasattr(scenario, "before_all"):
            scenario.before_all()
        for call, number, error, lasting, turn in plan(occurrences(scenario)):
            words = scenario.words
            if turn // 2 % 2 and SCENARIO != "agent":
                words = ("-j", *words)
            this = Run(scenario, call, number, error, words, lasting)
            tally["runs"] += 1
            try:
                wrong = this.go()
            except Wrong as caught:
                wrong = str(caught)
            if wrong:
                tally["WRONG"] += 1
                when = f"{number}{'+' * lasting}"
                rows.append(f"{call:12} {when:5} {error:8} {this.what}\n    {wrong.strip()}")
                if not scenario.kept and SCENARIO != "reload":
                    scenario.clear()
            elif this.what == "not reached":
                tally["not reached"] += 1
            else:
                tally["failed as they should" if this.status else "succeeded"] += 1
        left = scenario.clear()
    for row in rows:
        print(row)
    print(f"{SCENARIO}: " + ", ".join(f"{count} {name}" for name, count in tally.items()))
    if left:
        print(f"{SCENARIO}: {left}")
    sys.exit(1 if tally["WRONG"] or left else 0)


main()
