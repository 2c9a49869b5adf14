#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What bash offers behind the words of a command.

load helper

setup() {
	# shellcheck source=/dev/null
	source "$ROOT/docs/completion/portclass.bash"
	# shellcheck disable=SC2317 # it works within a real completion only
	compopt() { :; }
	export LC_ALL=C
}

# offered WORD...: what <Tab> offers for the last of them, on one line.
offered() {
	COMP_WORDS=("$PORTCLASS" "$@")
	COMP_CWORD=$#
	_portclass
	echo "${COMPREPLY[*]}"
}

# Names of one word and the first words of others.
first_words() {
	"$PORTCLASS" help words | grep -v ^- | cut -f1 | cut -d' ' -f1 | sort -u | xargs
}

@test "commands, their second words, and the options" {
	[[ " $(offered '') " == *" attach "*" registry "*" watch "* ]]
	[ "$(offered att)" = attach ]
	[ "$(offered -)" = "-V -h -j -n -p -v" ]
	[ "$(offered registry '')" = "check diff stats" ]
	[ "$(offered registry s)" = stats ]
	[ "$(offered -j registry d)" = diff ]
	[[ " $(offered agent '') " == " check "*" listen "* ]]
}

@test "help explains commands, and nothing else" {
	[ "$(offered help '')" = "$(first_words)" ]
	[ "$(offered help sh)" = show ]
	[ "$(offered help registry '')" = "check diff stats" ]
	[ -z "$(offered help show '')" ]
	[ -z "$(offered help registry check '')" ]
}

@test "keywords and their values" {
	[ "$(offered show '')" = "all by dev limit pin" ]
	[ "$(offered show by '')" = "bytes packets port" ]
	[ "$(offered show dev l)" = lo ]
	[ "$(offered attach dev lo mode n)" = native ]
	[ -z "$(offered show limit '')" ]
	cd "$ROOT"
	[ "$(offered attach dev lo registry registry/ian)" = registry/iana.csv ]
	[[ $(offered registry check registry/ian) == *registry/iana.csv* ]]
}

@test "what can't be told is not offered: a port or a name to look up" {
	[ "$(offered lookup '')" = "ephemeral format overlay registry strict" ]
	[ -z "$(offered lookup P)" ]
	[ "$(offered lookup 443 o)" = overlay ]
}

# The completion of a shell.
completion_of() {
	case $1 in
	bash) echo "$ROOT/docs/completion/portclass.bash" ;;
	zsh) echo "$ROOT/docs/completion/_portclass" ;;
	fish) echo "$ROOT/docs/completion/portclass.fish" ;;
	esac
}

# press_tab SHELL LINE TIMES: the lines that a terminal shows then, in a scratch directory
# that is the shell's home, too.
press_tab() {
	command -v "$1" >/dev/null || skip "no $1 here (try: tools/setup.sh test)"
	# shellcheck disable=SC2016 # the shell inside expands them
	${world:+on_host} env PATH="$ROOT/build:$PATH" sh -c 'cd "$0" && exec "$@"' "$BATS_TEST_TMPDIR" \
		/usr/bin/python3 "$ROOT/tests/press_tab.py" "$1" "$(completion_of "$1")" "$2" "$3"
}

# tabbed SHELL LINE [TIMES]: the words that TAB puts behind it, in order, on one line. Where
# there is one word only, the next TAB would begin another.
tabbed() {
	press_tab "$1" "$2" "${3:-20}" | awk -v line="$2" 'substr($0, length(line) + 1) != "" {
		print substr($0, length(line) + 1) }' | sed 's/ *$//' | sort | xargs
}

same_words() {
	[ "$(tabbed "$1" 'portclass ')" = "-V -h -j -n -p -v $(first_words)" ]
	[ "$(tabbed "$1" 'portclass help ')" = "$(first_words)" ]
	[ "$(tabbed "$1" 'portclass at' 1)" = tach ]
	[ "$(tabbed "$1" 'portclass -j registry ')" = "check diff stats" ]
	[ "$(tabbed "$1" 'portclass help registry ')" = "check diff stats" ]
	[ "$(tabbed "$1" 'portclass show ')" = "all by dev limit pin" ]
	[ "$(tabbed "$1" 'portclass show by ')" = "bytes packets port" ]
	[ "$(tabbed "$1" 'portclass show by bytes li' 1)" = mit ]
	[ "$(tabbed "$1" 'portclass attach dev lo mode n' 1)" = ative ]
	[ "$(tabbed "$1" 'portclass lookup ')" = "ephemeral format overlay registry strict" ]
	[ -z "$(tabbed "$1" 'portclass show limit ')" ]
	[ -z "$(tabbed "$1" 'portclass help show ')" ]
	mkdir -p "$BATS_TEST_TMPDIR/files"
	: >"$BATS_TEST_TMPDIR/files/a.csv"
	[ "$(tabbed "$1" 'portclass attach dev lo registry files/a' 1)" = .csv ]
	[ "$(tabbed "$1" 'portclass registry check files/a' 1)" = .csv ]
	[ "$(tabbed "$1" 'portclass show pin fil' 1)" = es/ ]
}

@test "zsh offers the same words" {
	same_words zsh
}

@test "fish offers the same words" {
	same_words fish
}

@test "bash offers them on a terminal, too" {
	same_words bash
}

# Names that an interface can have and that mean something to some shell.
# shellcheck disable=SC2016 # that is the point
HOSTILE=('$(id>pwned)' '`id>pwned`' '(id>pwned)' 'a;id>pwned' 'b|id>pwned' 'c&id>pwned&' '>pwned'
	'*' '?' '[a-z]*' '~root' '${HOME}' '$HOME' '{a,b}' '=ls' '#c' '!!' '^a^b' "it's" 'a"b' 'a\b'
	'-x' '--' '@(a|b)' eth0)

# names_come_back SHELL [FILE]: what TAB puts into the line is the name again for the shell
# that reads it, and nothing was run. The names are in that file, or in `names`.
names_come_back() {
	local line reader=("$1" -c) before='portclass show dev '

	cd "$BATS_TEST_TMPDIR" || return
	[ "$1" != zsh ] || reader=(zsh -f -c)
	[ "$1" != fish ] || reader=(env HOME="$BATS_TEST_TMPDIR" fish --no-config -c)
	press_tab "$1" "$before" $(($(wc -l <names) + 2)) | sed "s/^$before//" >tabbed
	cat tabbed
	while IFS= read -r line; do
		[ -z "$line" ] || "${reader[@]}" "printf '%s\\n' $line"
	done <tabbed | sort >back
	[ ! -e pwned ]
	diff <(sort "${2:-names}") back
}

hostile_interfaces() {
	local name number=0

	world_open
	# The one that is there shows the interfaces of who mounted it.
	on_host mount -t sysfs sysfs /sys
	for name in "${HOSTILE[@]}"; do
		on_host ip link show dev "$name" >/dev/null 2>&1 ||
			on_host ip link add name "$name" type veth peer name "far$((number += 1))" netns peer
	done
	on_host ls -1 --quoting-style=literal /sys/class/net >"$BATS_TEST_TMPDIR/names"
	[ "$(grep -cxF "$(printf '%s\n' "${HOSTILE[@]}")" "$BATS_TEST_TMPDIR/names")" = "${#HOSTILE[@]}" ]
}

teardown() { world_close; }

@test "bash: an interface's name is a name, whatever a shell would make of it" {
	hostile_interfaces
	names_come_back bash
}

@test "zsh: an interface's name is a name, whatever a shell would make of it" {
	hostile_interfaces
	names_come_back zsh
}

@test "fish: an interface's name is a name, whatever a shell would make of it" {
	hostile_interfaces
	grep -v '^~' "$BATS_TEST_TMPDIR/names" >"$BATS_TEST_TMPDIR/without_tilde"
	names_come_back fish without_tilde
}

# No kernel lets an interface have those; should one do, they are names.
@test "names with blanks are names, too" {
	world_open
	on_host mount -t tmpfs none /sys/class/net
	on_host mkdir '/sys/class/net/two words' '/sys/class/net/a  b;id>pwned' /sys/class/net/eth0
	on_host touch /sys/class/net/bonding_masters
	printf '%s\n' 'two words' 'a  b;id>pwned' eth0 >"$BATS_TEST_TMPDIR/names"
	for shell in bash zsh fish; do
		names_come_back "$shell"
	done
}

@test "what was typed is not run either" {
	cd "$BATS_TEST_TMPDIR" || return
	for shell in bash zsh fish; do
		# shellcheck disable=SC2016 # that is the point
		press_tab "$shell" 'portclass show dev $(id>pwned) `id>pwned` b' 2
		[ ! -e pwned ]
	done
}
