#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Write IANA's CSV as its page or its plain text edition would have it.

usage: editions.py html|text FILE.csv
"""
import csv
import html
import re
import sys
import textwrap

# Columns of the plain text: how wide, whether centred, the lines of the heading.
COLUMNS = (
    (15, False, ("Service Name",)), (11, True, ("Port Number",)),
    (9, True, ("Transport", "Protocol")), (28, False, ("Description",)),
    (48, False, ("Assignee",)), (48, False, ("Contact",)),
    (12, False, ("Registration", "Date")), (12, False, ("Modification", "Date")),
    (20, False, ("Reference",)), (10, True, ("Service", "Code")),
    (12, False, ("Unauthorized", "Use", "Reported")), (60, False, ("Assignment", "Notes")),
)
FRONT = "Service Name and Transport Protocol Port Number Registry"
DATE = "2026-02-13"


def html_cell(text):
    text = html.escape(text).replace("\n", "<br />")
    text = re.sub(r"\[(RFC\d+)\]", r'[<a href="http://www.iana.org/go/\1">\1</a>]', text)
    return f'          <td align="center">{text}</td>'


def write_html(header, rows):
    print('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd">')
    print(f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>{FRONT}</h1>')
    print(f"<dl><dt>Last Updated</dt>\n<dd>{DATE}</dd></dl>\n<table class=\"sortable\"><thead><tr>")
    print("\n".join(f"<th>{name}</th>" for name in header), "</tr></thead><tbody>", sep="\n")
    for row in rows:
        print("        <tr>", *map(html_cell, row), "        </tr>", sep="\n")
    print("</tbody></table><table><tr><th>ID</th><th>Name</th></tr></table></body></html>")


def wrapped(text, width):
    lines = []
    for part in text.split("\n") if text else ():
        lines += textwrap.wrap(part, width, break_long_words=False,
                               break_on_hyphens=False) or [""]
    return lines


# A cell of fewer lines than its row stands in the middle of it.
def write_lines(cells):
    height = max(1, *map(len, cells))
    for line in range(height):
        texts = []
        for cell, (width, centred, _) in zip(cells, COLUMNS):
            above = (height - len(cell)) // 2
            text = cell[line - above] if 0 <= line - above < len(cell) else ""
            texts.append(text.center(width) if centred else text.ljust(width))
        print(" ".join(texts).rstrip())


def write_text(_, rows):
    print(f"   {FRONT}\n\n   Last Updated\n           {DATE}\n\n   Note\n\n Service names\n")
    write_lines([heading for _, _, heading in COLUMNS])
    for row in rows:
        write_lines([wrapped(cell, width) for cell, (width, _, _) in zip(row, COLUMNS)])
    print("\n                 People\n\n     ID      Name\n[A]       A   80 tcp")


def main():
    with open(sys.argv[2], newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    {"html": write_html, "text": write_text}[sys.argv[1]](header, rows)


main()
