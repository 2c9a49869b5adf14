# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Capture files of Ethernet frames, in the classic format.

What is written is as long as what was captured: a classifier at the interface sees
no more of a frame than that, and so tshark must not either.
"""

import struct

MAGIC_OF = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<",
            b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}
ETHERNET = 1
SNAP_LENGTH = 262144


class NotEthernet(Exception):
    """A capture of another link, or none at all."""


def read_frames(data):
    """The frames of a capture given as its bytes."""
    order = MAGIC_OF.get(data[:4])
    if not order:
        raise NotEthernet("no capture in pcap format")
    link = struct.unpack_from(order + "L", data, 20)[0] & 0xFFFF
    if link != ETHERNET:
        raise NotEthernet("another link than Ethernet")
    at = 24
    while at + 16 <= len(data):
        (captured,) = struct.unpack_from(order + "L", data, at + 8)
        yield data[at + 16:at + 16 + captured]
        at += 16 + captured


def write_capture(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("=LHHlLLL", 0xA1B2C3D4, 2, 4, 0, 0, SNAP_LENGTH, ETHERNET))
        for number, frame in enumerate(frames):
            file.write(struct.pack("=LLLL", number // 1000, number % 1000, len(frame), len(frame)))
            file.write(frame)
