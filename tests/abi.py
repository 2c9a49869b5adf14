#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""The layout of the maps' values: structs as the compiler laid them out, by the BTF of
build/portclass.bpf.o, constants and the names of enums as bpf/abi.h has them.

usage: abi.py size STRUCT
       abi.py constant NAME
       abi.py count ENUM                      how many values it has
       abi.py pack STRUCT [MEMBER=VALUE]...   its bytes as bpftool wants them
"""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read_header():
    with open(f"{ROOT}/bpf/abi.h", encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)


def read_types():
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    dump = subprocess.run(["bpftool", "-j", "btf", "dump", "file", f"{ROOT}/build/portclass.bpf.o"],
                          env={**os.environ, "PATH": path}, check=True, capture_output=True)
    return {each["id"]: each for each in json.loads(dump.stdout)["types"]}


HEADER = read_header()
TYPES = read_types()
STRUCTS = {each["name"]: each for each in TYPES.values() if each["kind"] == "STRUCT"}


def constant(name):
    return int(re.search(rf"^#define {name}\s+(\d+)\s*$", HEADER, re.M)[1])


def names(enum):
    """REASON_TOO_DEEP of `enum reason` is too_deep; its number is its place."""
    body = re.search(rf"^enum {enum} {{(.*?)}}", HEADER, re.M | re.S)[1]
    found = re.findall(rf"^\s*{enum.upper()}_(\w+),", body, re.M)
    return [name.lower() for name in found[:found.index("MAX")]]


def size_of_type(number):
    kind = TYPES[number]
    if kind["kind"] == "ARRAY":
        return kind["nr_elems"] * size_of_type(kind["type_id"])
    return kind["size"] if "size" in kind else size_of_type(kind["type_id"])


def size(struct):
    return STRUCTS[struct]["size"]


def place(struct, member):
    """(offset, size) of a member."""
    found = next(each for each in STRUCTS[struct]["members"] if each["name"] == member)
    return found["bits_offset"] // 8, size_of_type(found["type_id"])


def get(struct, member, value, at=0):
    """A number of the struct that begins `at` such a place in bytes."""
    offset, length = place(struct, member)
    return int.from_bytes(value[at + offset:at + offset + length], sys.byteorder)


def text(struct, member, value, at=0):
    offset, length = place(struct, member)
    return bytes(value[at + offset:at + offset + length]).split(b"\0")[0].decode()


def put(struct, member, value, new, at=0):
    """Set a number, or a text, which may fill its member without a NUL."""
    offset, length = place(struct, member)
    packed = new.encode().ljust(length, b"\0") if isinstance(new, str) else new.to_bytes(length, sys.byteorder)
    assert len(packed) == length, f"{member} has {length} bytes"
    value[at + offset:at + offset + length] = packed


def pack(struct, *members):
    value = bytearray(size(struct))
    for name, new in (member.split("=", 1) for member in members):
        put(struct, name, value, int(new) if new.isdigit() else new)
    return value


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("size", "constant", "count", "pack"):
        sys.exit(__doc__)
    print(*{"size": lambda struct: [size(struct)], "constant": lambda name: [constant(name)],
            "count": lambda enum: [len(names(enum))], "pack": pack}[sys.argv[1]](*sys.argv[2:]))
