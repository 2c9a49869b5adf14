#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Who may include whom: the table of ARCHITECTURE.md, for files as they are.

usage: include_rules.py [ROOT]

It is about what a file includes itself, not about what comes with that.
"""

import fnmatch
import pathlib
import re
import sys

REGISTRY = "arena alias_sets diagnostics difference port_table registry resolution slots statistics text"
KERNEL = "<bpf/*> <linux/bpf.h>"
PINNED = ("pin.h pins.h pin_root.h pin_lock.h datapath.h program.h swap.h xdp_slot.h xdp_query.h"
          " series_pin.h")

# Files, except; "only" or "never"; what they include. `only` is about our own headers
# unless the row has one in <>.
RULES = [
    ("bpf/abi.h", "", "only", "<linux/types.h>"),
    ("bpf/maps.h bpf/parse.h", "", "only", "shipped.h <stdbool.h> <stddef.h>"),
    ("bpf/*.bpf.c", "", "only", "vmlinux.h abi.h parse.h maps.h <bpf/*>"),
    ("registry/*", "", "only", "abi.h reader.h " + " ".join(name + ".h" for name in REGISTRY.split())),
    ("registry/*", "", "never", KERNEL),
    ("*", "registry/*", "never", "reader.h"),
    ("*", "user/program.c", "never", "*.skel.h"),
    ("user/*", "user/program.c user/datapath.c user/swap.c", "never", "program.h"),
    ("user/*", "user/datapath.c user/swap.c", "never", "swap.h"),
    ("user/*", "user/datapath.c user/xdp_slot.c", "never", "xdp_slot.h"),
    ("user/cmd_*", "", "never", KERNEL + " program.h swap.h xdp_slot.h pin_lock.h"),
    ("user/format_* user/findings_json.c user/metrics.* user/sheet.* user/table.* user/quantity.*"
     " user/ranking.* user/json.* user/snapshot_sums.c", "", "never", KERNEL + " " + PINNED),
    ("user/http* user/scrape.* user/series.* user/page.*", "", "never", KERNEL + " " + PINNED),
    ("tools/*", "tools/bench/*", "only",
     "abi.h " + " ".join(name + ".h" for name in REGISTRY.split())),
    ("user/* registry/* bpf/* tests/*", "", "never", "bench.h driver.h workloads.h"),
    ("*", "", "never", "cmd_* *.c util.h common.h"),
]

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))', re.MULTILINE)


def any_match(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns.split())


def breaks(included, kind, patterns):
    if kind == "never":
        return any_match(included, patterns)
    if included.startswith("<") and "<" not in patterns:
        return False
    return not any_match(included, patterns)


def violations(name, text):
    for quoted, system in INCLUDE.findall(text):
        included = system or quoted.rsplit("/", 1)[-1]
        for files, exempt, kind, patterns in RULES:
            if any_match(name, files) and not any_match(name, exempt) and breaks(included, kind, patterns):
                yield f"{name}: includes {included}; {files} may include {kind}: {patterns}"


def main(root):
    files = [path for directory in ("bpf", "registry", "user", "tools", "tests")
             for path in sorted(pathlib.Path(root, directory).rglob("*.[ch]"))]
    if not files:
        sys.exit(f"no source file below {root}")
    found = [violation for path in files
             for violation in violations(path.relative_to(root).as_posix(), path.read_text())]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:] or ["."]))
