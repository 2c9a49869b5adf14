#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Say which share of the lines was run, by directory, and hold the code that is
pure to the aim.

usage: coverage.py SUMMARY (of gcovr --json-summary)
"""

import fnmatch
import json
import sys

AIM = 95  # per cent of the lines of each of these together
PURE = {
    "registry": "registry/*.[ch]",
    "bpf/parse.h": "bpf/parse.h",
    "printers": "user/print/f*.c user/print/metrics.c user/print/sheet.c user/model/*.c user/base/json.c"
                " user/base/moment.c user/base/quantity.c user/base/port_range.c",
}
ALL = {"bpf": "bpf/*", "user": "user/*"}


def of(files, patterns):
    chosen = [file for file in files
              if any(fnmatch.fnmatchcase(file["filename"], pattern) for pattern in patterns.split())]
    return chosen, sum(file["line_covered"] for file in chosen), sum(file["line_total"] for file in chosen)


def percent(covered, total):
    return 100 * covered / total if total else 0


def main(path):
    with open(path, encoding="utf-8") as summary:
        files = json.load(summary)["files"]
    failed = False
    print(f"{'':24} {'lines':>7} {'run':>7} {'%':>6}")
    for name, patterns in {**PURE, **ALL}.items():
        chosen, covered, total = of(files, patterns)
        below = name in PURE and percent(covered, total) < AIM
        failed |= below
        print(f"{name:24} {total:7} {covered:7} {percent(covered, total):6.1f}"
              f"{f'  below {AIM}' if below else ''}")
        if name in PURE:
            for file in chosen:
                if percent(file["line_covered"], file["line_total"]) < AIM:
                    print(f"  {file['filename']:22} {file['line_total']:7} {file['line_covered']:7}"
                          f" {percent(file['line_covered'], file['line_total']):6.1f}")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
