#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Write the frames of a capture that a cable takes, and what each is to be counted as.

usage: sendable.py CAPTURE EXPECTED SENT SENT_EXPECTED MTU
"""

import sys

from pcap import read_frames, write_capture

ETHERNET_HEADER = 14


def main(capture, expected, sent, sent_expected, mtu):
    with open(capture, "rb") as file:
        frames = list(read_frames(file.read()))
    with open(expected, encoding="utf-8") as file:
        pairs = list(zip(frames, file.read().splitlines(), strict=True))
    fit = [(frame, verdict) for frame, verdict in pairs
           if verdict != "refused" and len(frame) <= ETHERNET_HEADER + int(mtu)]
    write_capture(sent, [frame for frame, _ in fit])
    with open(sent_expected, "w", encoding="utf-8") as file:
        file.writelines(f"{verdict}\n" for _, verdict in fit)
    refused = sum(verdict == "refused" for _, verdict in pairs)
    print(f"of {len(pairs)} frames {refused} are too short for the kernel and "
          f"{len(pairs) - len(fit) - refused} too long for the cable")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
