#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Join all captures of Ethernet below a directory into one.

usage: join.py CAPTURE NAMES DIRECTORY

NAMES gets a line for each frame: the package and the file that it comes from. Files of
the same frames count once, those of other links and without frames not at all.
"""

import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

from pcap import NotEthernet, read_frames, write_capture

SUFFIXES = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz")


def frames_of(path):
    """The frames of a capture in any format that Wireshark knows."""
    converted = subprocess.run(["editcap", "-F", "pcap", path, "-"], check=False,
                               capture_output=True)
    if converted.returncode:
        raise NotEthernet("no capture, or one of several links")
    frames = list(read_frames(converted.stdout))
    if not frames:
        raise NotEthernet("no frame in it")
    return frames


def main(capture, names, directory):
    joined, left_out, seen = [], Counter(), set()
    root = Path(directory)
    files = [path for path in sorted(root.rglob("*")) if path.name.endswith(SUFFIXES)]
    for path in files:
        try:
            frames = frames_of(path)
        except NotEthernet as reason:
            left_out[str(reason)] += 1
            continue
        content = hashlib.sha256(b"".join(len(frame).to_bytes(4, "big") + frame
                                          for frame in frames)).digest()
        if content in seen:
            left_out["the same frames as another"] += 1
            continue
        seen.add(content)
        name = f"{path.relative_to(root).parts[0]}/{path.name}"
        joined += [(frame, name) for frame in frames]
    write_capture(capture, [frame for frame, _ in joined])
    with open(names, "w", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for _, name in joined)
    print(f"captures: {len(joined)} frames from {len(seen)} files; files left out: " +
          ", ".join(f"{count} ({reason})" for reason, count in sorted(left_out.items())))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
