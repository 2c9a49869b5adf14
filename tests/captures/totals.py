#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Compare what `portclass show -j` says with what a capture's frames add up to.

usage: totals.py CAPTURE EXPECTED ENTRIES ASSIGNMENTS < JSON

EXPECTED has a verdict for each frame. ENTRIES and ASSIGNMENTS are the sections
.data.registry and .data.assignments of the object: which of two ports names a frame,
and what its service is called.
"""

import json
import struct
import sys
from collections import Counter

from pcap import read_frames

TRANSPORTS = ["tcp", "udp", "sctp", "dccp"]
CLASSES = ["system", "user", "dynamic"]
STATUSES = ["assigned", "reserved", "unassigned", "dynamic"]
ASSIGNMENT = struct.Struct("=64s56sHHBBBB")
PORTS = 65536
SHOWN_MAX = 10


class Table:
    """The shipped registry as the build compiled it."""

    def __init__(self, entries, assignments):
        with open(entries, "rb") as file:
            self.entries = memoryview(file.read()).cast("I")
        with open(assignments, "rb") as file:
            self.assignments = [self.name_of(*fields)
                                for fields in ASSIGNMENT.iter_unpack(file.read())]

    @staticmethod
    def name_of(service, _aliases, first, last, transport, kind, status, _origin):
        return (service.split(b"\0")[0].decode(), TRANSPORTS[transport], first, last,
                CLASSES[kind], STATUSES[status])

    def place_of(self, verdict):
        """Where a frame is to be counted: the smaller entry names it, a tie the destination."""
        transport, *ports = verdict.split()
        if not ports:
            return ("reason", transport)
        source, destination = (self.entries[TRANSPORTS.index(transport) * PORTS + int(port)]
                               for port in ports)
        side = "from" if source < destination else "to"
        return (*self.assignments[min(source, destination) & 0xFFFF], side)


def count_frames(table, capture, expected):
    packets, size = Counter(), Counter()
    with open(capture, "rb") as frames, open(expected, encoding="utf-8") as verdicts:
        for frame, verdict in zip(read_frames(frames.read()), verdicts.read().splitlines(),
                                  strict=True):
            place = table.place_of(verdict)
            packets[place] += 1
            size[place] += len(frame)
    return {place: (count, size[place]) for place, count in packets.items()}


def places_counted(document):
    """Every counter of the document that is not 0, by its place."""
    for reason in document["unclassified"]:
        yield ("reason", reason["reason"]), reason
    for service in document["services"]:
        name = tuple(service[key] for key in ("service", "transport", "first", "last", "class",
                                              "status"))
        for side in ("to", "from"):
            if service[side]["packets"]:
                yield (*name, side), service[side]


def main(capture, expected, entries, assignments):
    wanted = count_frames(Table(entries, assignments), capture, expected)
    document = json.load(sys.stdin)
    counted = {place: (counter["packets"], counter["bytes"])
               for place, counter in places_counted(document)}
    total = sum(packets for packets, _ in wanted.values())
    wrong = [f"{place}: counted {counted.get(place, (0, 0))} instead of {wanted.get(place, (0, 0))}"
             for place in sorted(wanted.keys() | counted.keys(), key=str)
             if wanted.get(place) != counted.get(place)]
    if sum(each["packets"] for each in document["total"]) != total:
        wrong.insert(0, f"the total is {document['total']}, {total} frames were sent")
    if wrong:
        sys.exit(f"totals: {len(wrong)} wrong (packets, bytes)\n" + "\n".join(wrong[:SHOWN_MAX]))
    print(f"{total} frames in {len(wanted)} places, each as expected")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
