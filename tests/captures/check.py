#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Compare what portclass says of each frame of a capture with what tshark does.

usage: check.py CAPTURE VERDICTS EXPECTED [NAMES [every-rule]]

VERDICTS has a line for each frame, as verdicts.c prints it; NAMES says where each comes
from, see hard_cases.py and join.py. EXPECTED gets what each is to be counted as. It
fails if a frame differs that disagreements.py does not explain or, with every-rule, if
a rule there explains none of them.
"""

import sys
from collections import Counter

from disagreements import RULES
from dissection import dissect, verdict_of
from pcap import read_frames

SHOWN_MAX = 10


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


class Comparison:
    def __init__(self):
        self.expected, self.wrong = [], []
        self.explained = Counter()

    def add(self, frame, verdict, data, name, twin):
        expected = verdict_of(frame)
        if expected != verdict:
            rule = next((rule for rule in RULES if rule.about(frame, name)), None)
            if rule:
                expected = rule.demands(frame, data, twin)
                self.explained[rule.words] += 1
        if expected != verdict:
            self.wrong.append(f"frame {frame.number} ({name}): counted as "
                              f"{verdict} instead of {expected}; tshark: {':'.join(frame.layers)}")
        self.expected.append(expected)

    def say(self, verdicts):
        kinds = Counter(verdict.split()[0] for verdict in verdicts)
        print(f"{len(verdicts)} frames: " +
              ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
        for words, count in self.explained.items():
            print(f"  {count} differ: {words}")


def unused(explained):
    return [f"no frame shows it any more: {rule.words}" for rule in RULES
            if not explained[rule.words]]


def main(capture, verdicts_path, expected_path, names_path=None, every_rule=None):
    comparison = Comparison()
    verdicts = lines_of(verdicts_path)
    names = lines_of(names_path) if names_path else [capture] * len(verdicts)
    with open(capture, "rb") as file:
        frames = list(read_frames(file.read()))
    if not len(frames) == len(verdicts) == len(names):
        sys.exit(f"check: {len(frames)} frames, {len(verdicts)} verdicts, {len(names)} names")
    twin = None
    for frame, verdict, data, name in zip(dissect(capture), verdicts, frames, names, strict=True):
        comparison.add(frame, verdict, data, name, twin)
        twin = frame
    with open(expected_path, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in comparison.expected)
    comparison.say(verdicts)
    wrong = comparison.wrong + (unused(comparison.explained) if every_rule else [])
    if wrong:
        sys.exit(f"check: {len(wrong)} wrong\n" + "\n".join(wrong[:SHOWN_MAX]))


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5, 6) or sys.argv[5:] not in ([], ["every-rule"]):
        sys.exit(__doc__)
    main(*sys.argv[1:])
