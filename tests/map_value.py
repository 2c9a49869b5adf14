#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Write counters into pinned maps, and read which service a slot is of.

usage: map_value.py count MAPS SERVICE/TRANSPORT/SIDE|REASON PACKETS BYTES [PACKETS BYTES]...
       map_value.py slot MAPS SLOT

A pair for each CPU from the first on, modulo 2^64; the others become zero. MAPS is a directory of
pins; the layout of the values is abi.py's.
"""
import ctypes
import re
import struct
import sys

import abi

TRANSPORTS = abi.names("transport")
REASONS = abi.names("reason")
PAGE_SLOTS = abi.constant("PAGE_SLOTS")

libbpf = ctypes.CDLL("libbpf.so.1", use_errno=True)


def possible_cpus():
    with open("/sys/devices/system/cpu/possible") as file:
        ranges = re.findall(r"(\d+)(?:-(\d+))?", file.read())
    return sum(int(last or first) - int(first) + 1 for first, last in ranges)


class MapInfo(ctypes.Structure):
    """The beginning of the kernel's struct bpf_map_info, <linux/bpf.h>."""
    _fields_ = [(name, ctypes.c_uint32)
                for name in ("type", "id", "key_size", "value_size", "max_entries")]


class Map:
    def __init__(self, path):
        self.fd = libbpf.bpf_obj_get(path.encode())
        assert self.fd >= 0, path

    def read(self, key, size):
        value = ctypes.create_string_buffer(size)
        assert libbpf.bpf_map_lookup_elem(self.fd, struct.pack("I", key), value) == 0
        return bytearray(value.raw)

    def write(self, key, value):
        value = ctypes.create_string_buffer(bytes(value), len(value))
        assert libbpf.bpf_map_update_elem(self.fd, struct.pack("I", key), value,
                                          ctypes.c_uint64(0)) == 0


def rows(maps):
    """(service, transport, first) by slot."""
    pinned = Map(f"{maps}/_data_assignments")
    info = MapInfo()
    length = ctypes.c_uint32(ctypes.sizeof(info))
    assert libbpf.bpf_obj_get_info_by_fd(pinned.fd, ctypes.byref(info), ctypes.byref(length)) == 0
    for key in range(info.max_entries):
        value = pinned.read(key, info.value_size)
        for at in range(0, info.value_size, abi.size("assignment")):
            yield (abi.text("assignment", "service", value, at),
                   TRANSPORTS[abi.get("assignment", "transport", value, at)],
                   abi.get("assignment", "first", value, at))


def patch(pinned, key, size, offset, pairs):
    cpus = possible_cpus()
    values = pinned.read(key, size * cpus)
    for cpu in range(cpus):
        pair = pairs[cpu] if cpu < len(pairs) else (0, 0)
        for member, number in zip(("packets", "bytes"), pair):
            abi.put("counter", member, values, number, cpu * size + offset)
    pinned.write(key, values)


def count(maps, what, *numbers):
    numbers = [int(number) % 2 ** 64 for number in numbers]
    pairs = list(zip(numbers[::2], numbers[1::2]))
    if what in REASONS:
        patch(Map(f"{maps}/unclassified"), REASONS.index(what), abi.size("counter"), 0, pairs)
        return
    service, transport, side = what.split("/")
    slot = [row[:2] for row in rows(maps)].index((service, transport))
    offset, _ = abi.place("traffic", side)
    patch(Map(f"{maps}/traffic"), slot // PAGE_SLOTS, abi.size("traffic_page"),
          slot % PAGE_SLOTS * abi.size("traffic") + offset, pairs)


def slot(maps, number):
    print(*list(rows(maps))[int(number)])


{"count": count, "slot": slot}[sys.argv[1]](*sys.argv[2:])
