#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""From samples to a table that a person reads and a JSON file that a machine compares.

usage: report.py JSON [BEFORE.json] < SAMPLES

A sample is a line of five fields, separated by tabs: what was measured, under
which condition, on which subject, the unit, the value. All of one condition were
taken in turn within one run, so it is their ratios that tell something.
"""
import collections
import json
import os
import statistics
import sys

# What is hoped for: name, value, unit of measure ("": a ratio), the most it may be.
AIMS = [
    ("frame zipf/1024: call and portclass / call and parse_only",
     lambda f: f.call("zipf/1024", "portclass") / f.call("zipf/1024", "parse_only"), 1.25),
    ("frame mixed/1024: call and portclass / call and parse_only",
     lambda f: f.call("mixed/1024", "portclass") / f.call("mixed/1024", "parse_only"), 1.12),
    ("frame zipf/1024: portclass / tutorial, above the empty program",
     lambda f: f.net("zipf/1024", "portclass") / f.net("zipf/1024", "tutorial"), 1 / 10),
    ("frame zipf/1024: portclass / xdp-filter, above the empty program",
     lambda f: f.net("zipf/1024", "portclass") / f.net("zipf/1024", "xdp-filter"), 1 / 18),
    ("frame: call and portclass on zipf/1024 / on one-flow/1",
     lambda f: f.call("zipf/1024", "portclass") / f.call("one-flow/1", "portclass"), 1.3),
    ("cable: CPU time with portclass / with an empty XDP program",
     lambda f: f.ratio("cable", "zipf", "portclass", "xdp_empty"), 1.10),
    ("maps: reading all counters / 12,000 single look-ups",
     lambda f: f.ratio("maps", "read", "pages", "one-by-one"), 1 / 100),
    ("maps: loading a registry / 65,536 updates",
     lambda f: f.ratio("maps", "load", "at-once", "one-by-one"), 1 / 500),
    ("command: all of `portclass show` / 12,000 single look-ups",
     lambda f: f.value("command", "show", "interfaces/1") * 1000 /
     f.value("maps", "read", "one-by-one"), 1),
    ("command: all of `portclass attach` / 4 x 65,536 single updates",
     lambda f: f.value("command", "attach", "interfaces/1") * 1000 /
     (4 * f.value("maps", "load", "one-by-one")), 1),
    ("command: `portclass attach` beside 64 interfaces / beside none",
     lambda f: f.ratio("command", "attach", "interfaces/64", "interfaces/1"), 1.25),
    ("scaling: a frame on 2 CPUs at once / on 1",
     lambda f: f.value("scaling", "cpus/2", "portclass") /
     f.value("scaling", "cpus/1", "portclass"), 1.05),
]


class Figures:
    """What was measured: {what: {condition: {subject: {...}}}}."""

    def __init__(self, figures):
        self.figures = figures

    def value(self, what, condition, subject):
        """The lower quartile: what disturbs a measurement only ever adds to it."""
        return self.figures[what][condition][subject]["lower_quartile"]

    def ratio(self, what, condition, subject, other):
        return self.value(what, condition, subject) / self.value(what, condition, other)

    def call(self, condition, subject):
        """ns of one call of the program, without the writing of the frame."""
        return self.value("frame", condition, subject) - self.value("frame", condition,
                                                                   "write-only")

    def net(self, condition, subject):
        """ns above a program that does nothing."""
        return self.value("frame", condition, subject) - self.value("frame", condition, "empty")


def read_samples(lines):
    values = collections.OrderedDict()
    for number, line in enumerate(lines, 1):
        try:
            what, condition, subject, unit, value = line.rstrip("\n").split("\t")
            values.setdefault((what, condition, subject, unit), []).append(float(value))
        except ValueError:
            sys.exit(f"report: line {number} is no sample: {line!r}")
    if not values:
        sys.exit("report: no samples")
    return values


def figures_of(values):
    figures = {}
    for (what, condition, subject, unit), samples in values.items():
        lower, middle, upper = (statistics.quantiles(samples, n=4, method="inclusive")
                                if len(samples) > 1 else samples * 3)
        figures.setdefault(what, {}).setdefault(condition, {})[subject] = {
            "unit": unit, "samples": len(samples), "least": min(samples),
            "lower_quartile": lower, "median": middle, "upper_quartile": upper,
        }
    return figures


def first_line(path, prefix=""):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(prefix):
                    return line[len(prefix):].strip(" \t:\n")
    except OSError:
        pass
    return "not known"


def environment():
    vulnerabilities = "/sys/devices/system/cpu/vulnerabilities/"
    return {
        "kernel": os.uname().release,
        "cpu": first_line("/proc/cpuinfo", "model name"),
        "cpus": os.cpu_count(),
        "returns": first_line(vulnerabilities + "spec_rstack_overflow"),
        "indirect_branches": first_line(vulnerabilities + "spectre_v2"),
    }


def aims_of(figures):
    aims = []
    for name, value, most in AIMS:
        try:
            got = value(Figures(figures))
        except KeyError:
            continue  # that part was not run
        aims.append({"name": name, "ratio": got, "aim": most, "reached": got <= most})
    return aims


def print_rows(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))))
    print()


def print_frames(conditions):
    """ns of a call, and the median's and the spread's, which tell how calm the machine was."""
    figures = Figures({"frame": conditions})
    subjects = [s for s in next(iter(conditions.values())) if s != "write-only"]
    print("ns for a frame: one call of the program (lower quartile), and above the empty one")
    rows = [["frames / how many differ"] + subjects + ["portclass / parse_only"]]
    for condition in conditions:
        rows.append([condition] + [
            f"{figures.call(condition, s):.1f} (+{max(figures.net(condition, s), 0):.1f})"
            for s in subjects
        ] + [f"{figures.call(condition, 'portclass') / figures.call(condition, 'parse_only'):.2f}"])
    print_rows(rows)


def print_others(what, conditions):
    print(what)
    rows = [["", "subject", "lower quartile", "median", "spread", "to the first"]]
    for condition, subjects in conditions.items():
        first = next(iter(subjects.values()))["lower_quartile"]
        for subject, f in subjects.items():
            spread = (f["upper_quartile"] - f["lower_quartile"]) / f["median"] if f["median"] else 0
            rows.append([condition, subject, f"{f['lower_quartile']:.1f} {f['unit']}",
                         f"{f['median']:.1f}", f"{100 * spread:.0f} %",
                         f"{f['lower_quartile'] / first:.3f}" if first else "-"])
    print_rows(rows)


def print_aims(aims, before):
    earlier = {aim["name"]: aim["ratio"] for aim in before.get("aims", [])}
    print("Aims")
    rows = [["ratio", "measured", "aim", "", "before"]]
    for aim in aims:
        rows.append([aim["name"], f"{aim['ratio']:.4f}", f"{aim['aim']:.4f}",
                     "reached" if aim["reached"] else "missed",
                     f"{earlier[aim['name']]:.4f}" if aim["name"] in earlier else "-"])
    print_rows(rows)


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        sys.exit(f"report: {path}: {error}")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    before = load(sys.argv[2]) if len(sys.argv) == 3 else {}
    figures = figures_of(read_samples(sys.stdin))
    report = {"environment": environment(), "figures": figures, "aims": aims_of(figures)}
    rounds = statistics.mode(f["samples"] for c in figures.values() for s in c.values()
                             for f in s.values())
    print(", ".join(f"{key.replace('_', ' ')}: {value}"
                    for key, value in report["environment"].items()) + f", rounds: {rounds}\n")
    for what, conditions in figures.items():
        if what == "frame":
            print_frames(conditions)
        print_others(what, conditions)
    print_aims(report["aims"], before)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
