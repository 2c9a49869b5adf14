#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Type a line into an interactive shell, press TAB once, then type it again and press TAB
twice, and so on, and print the lines that this makes of it, each once.

usage: press_tab.py bash|zsh|fish COMPLETION LINE TIMES

COMPLETION is the file of docs/completion. The shell has a home of its own, in the working
directory, and no other configuration than Debian's.
"""

import os
import pathlib
import pty
import select
import sys
import termios
import time

PATIENCE = 30
# Each sets TAB to choose one word after the other, and Ctrl-T to append the line to a file.
BASH = r"""
set +o history
PS1='ready> '
source {completion}
bind 'set bell-style none' 'set completion-ignore-case off'
bind '"\t": menu-complete'
note() {{ printf '%s\n' "$READLINE_LINE" >>{lines}; }}
bind -x '"\C-t": note'
"""
ZSH = r"""
PS1='ready> '
fpath=({directory} $fpath)
autoload -Uz compinit && compinit -u -D
setopt menu_complete no_beep
bindkey -e
note() {{ print -r -- $BUFFER >>{lines} }}
zle -N note
bindkey '^T' note
"""
FISH = r"""
function fish_prompt; echo 'ready> '; end
function fish_greeting; end
source {completion}
bind \ct 'commandline >>{lines}'
"""
SHELLS = {"bash": (BASH, ".bashrc", ["bash", "--rcfile", ".bashrc", "-i"]),
          "zsh": (ZSH, ".zshrc", ["zsh", "-i"]),
          "fish": (FISH, ".fishrc", ["fish", "--no-config", "--private", "-C", "source .fishrc"])}


class Terminal:
    """A shell on a terminal of its own, and what it printed so far."""

    def __init__(self, command, environment):
        self.said = b""
        pid, self.fd = pty.fork()
        if not pid:
            os.execvpe(command[0], command, environment)
        termios.tcsetwinsize(self.fd, (50, 200))

    def read(self, patience):
        if select.select([self.fd], [], [], patience)[0]:
            self.said += os.read(self.fd, 65536)

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                sys.exit(f"press_tab: {what}: never; it said {self.said.decode(errors='replace')!r}")
            self.read(0.02)


def main(shell, completion, line, times):
    completion = pathlib.Path(completion).resolve()
    home, lines = pathlib.Path.cwd(), pathlib.Path.cwd() / "lines"
    setup, name, command = SHELLS[shell]
    (home / name).write_text(setup.format(completion=completion, directory=completion.parent,
                                          lines=lines), encoding="utf-8")
    lines.write_bytes(b"")
    terminal = Terminal(command, {"PATH": os.environ["PATH"], "HOME": str(home), "ZDOTDIR": str(home),
                                  "TERM": "xterm", "LC_ALL": "C.UTF-8", "INPUTRC": "/dev/null"})
    terminal.wait(lambda: b"ready> " in terminal.said, "a prompt")
    for count in range(1, int(times) + 1):
        os.write(terminal.fd, line.encode() + b"\t" * count + b"\x14")
        terminal.wait(lambda enough=count: lines.read_bytes().count(b"\n") >= enough, "a line")
        os.write(terminal.fd, b"\x15")     # forget it
    os.close(terminal.fd)
    made = lines.read_text(encoding="utf-8").splitlines()
    print("\n".join(dict.fromkeys(made)))


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in SHELLS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
