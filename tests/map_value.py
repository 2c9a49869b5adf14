#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Write counters into pinned maps, and read which service a slot is of.

usage: map_value.py count MAPS SERVICE/TRANSPORT/SIDE|REASON PACKETS BYTES [PACKETS BYTES]...
       map_value.py slot MAPS SLOT

A pair for each CPU from the first on, modulo 2^64; the others become zero. MAPS is a directory of
pins; the layout of the values is bpf/abi.h's.
"""
import ctypes
import re
import struct
import sys

TRANSPORTS = ["tcp", "udp", "sctp", "dccp"]
REASONS = ["truncated", "malformed", "too_deep", "fragment", "arp", "non_ip", "icmp", "other_l4"]
PAGE_SLOTS, ROW = 1024, 128

libbpf = ctypes.CDLL("libbpf.so.1", use_errno=True)


def possible_cpus():
    with open("/sys/devices/system/cpu/possible") as file:
        ranges = re.findall(r"(\d+)(?:-(\d+))?", file.read())
    return sum(int(last or first) - int(first) + 1 for first, last in ranges)


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
    info = ctypes.create_string_buffer(88)
    assert libbpf.bpf_obj_get_info_by_fd(pinned.fd, info, ctypes.byref(ctypes.c_uint32(88))) == 0
    value_size, entries = struct.unpack_from("II", info, 12)
    for key in range(entries):
        value = pinned.read(key, value_size)
        for at in range(0, value_size, ROW):
            first, _, transport = struct.unpack_from("HHB", value, at + 120)
            yield value[at:at + 64].split(b"\0")[0].decode(), TRANSPORTS[transport], first


def patch(pinned, key, size, offset, pairs):
    cpus = possible_cpus()
    values = pinned.read(key, size * cpus)
    for cpu in range(cpus):
        pair = pairs[cpu] if cpu < len(pairs) else (0, 0)
        struct.pack_into("QQ", values, cpu * size + offset, *pair)
    pinned.write(key, values)


def count(maps, what, *numbers):
    numbers = [int(number) % 2 ** 64 for number in numbers]
    pairs = list(zip(numbers[::2], numbers[1::2]))
    if what in REASONS:
        patch(Map(f"{maps}/unclassified"), REASONS.index(what), 16, 0, pairs)
        return
    service, transport, side = what.split("/")
    slot = [row[:2] for row in rows(maps)].index((service, transport))
    patch(Map(f"{maps}/traffic"), slot // PAGE_SLOTS, 32 * PAGE_SLOTS,
          slot % PAGE_SLOTS * 32 + 16 * (side == "from"), pairs)


def slot(maps, number):
    print(*list(rows(maps))[int(number)])


{"count": count, "slot": slot}[sys.argv[1]](*sys.argv[2:])
