# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# fish completion of portclass(8). What it offers is what the program says of
# itself: `portclass help words [COMMAND]`. Names are foreign: they are printed, and fish
# quotes what it puts into the line.

# The next word of the commands whose names go on behind $argv[1], of the lines that follow.
# (An empty line at the end, as `string` would read the terminal if there were none.)
function __portclass_commands
    set -l before (string escape --style=regex -- $argv[1])
    string replace -rf -- "^$before([^ \t]+)[^\t]*\t(.*)\$" '$1\t$2' $argv[2..-1] ''
end

# A tilde at the beginning is the one thing that fish 3.6 does not quote, and that would be
# expanded: such a name is to be typed.
function __portclass_interfaces
    for path in /sys/class/net/*/
        string replace -rf -- '^.*/([^~/][^/]*)/$' '$1' $path
    end
end

# What is in capitals only stands for a value: those that can be told are offered.
function __portclass_value
    switch "$argv[1]"
        case IFACE PATTERN
            __portclass_interfaces
        case FILE OLD NEW
            __fish_complete_path (commandline -ct)
        case DIR
            __fish_complete_directories (commandline -ct) ''
        case '*|*'
            string match -qr '[[:upper:]]' -- $argv[1]
            or string split -- '|' $argv[1]
    end
end

function __portclass_complete
    set -l typed (commandline -opc)
    set -l program $typed[1]
    set -l given
    for word in $typed[2..-1]
        string match -q -- '-*' $word
        or set -a given $word
    end
    set -l commands ($program help words 2>/dev/null)
    if test "$given[1]" = help
        set -e given[1]
        set commands (string match -v -- '-*' $commands '')
        __portclass_commands (string join ' ' -- $given '') $commands
        return
    end
    __portclass_commands (string join ' ' -- $given '') $commands
    set -q given[1]
    or return
    set -l table ($program help words $given 2>/dev/null)
    set -l last (string escape --style=regex -- $given[-1])
    set -l value (string replace -rf -- "^$last\t([^\t]+)\t.*" '$1' $table '')
    if set -q given[2] value[1]; and test "$value[1]" != -
        __portclass_value $value[1]
        return
    end
    set value (string replace -rf -- '^-\t([^\t]+)\t.*' '$1' $table '')
    __portclass_value $value[1]
    string replace -rf -- '^([^-\t][^\t]*)\t[^\t]*\t(.*)$' '$1\t$2' $table ''
end

complete -c portclass -f -a '(__portclass_complete)'
