#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Who may include whom: each layer itself and the layers before it, in one order.

usage: include_rules.py [ROOT]

What counts is all that a file gets, by way of other headers too.
"""

import fnmatch
import pathlib
import re
import sys

# A layer may include itself and what stands before it.
LAYERS = ["bpf/abi.h", "registry", "user/base", "user/http", "user/model", "user/print", "user/kernel",
          "user/agent", "user/cli"]

# What a layer may not include though it stands before: http is a web server that knows no
# portclass, and nobody but the kernel's room talks to the kernel.
NEVER = {
    "user/http": ["bpf/*", "registry/*"],
    "user/kernel": ["user/print/*", "user/http/*"],
}
KERNEL = ("<bpf/*>", "<linux/bpf.h>", "<sys/capability.h>")
TALKS_TO_KERNEL = "user/kernel"

# Doors that only their own room goes through.
PRIVATE = {
    "registry/reader.h": "registry/*",
    "user/kernel/program.h": "user/kernel/*",
    "user/kernel/swap.h": "user/kernel/*",
    "user/kernel/xdp_slot.h": "user/kernel/*",
    "user/kernel/pin_lock.h": "user/kernel/*",
}

# Outside the layers: what they may include of the project.
OTHERS = [
    ("bpf/abi.h", []),
    ("bpf/*", ["bpf/*", "vmlinux/*"]),
    ("tools/bench/*", ["*"]),
    ("tools/*", ["bpf/abi.h", "registry/*"]),
    ("tests/*", ["*"]),
]
NOWHERE = ["*.c", "*/cmd_*", "*/util.h", "*/common.h"]

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))', re.MULTILINE)
SEARCHED = ["bpf", "registry", "user", "tests", "tools/bench", "vmlinux"]


def any_match(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def layer_of(name):
    return next((layer for layer in LAYERS if name == layer or name.startswith(layer + "/")), None)


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.known = {}

    def resolve(self, included, by):
        """The file of the project that is meant, or the word as it stands: it is generated."""
        for directory in [str(pathlib.Path(by).parent), *SEARCHED]:
            if (self.root / directory / included).is_file():
                return pathlib.Path(directory, included).as_posix()
        return included

    def direct(self, name):
        path = self.root / name
        if name not in self.known:
            found = INCLUDE.findall(path.read_text()) if path.is_file() else []
            self.known[name] = [system or self.resolve(quoted, name) for quoted, system in found]
        return self.known[name]

    def all(self, name):
        """What a file gets, with the way it comes by."""
        seen, waiting = {name: ()}, [name]
        while waiting:
            at = waiting.pop()
            for included in self.direct(at):
                if included not in seen:
                    seen[included] = (*seen[at], included)
                    waiting.append(included)
        del seen[name]
        return seen


def refusal(name, included):
    """Why @name may not get @included; empty: it may."""
    layer = layer_of(name)
    if any_match(included, NOWHERE) and not included.startswith("<"):
        return "nobody includes it"
    if included in PRIVATE and not any_match(name, [PRIVATE[included], "tests/*", "tools/bench/*"]):
        return f"only {PRIVATE[included]} may"
    if included.startswith("<"):
        if layer and layer not in ("bpf/abi.h", TALKS_TO_KERNEL) and any_match(included, KERNEL):
            return f"only {TALKS_TO_KERNEL} talks to the kernel"
        return "" if name != "bpf/abi.h" or included == "<linux/types.h>" else "it is for both sides"
    if not layer:
        allowed = next(patterns for files, patterns in OTHERS if fnmatch.fnmatchcase(name, files))
        return "" if "/" not in included or any_match(included, allowed) else f"only {allowed}"
    if any_match(included, NEVER.get(layer, [])):
        return f"{layer} may not"
    before = LAYERS[:LAYERS.index(layer) + 1]
    other = layer_of(included)
    if included.split("/")[0] in ("bpf", "registry", "user", "tests", "tools") and other not in before:
        return f"it is no layer before {layer}"
    return ""


def violations(tree, name):
    for included, way in tree.all(name).items():
        # What a system header brings along, and what a room keeps for itself, is its affair.
        if len(way) > 1 and included in PRIVATE:
            continue
        why = refusal(name, included)
        if why:
            via = f" (by way of {' '.join(way[:-1])})" if len(way) > 1 else ""
            yield f"{name}: includes {included}{via}: {why}"


def circles(tree, names):
    """Headers that include themselves in the end."""
    for name in names:
        for included in tree.direct(name):
            if included == name or name in tree.all(included):
                yield f"{name}: includes itself by way of {included}"


def main(root):
    tree = Tree(root)
    names = [path.relative_to(root).as_posix() for directory in ("bpf", "registry", "user", "tools", "tests")
             for path in sorted(pathlib.Path(root, directory).rglob("*.[ch]"))]
    if not names:
        sys.exit(f"no source file below {root}")
    found = [violation for name in names for violation in violations(tree, name)]
    found += circles(tree, [name for name in names if name.endswith(".h")])
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:] or ["."]))
